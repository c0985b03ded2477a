import type { Clock } from '../../src/clock.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { LoadedEndpoint } from '../../src/lease/endpoint-store.ts';
import { holdInEffect, wantedOn } from '../../src/lease/hold.ts';
import type { Call, SimulatedProcess, Step } from './call.ts';

/** What one pass has asked and been told so far, as seen from outside of the process. */
export interface Trail {
  readonly passId: string;
  readonly claimedAt: number;
  readonly record: EndpointRecord;
  /** Whether a hold-off stood when the pass was claimed. */
  readonly heldOff: boolean;
  /**
   * Whether somebody wanted the endpoint on, by what the table said when it was read again after
   * the intent to stop; `null` before it was.
   */
  wantedAtSecondLoad: boolean | null;
  /** The first reading of AWS that was refused, or not answered. */
  failedReading: string | null;
  /** Whether that was after the intent to stop: what came before had been read completely. */
  failedSecondLook: boolean;
  /** Whether AWS has refused to list the authorization rules, by which nothing is decided. */
  failedRules: boolean;
  /** The operations on their way on the endpoint, as AWS has told this pass last. */
  inProgress: number;
  /** What this pass has asked AWS to change. */
  changesAsked: number;
  /** Its intent to stop, once the table has confirmed that it is written. */
  stopIntentAt: number | null;
  /** The connections as read again after that. */
  secondLook: { readonly asOf: number; readonly at: number; readonly connected: number } | null;
}

export interface Trails {
  observe(step: Step): void;
  /** The pass that the process is at; `null` where it has claimed none. */
  of(process: SimulatedProcess): Trail | null;
}

const readings: ReadonlySet<Call['operation']> = new Set([
  'list-endpoints',
  'find-endpoint',
  'list-associations',
  'list-routes',
  'list-connections',
  'find-subnets',
]);

export function isReading({ operation }: Call): boolean {
  return readings.has(operation);
}

/** What an answer tells the pass. */
function note(
  trail: Trail,
  { answer, asOf, call }: Extract<Step, { kind: 'answered' }>,
  now: Date,
): void {
  const { operation } = call;
  if (operation === 'load') {
    if (trail.stopIntentAt !== null) trail.wantedAtSecondLoad = isWanted(answer, now);
  } else if (operation === 'write-intent') {
    if (call.table?.intent?.kind === 'stop') trail.stopIntentAt = call.requestedAt;
  } else if (operation === 'list-associations') {
    trail.inProgress = count(answer, ['associating', 'disassociating']);
  } else if (operation === 'list-routes') {
    // A route that goes with its network is part of that operation.
    trail.inProgress += count(answer, ['creating']);
  } else if (operation === 'list-connections' && trail.stopIntentAt !== null) {
    const connected = rows(answer).length - count(answer, ['terminated']);
    trail.secondLook = { asOf, at: now.getTime(), connected };
  }
}

/** Follows every pass. It reads the answers off the wire, whatever the process makes of them. */
export function createTrails(clock: Clock): Trails {
  const trails = new Map<SimulatedProcess, Trail>();

  function answered(step: Extract<Step, { kind: 'answered' }>): void {
    const { call, error } = step;
    if (call.operation === 'claim-pass') {
      if (error !== null || !isRecord(step.answer)) return;
      trails.set(call.process, {
        passId: call.table?.passId ?? '',
        claimedAt: call.requestedAt,
        record: step.answer,
        heldOff: holdInEffect(step.answer, new Date(call.requestedAt))?.kind === 'off',
        wantedAtSecondLoad: null,
        failedReading: null,
        failedSecondLook: false,
        failedRules: false,
        inProgress: 0,
        changesAsked: 0,
        stopIntentAt: null,
        secondLook: null,
      });
      return;
    }
    const trail = trails.get(call.process);
    if (trail === undefined) return;
    if (error !== null) {
      if (call.operation === 'count-rules') trail.failedRules = true;
      if (!isReading(call)) return;
      trail.failedReading ??= call.operation;
      if (trail.stopIntentAt !== null) trail.failedSecondLook = true;
      return;
    }
    note(trail, step, clock.now());
  }

  return {
    observe(step) {
      if (step.kind === 'answered') answered(step);
    },
    of: (process) => trails.get(process) ?? null,
  };
}

function isRecord(answer: unknown): answer is EndpointRecord {
  return typeof answer === 'object' && answer !== null && 'revision' in answer;
}

function isWanted(answer: unknown, now: Date): boolean {
  const isLoaded = (value: unknown): value is LoadedEndpoint =>
    typeof value === 'object' && value !== null && 'leases' in value;
  return isLoaded(answer) && wantedOn(answer.record, answer.leases, now) !== null;
}

function rows(answer: unknown): readonly { readonly status: string }[] {
  const isList = (value: unknown): value is readonly { readonly status: string }[] =>
    Array.isArray(value);
  return isList(answer) ? answer : [];
}

function count(answer: unknown, statuses: readonly string[]): number {
  return rows(answer).filter(({ status }) => statuses.includes(status)).length;
}
