import { StoreError } from '../../src/errors.ts';
import type { TableCall, TableRequest } from '../fakes/memory-stores.ts';
import type { Agenda } from './agenda.ts';
import type { Call, Ec2Request, SimulatedProcess, Step } from './call.ts';
import { judge } from './weather.ts';
import type { Fault, WeatherRates } from './weather.ts';

/** What an effect answers: of a reading, with the time of the state that it tells. */
export interface Effect<Answer> {
  readonly answer: Answer;
  readonly asOf: number;
}

/**
 * Every call of every process passes here. It is decided when the call takes effect, when its answer
 * arrives, and what goes wrong; between the three, whatever else is due happens first.
 */
export interface Gate {
  ec2<Answer>(
    process: SimulatedProcess,
    request: Ec2Request,
    effect: (staleMs: number) => Effect<Answer>,
  ): Promise<Answer>;
  table(process: SimulatedProcess): TableCall;
  /** Adds an entry to the audit. */
  audit(process: SimulatedProcess, effect: () => void): Promise<void>;
  /** Hands events over to those who listen. */
  publish(process: SimulatedProcess, effect: () => void): Promise<void>;
}

export interface GateDependencies {
  readonly agenda: Agenda;
  readonly rates: () => WeatherRates;
  /** What is to go wrong with this call whatever the weather; asked once for each. */
  readonly trip: (operation: Call['operation']) => Fault | null;
  readonly observe: (step: Step) => void;
  /** Something is going wrong at this moment. */
  readonly disturb: (what: string) => void;
  readonly kill: (process: SimulatedProcess) => void;
  /** A process has been given an answer, and goes on. */
  readonly wake: (process: SimulatedProcess) => void;
}

type Outcome<Answer> =
  | (Effect<Answer> & { readonly error: null })
  | { readonly answer: undefined; readonly error: unknown; readonly asOf: number };

function isSuccess<Answer>(
  outcome: Outcome<Answer>,
): outcome is Extract<Outcome<Answer>, { error: null }> {
  return outcome.error === null;
}

const ec2Changes: ReadonlySet<string> = new Set([
  'associate',
  'disassociate',
  'create-route',
  'terminate-connection',
]);
const tableReads: ReadonlySet<string> = new Set([
  'load',
  'read-lease',
  'get-catalogue',
  'get-pause',
]);

export function createGate(deps: GateDependencies): Gate {
  const { agenda, disturb, observe } = deps;

  function pass<Answer>(
    asked: Pick<Call, 'process' | 'service' | 'operation' | 'changes' | 'ec2' | 'table'>,
    effect: (staleMs: number) => Effect<Answer>,
  ): Promise<Answer> {
    const { process } = asked;
    // A dead process gets no further: what it was about to ask is never asked.
    if (!process.life.alive) return new Promise(() => undefined);
    const verdict = judge(process.random, deps.rates(), asked, deps.trip(asked.operation));
    const call: Call = { ...asked, requestedAt: agenda.now(), fault: verdict.fault };
    process.pending += 1;
    if (verdict.fault !== 'none') disturb(verdict.fault);
    observe({ kind: 'requested', call });

    return new Promise((resolve, reject) => {
      let outcome: Outcome<Answer> | null = null;
      const perform = (): void => {
        if (call.changes) observe({ kind: 'before', call });
        try {
          const { answer, asOf } = effect(verdict.staleMs);
          outcome = { answer, error: null, asOf };
        } catch (error) {
          outcome = { answer: undefined, error, asOf: agenda.now() };
        }
        const { answer, error, asOf } = outcome;
        observe({ kind: 'effect', call, answer, error, asOf });
        if (verdict.fault !== 'none') disturb(verdict.fault);
      };
      const answer = (failed: boolean): void => {
        if (verdict.fault !== 'none') disturb(verdict.fault);
        if (!process.life.alive) return;
        process.pending -= 1;
        const told: Outcome<Answer> =
          failed || outcome === null
            ? {
                answer: undefined,
                error: faultOf(verdict.fault, asked.service),
                asOf: agenda.now(),
              }
            : outcome;
        const { answer, error, asOf } = told;
        observe({ kind: 'answered', call, answer, error, asOf });
        if (isSuccess(told)) resolve(told.answer);
        else reject(told.error instanceof Error ? told.error : new Error(String(told.error)));
        deps.wake(process);
      };

      const { answerMs, effectMs, fault } = verdict;
      const late = Math.max(effectMs, answerMs);
      if (hasEffect(fault)) agenda.after(effectMs, perform);
      if (fault === 'twice') agenda.after(late, perform);
      if (fault === 'killed-before' || fault === 'killed-after') {
        agenda.after(late, () => {
          deps.kill(process);
        });
        return;
      }
      const failed = !(
        fault === 'none' ||
        fault === 'slow' ||
        fault === 'stale' ||
        fault === 'twice'
      );
      agenda.after(answerMs, () => {
        answer(failed);
      });
    });
  }

  return {
    ec2: (process, request, effect) =>
      pass(
        {
          process,
          service: 'ec2',
          operation: request.operation,
          changes: ec2Changes.has(request.operation),
          ec2: request,
          table: null,
        },
        effect,
      ),
    table: (process) => (request: TableRequest, effect) =>
      pass(
        {
          process,
          service: 'dynamodb',
          operation: request.operation,
          changes: !tableReads.has(request.operation),
          ec2: null,
          table: request,
        },
        () => ({ answer: effect(), asOf: agenda.now() }),
      ),
    audit: (process, effect) => write(process, 'append-audit', effect),
    publish: (process, effect) => write(process, 'publish-events', effect),
  };

  function write(
    process: SimulatedProcess,
    operation: 'append-audit' | 'publish-events',
    effect: () => void,
  ): Promise<void> {
    return pass(
      { process, service: 'dynamodb', operation, changes: true, ec2: null, table: null },
      () => {
        effect();
        return { answer: undefined, asOf: agenda.now() };
      },
    );
  }
}

function hasEffect(fault: Fault): boolean {
  switch (fault) {
    case 'none':
    case 'slow':
    case 'stale':
    case 'error-after':
    case 'time-out-after':
    case 'time-out-then-effect':
    case 'twice':
    case 'killed-after':
      return true;
    case 'throttled':
    case 'busy':
    case 'not-allowed':
    case 'error-before':
    case 'time-out-before':
    case 'killed-before':
      return false;
  }
}

/** As the SDK throws it. */
export function sdkError(code: string, message: string, status: number | null): Error {
  // Where it was made says nothing here, and to find out takes time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Error(message);
  Error.stackTraceLimit = stackTraceLimit;
  return Object.assign(error, {
    name: code,
    $metadata: { requestId: 'simulated', ...(status === null ? {} : { httpStatusCode: status }) },
  });
}

function faultOf(fault: Fault, service: Call['service']): Error {
  if (service === 'dynamodb') return new StoreError(`the simulated table: ${fault}`);
  switch (fault) {
    case 'throttled':
      return sdkError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    case 'busy':
      return sdkError('ConcurrentMutationLimitExceeded', 'Try again later.', 400);
    case 'not-allowed':
      return sdkError('UnauthorizedOperation', 'You are not authorized.', 403);
    case 'error-before':
    case 'error-after':
      return sdkError('InternalError', 'An internal error has occurred.', 500);
    case 'none':
    case 'slow':
    case 'stale':
    case 'twice':
    case 'killed-before':
    case 'killed-after':
    case 'time-out-before':
    case 'time-out-after':
    case 'time-out-then-effect':
      return sdkError('TimeoutError', 'Socket timed out.', null);
  }
}
