import { secondsBetween } from '../clock.ts';
import type { EndpointRecord, Intent } from '../lease/endpoint-record.ts';
import type { PassReport, RunReport } from '../reconcile/pass-report.ts';
import type { UsageCursor } from '../usage/on-period.ts';
import type { Measurement } from './metrics.ts';

/*
 * What becomes a metric, and when. All of it is pure: what a pass has come to is in what it found and
 * in what it leaves in the record.
 */

/** What a recorded pass tells. A zero that says nothing is left out. */
export function passMeasurements({ before, decided, found }: PassReport): readonly Measurement[] {
  const of = before.endpointId;
  const hasBegun = begins(before.intent, found.intent);
  const startSeconds = secondsToReady(before, found);
  const hours = networkHours(before.usage, found.usage);
  const hoursOn = hoursSinceOldest(found.usage, found.lastPass?.at ?? null);
  return [
    { name: 'Passes', value: 1, of: null },
    ...some('Starts', hasBegun.start ? 1 : 0, of),
    ...some('TimeToReady', startSeconds, of),
    ...some('StartFailures', hasGivenUp(before, found) ? 1 : 0, of),
    ...(hasBegun.stop && decided.action.kind === 'disassociate'
      ? some('Stops', 1, decided.action.because)
      : []),
    ...some('NetworkHours', hours, of),
    ...some('HoursOn', hoursOn, of),
    ...some('NeedsAttention', found.lastPass?.state === 'needs-attention' ? 1 : 0, of),
  ];
}

/**
 * What a run of the schedule tells. Its zeros are the lower bound of what the passes tell: as long as
 * the schedule runs, an alarm on them has something to go by, however few endpoints there are.
 */
export function runMeasurements({ failed, passed, seconds }: RunReport): readonly Measurement[] {
  return [
    { name: 'EndpointsPassed', value: passed, of: null },
    { name: 'EndpointsFailed', value: failed, of: null },
    { name: 'RunSeconds', value: seconds, of: null },
    { name: 'HoursOn', value: 0, of: null },
    { name: 'NeedsAttention', value: 0, of: null },
  ];
}

function some(name: Measurement['name'], value: number, of: string): readonly Measurement[] {
  return value > 0 ? [{ name, value, of }] : [];
}

/** An intent stays while it is being carried out, so that what is new in it has just begun. */
function begins(before: Intent, now: Intent): { readonly start: boolean; readonly stop: boolean } {
  const startedBefore = before.kind === 'start' ? before.id : null;
  return {
    // What somebody has switched on elsewhere is adopted; nobody has asked the portal for it.
    start: now.kind === 'start' && now.origin === 'lease' && now.id !== startedBefore,
    stop: now.kind === 'stop' && before.kind !== 'stop',
  };
}

/** The record keeps the last ones, and has a new list where one was added. */
function secondsToReady(
  before: Pick<EndpointRecord, 'startSeconds'>,
  { startSeconds }: Pick<EndpointRecord, 'startSeconds'>,
): number {
  return startSeconds === before.startSeconds ? 0 : (startSeconds.at(-1) ?? 0);
}

/** It counts once, and again where somebody has asked again. */
function hasGivenUp(before: PassReport['before'], found: PassReport['found']): boolean {
  const isAnother = begins(before.intent, found.intent).start;
  return isGivenUp(found) && (isAnother || !isGivenUp(before));
}

/** Routes that AWS has taken on and does not finish are told by the reason alone. */
function isGivenUp({ intent, lastPass }: Pick<EndpointRecord, 'intent' | 'lastPass'>): boolean {
  if (intent.kind !== 'start') return false;
  return intent.trouble?.gaveUp === true || lastPass?.reason.code === 'routes-not-restored';
}

/**
 * The hours of what is associated since the reading before that was written down, so that a pass which
 * could not write leaves them to the next. An association that is gone by then counts no more: its
 * last seconds are in the history, which also knows of gaps.
 */
function networkHours(before: UsageCursor, { periods, recordedAt }: UsageCursor): number {
  if (recordedAt === null) return 0;
  const seconds = periods.map(({ from }) => {
    const since = before.recordedAt !== null && before.recordedAt > from ? before.recordedAt : from;
    return Math.max(0, secondsBetween(since, recordedAt));
  });
  return seconds.reduce((sum, each) => sum + each, 0) / 3600;
}

/** Not since it was last asked for, as the record has it: somebody who extends every day is one, too. */
function hoursSinceOldest({ periods }: UsageCursor, now: Date | null): number {
  if (now === null || periods.length === 0) return 0;
  const oldest = Math.min(...periods.map(({ from }) => from.getTime()));
  return Math.max(0, (now.getTime() - oldest) / 3_600_000);
}
