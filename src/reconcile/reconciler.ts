import type { AuditWriter } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import { minutesAfter, secondsAfter, secondsBetween } from '../clock.ts';
import { passSpacingSeconds } from '../lease/endpoint-record.ts';
import type { EndpointRecord } from '../lease/endpoint-record.ts';
import type { EndpointStore, LoadedEndpoint, PassKey } from '../lease/endpoint-store.ts';
import { PassLostError } from '../lease/endpoint-store.ts';
import type { Termination } from '../lease/hold.ts';
import type { PauseStore } from '../lease/pause-store.ts';
import type { Log } from '../log.ts';
import type { UsageRecorder } from '../usage/usage-recorder.ts';
import type { CatalogueStore, EndpointListing, ScheduleRun } from '../vpn/catalogue.ts';
import type { ClientVpn } from '../vpn/client-vpn.ts';
import type { Endpoint } from '../vpn/endpoint.ts';
import { isManaged } from '../vpn/endpoint.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { AwsProblem } from '../vpn/observation.ts';
import { createActor } from './act.ts';
import type { Acted } from './act.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { findingsOf } from './findings.ts';
import { createNews } from './news.ts';
import type { Audience } from './news.ts';
import { createPassAudit } from './pass-audit.ts';
import { problemOf } from './pausing.ts';
import type { PassReport, RunReport } from './pass-report.ts';
import { createReader } from './reader.ts';
import type { Reading } from './reader.ts';
import { createTerminator } from './terminations.ts';
import { connectionsInUse } from './traffic.ts';
import { usageContext } from './usage-context.ts';

/** Makes true what leases ask for: one look at an endpoint, one decision, one kind of act. */
export interface Reconciler {
  /**
   * Passes an endpoint if a pass is due and nobody else is at it, which is decided in the store: it
   * may be called as often as one likes, from as many processes as there are.
   */
  pass(endpointId: EndpointId): Promise<PassResult>;

  /**
   * The schedule's run: lists the endpoints, then passes every managed one. One that fails does not
   * stop the others.
   *
   * @throws {AggregateError} at the end, with everything that failed, what AWS has refused included,
   *   so that alarms fire
   */
  passAll(): Promise<void>;

  /** Lists the managed endpoints again, if no other process is at it. */
  refreshCatalogue(): Promise<void>;
}

export type PassResult =
  /** Not due, or somebody else is at it. */
  | { readonly kind: 'not-taken' }
  | { readonly kind: 'passed' }
  /** Recorded like any other, but AWS has not let it do, or see, what it should. */
  | { readonly kind: 'failed'; readonly problem: AwsProblem };

export interface ReconcilerDependencies {
  readonly clientVpn: ClientVpn;
  readonly endpoints: EndpointStore;
  readonly catalogue: CatalogueStore;
  readonly pauses: Pick<PauseStore, 'get'>;
  readonly audit: AuditWriter;
  readonly usage: UsageRecorder;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  /** Those who are told; nobody, unless given. */
  readonly audience?: Audience | null;
  /** Told of every pass that was recorded; a dry run records none. Must not throw. */
  readonly onPassed?: (report: PassReport) => void;
  /** Told of every run of the schedule that could list the endpoints. Must not throw. */
  readonly onRan?: (report: RunReport) => void;
  /**
   * - `portal`: takes up what people ask for, and never disassociates anything;
   * - `schedule`: all of it;
   * - `dry-run`: the schedule that reads, decides and logs what it would do, and changes nothing: no
   *   endpoint in AWS, and of its own records none but when it last ran.
   */
  readonly mode: 'portal' | 'schedule' | 'dry-run';
}

/** Longer than any pass lasts: a process that dies in one keeps the others away no longer. */
const claimSeconds = 30;
/** A pass that has taken this long starts nothing new: its claim may be gone by the time AWS hears. */
const actWithinSeconds = 20;
const catalogueClaimSeconds = 15;
const concurrentPasses = 4;
/** AWS works on something else for a moment. For so long it keeps an endpoint on, at its price. */
const busyIsTroubleAfterMinutes = 5;

export function createReconciler(deps: ReconcilerDependencies): Reconciler {
  const { audience = null, audit, catalogue, clientVpn, clock, endpoints, log, mode } = deps;
  const act = createActor(deps);
  const reader = createReader(deps);
  const news = createNews({ audience, endpoints, clock, log });
  const terminator = createTerminator({ clientVpn, clock, log, mayEnd: mode === 'schedule' });

  async function claim(pass: PassKey, at: Date): Promise<LoadedEndpoint | null> {
    const record = await endpoints.claimPass({
      ...pass,
      at,
      claimedUntil: secondsAfter(at, claimSeconds),
      notIfPassedSince: secondsAfter(at, -passSpacingSeconds),
    });
    if (record === null) return null;
    // The leases after the record: a request stores its lease first and raises the revision after,
    // so one that is missing here raises it beyond the one that the intent to stop insists on.
    const { leases } = await endpoints.load(pass.endpointId);
    return { record, leases };
  }

  async function passEndpoint(
    endpointId: EndpointId,
    readEndpoint: () => Promise<Endpoint | null>,
  ): Promise<PassResult> {
    const pass: PassKey = { endpointId, passId: deps.newId() };
    const startedAt = clock.now();
    const claimed = await claim(pass, startedAt);
    if (claimed === null) return { kind: 'not-taken' };
    const reading = await reader.read(claimed, readEndpoint);
    if (reading === null) {
      log.warn({ endpointId }, 'endpoint is gone or no longer managed');
      await news.deliver(endpointId, claimed.record.events);
      return { kind: 'passed' };
    }
    const { record } = claimed;
    const { observation, subnetCheck } = reading;
    const silentMinutes = reading.policy.ok ? reading.policy.policy.silentMinutes : null;
    const now = clock.now();
    const deadline = secondsAfter(startedAt, actWithinSeconds);
    const requestIds: string[] = [];
    const decided = decideOn(claimed, reading, now);
    const written = createPassAudit({ audit, clock, actor: { id: mode, name: mode }, record });
    try {
      await written.begin(decided);
      const acted = await act({
        pass,
        record,
        decision: decided,
        countInUse: (connections) =>
          connectionsInUse(connections, record.traffic, silentMinutes, clock.now()).length,
        deadline,
        onAccepted: ({ requestId }) => requestIds.push(requestId),
      });
      await written.end(decided, acted.outcome, requestIds);
      const ended = await terminator.carryOut(record, observation, deadline, written);
      const terminations = ended.open;
      // Not beside a change, nor in the first passes of a deployment, which come all at once: AWS
      // answers only so many calls in a minute.
      const mayCount =
        mode === 'schedule' && acted.outcome === 'nothing-to-do' && record.lastPass !== null;
      const rulesCheck = mayCount
        ? await reader.countRules(record, observation)
        : record.rulesCheck;
      const decision = sooner(acted.decision, terminations, now);
      const { policy } = reading;
      const latestHour = policy.ok ? policy.policy.latestHour : null;
      const context = usageContext(claimed, acted, now, latestHour);
      const usage = observation.complete
        ? await deps.usage.record(record.usage, observation, context)
        : record.usage;
      const report = news.of({
        passId: pass.passId,
        now,
        record,
        name: policy.ok ? policy.policy.name : policy.name,
        observation,
        decision,
        intent: acted.intent,
        startedBy: context.startedBy,
        ended: ended.ended,
      });
      const found = findingsOf({
        now,
        record,
        observation,
        decision,
        intent: acted.intent,
        subnetCheck,
        rulesCheck,
        terminations,
        usage,
        silentMinutes,
        report,
      });
      await endpoints.recordPass(pass, found);
      deps.onPassed?.({ before: record, decided, found });
      logPass(endpointId, claimed, decision, acted.outcome, startedAt);
      await news.deliver(endpointId, [...record.events, ...report.events]);
      const unwritten = written.failure();
      if (unwritten !== null) throw new Error('writing the audit of a pass', { cause: unwritten });
      return resultAfter(isBusyForLong(record, now), [
        acted.outcome === 'failed' ? acted.problem : null,
        observation.complete ? ended.problem : observation.problem,
        problemOf(reading.pausing),
      ]);
    } catch (error) {
      if (!(error instanceof PassLostError)) throw error;
      // Whoever came first has a newer view; what this pass asked of AWS, the next one finds.
      log.info({ endpointId, doing: error.message }, 'pass given up');
      return { kind: 'passed' };
    }
  }

  /** Decides as the schedule would, and says so; nothing is claimed, so nothing is kept from others. */
  async function rehearse(
    endpointId: EndpointId,
    readEndpoint: () => Promise<Endpoint | null>,
  ): Promise<PassResult> {
    const startedAt = clock.now();
    const loaded = await endpoints.load(endpointId);
    const reading = await reader.read(loaded, readEndpoint);
    if (reading === null) return { kind: 'passed' };
    const decision = decideOn(loaded, reading, clock.now());
    logPass(endpointId, loaded, decision, 'dry-run', startedAt);
    const { observation } = reading;
    return resultAfter(false, [
      observation.complete ? null : observation.problem,
      problemOf(reading.pausing),
    ]);
  }

  const passOnce = mode === 'dry-run' ? rehearse : passEndpoint;

  function decideOn({ leases, record }: LoadedEndpoint, reading: Reading, now: Date): Decision {
    return decide({
      now,
      policy: reading.policy,
      record,
      leases,
      observation: reading.observation,
      subnetProblems: reading.subnetCheck?.problems ?? [],
      pausing: reading.pausing,
      mayDisassociate: mode !== 'portal',
      newStartId: deps.newId(),
    });
  }

  async function listManaged(run: ScheduleRun | null): Promise<EndpointListing> {
    const readAt = clock.now();
    const listed = await clientVpn.listEndpoints();
    const listing = { readAt, endpoints: listed.filter(isManaged) };
    await catalogue.put(listing, run);
    return listing;
  }

  function logPass(
    endpointId: EndpointId,
    { record }: LoadedEndpoint,
    decision: Decision,
    outcome: Acted['outcome'] | 'dry-run',
    startedAt: Date,
  ): void {
    const { action, reason, state } = decision;
    const fields = {
      endpointId,
      state,
      before: record.lastPass?.state ?? null,
      reason: reason.code,
      ...('problem' in reason ? { problem: reason.problem } : {}),
      action: action.kind,
      ...(action.kind === 'disassociate' ? { because: action.because } : {}),
      outcome,
      lookAgainAt: decision.lookAgainAt.toISOString(),
      seconds: secondsBetween(startedAt, clock.now()),
    };
    log.info(fields, outcome === 'dry-run' ? 'pass, as it would be' : 'pass');
  }

  return {
    pass: (endpointId) => passOnce(endpointId, () => clientVpn.findEndpoint(endpointId)),

    async passAll() {
      const startedAt = clock.now();
      const listing = await listManaged({ at: startedAt, dryRun: mode === 'dry-run' });
      const failures: Error[] = [];
      const waiting = [...listing.endpoints];
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const endpoint = next;
          const passing = `passing the endpoint ${endpoint.id}`;
          try {
            const result = await passOnce(endpoint.id, () => Promise.resolve(endpoint));
            if (result.kind === 'failed') {
              const { code, message, operation } = result.problem;
              failures.push(new Error(`${passing}: ${operation}: ${code}: ${message}`));
            }
          } catch (error) {
            failures.push(new Error(passing, { cause: error }));
          }
        }
      };
      await Promise.all(Array.from({ length: concurrentPasses }, worker));
      deps.onRan?.({
        passed: listing.endpoints.length - failures.length,
        failed: failures.length,
        seconds: secondsBetween(startedAt, clock.now()),
      });
      if (failures.length > 0) {
        throw new AggregateError(failures, `${failures.length} endpoints could not be passed`);
      }
    },

    async refreshCatalogue() {
      const at = clock.now();
      const claimedUntil = secondsAfter(at, catalogueClaimSeconds);
      if (await catalogue.claimListing({ at, claimedUntil })) await listManaged(null);
    },
  };
}

/** AWS being busy for a moment is in the nature of things; the rest is somebody's to know. */
function resultAfter(isBusyForLong: boolean, problems: readonly (AwsProblem | null)[]): PassResult {
  const problem =
    problems.find((each) => each !== null && (isBusyForLong || each.kind !== 'busy')) ?? null;
  return problem === null ? { kind: 'passed' } : { kind: 'failed', problem };
}

/**
 * Whether a pass that finds AWS busy is not the first of them: nothing could be read completely for
 * some minutes, nor in the pass before, or a stop that was begun has not come to its end.
 */
function isBusyForLong({ intent, lastPass, stateSince }: EndpointRecord, now: Date): boolean {
  const unreadSince =
    lastPass?.reason.code === 'reading-incomplete' ? (lastPass.seen?.at ?? stateSince) : null;
  const stoppingSince = intent.kind === 'stop' ? intent.since : null;
  return [unreadSince, stoppingSince].some(
    (since) => since !== null && minutesAfter(since, busyIsTroubleAfterMinutes) <= now,
  );
}

/** A wish that the schedule alone may fulfil is due when the schedule comes next. */
function sooner(decision: Decision, terminations: readonly Termination[], now: Date): Decision {
  if (terminations.length === 0) return decision;
  return { ...decision, lookAgainAt: secondsAfter(now, passSpacingSeconds) };
}
