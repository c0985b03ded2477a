import { secondsBetween } from '../clock.ts';
import type { EndpointRecord, Intent } from '../lease/endpoint-record.ts';
import type { Termination } from '../lease/hold.ts';
import type { Reason } from '../lease/reason.ts';
import { endpointEvent } from '../notify/domain-event.ts';
import type { AboutEndpoint, PendingEvent } from '../notify/domain-event.ts';
import type { EventDetail } from '../notify/event-schemas.ts';
import { nothingReported } from '../notify/reported.ts';
import type { Phase, Reported } from '../notify/reported.ts';
import type { Starter } from '../usage/on-period.ts';
import type { AwsProblem, CompleteObservation, Observation } from '../vpn/observation.ts';
import type { Decision } from './decision.ts';
import { presentAssociations } from './readable.ts';

/** A pass, as those who listen are told of it. */
export interface PassToReport {
  readonly passId: string;
  readonly now: Date;
  /** As it was claimed. */
  readonly record: EndpointRecord;
  /** What people read. */
  readonly name: string;
  readonly observation: Observation;
  /** What was decided, or what has become of it. */
  readonly decision: Pick<Decision, 'state' | 'reason'>;
  readonly intent: Intent;
  readonly startedBy: Starter;
  /** The wishes of administrators that this pass has found fulfilled. */
  readonly ended: readonly EndedConnection[];
}

export interface EndedConnection {
  readonly wish: Termination;
  readonly person: string;
}

export interface Report {
  /** What they have been told by now. */
  readonly reported: Reported | null;
  /** The news of this pass. */
  readonly events: readonly PendingEvent[];
}

/**
 * What a pass has to tell. Pure, and by what was told before, not by what the last pass was: so a
 * pass that reads nothing, or is lost, makes no news and loses none.
 *
 * The ids are made from the pass, or from the wish: an event that is decided again is the same one.
 */
export function reportOn(pass: PassToReport): Report {
  const { decision, intent, observation, record } = pass;
  const ended = pass.ended.map((each) => endedEvent(pass, each));
  if (!observation.complete || decision.reason.code === 'reading-incomplete') {
    return { reported: record.reported, events: ended };
  }
  const before = record.reported ?? nothingReported;
  const startId = intent.kind === 'start' ? intent.id : null;
  const phase = phaseAfter(before, startId, decision, observation);
  const trouble = troubleAfter(pass, before, startId);
  return {
    reported: { phase, startId, trouble: trouble.told },
    events: [
      ...ended,
      ...(phase === before.phase ? [] : phaseEvents(pass, before.phase, phase)),
      ...trouble.events,
    ],
  };
}

/** In which phase those who listen should think it to be. */
function phaseAfter(
  before: Reported,
  startId: string | null,
  { reason, state }: PassToReport['decision'],
  observation: CompleteObservation,
): Phase | null {
  const isGone = presentAssociations(observation).length === 0;
  if (state === 'starting') {
    // The next try of a start that has failed, or that lacks but a route, is no start of its own.
    const goesOn = before.phase === 'failed' || (before.phase === 'on' && !isGone);
    return goesOn && startId !== null && startId === before.startId ? before.phase : state;
  }
  if (state !== 'needs-attention') return state;
  if (reason.code === 'gave-up') return 'failed';
  if (reason.code === 'routes-not-restored') return 'on';
  // What is wrong besides is news of its own.
  const wasOn = before.phase === 'on' || before.phase === 'stopping';
  return isGone && wasOn ? 'off' : before.phase;
}

function phaseEvents(
  pass: PassToReport,
  before: Phase | null,
  phase: Phase | null,
): readonly PendingEvent[] {
  const { intent: begun } = pass.record;
  const { reason } = pass.decision;
  if (phase === 'starting') {
    return [endpointEvent('endpoint-starting', about(pass, phase), starterIn(pass))];
  }
  if (phase === 'stopping') {
    const by = 'by' in reason ? reason.by : null;
    return [endpointEvent('endpoint-stopping', about(pass, phase), { reason: reason.code, by })];
  }
  // Found as it was: nobody has waited for it.
  if (before === null) return [];
  if (phase === 'off') return [endpointEvent('endpoint-stopped', about(pass, 'stopped'), {})];
  // A start that has failed is told as the trouble that it is.
  if (phase !== 'on') return [];
  return [
    endpointEvent('endpoint-ready', about(pass, 'ready'), {
      ...starterIn(pass),
      until: isWanted(reason) ? reason.until.toISOString() : null,
      startSeconds: begun.kind === 'start' ? secondsSince(begun.since, pass.now) : null,
    }),
  ];
}

/** Clocks differ, and one of them may be behind. */
function secondsSince(time: Date, now: Date): number {
  return Math.max(0, secondsBetween(time, now));
}

function isWanted(
  reason: Reason,
): reason is Extract<Reason, { code: 'kept-on-by-lease' | 'held-on' }> {
  return reason.code === 'kept-on-by-lease' || reason.code === 'held-on';
}

/** Somebody should look; or it is over, once the endpoint has come to rest without it. */
function troubleAfter(
  pass: PassToReport,
  before: Reported,
  startId: string | null,
): { readonly told: string | null; readonly events: readonly PendingEvent[] } {
  const { reason, state } = pass.decision;
  if (state === 'needs-attention') {
    const isTold =
      reason.code === 'gave-up'
        ? before.phase === 'failed' && before.startId === startId
        : before.trouble === reason.code;
    return { told: reason.code, events: isTold ? [] : [attentionEvent(pass, reason)] };
  }
  const hasComeToRest = state === 'on' || state === 'off';
  if (before.trouble === null || !hasComeToRest) return { told: before.trouble, events: [] };
  const said = { reason: before.trouble, state };
  return {
    told: null,
    events: [endpointEvent('endpoint-recovered', about(pass, 'recovered'), said)],
  };
}

function attentionEvent(pass: PassToReport, reason: Reason): PendingEvent {
  if (reason.code === 'gave-up') {
    return endpointEvent('endpoint-start-failed', about(pass, 'start-failed'), {
      ...starterIn(pass),
      problem: problemOf(reason.problem),
      nextTryAt: reason.retryAt.toISOString(),
    });
  }
  return endpointEvent('endpoint-needs-attention', about(pass, 'needs-attention'), {
    reason: reason.code,
    problem: 'problem' in reason ? problemOf(reason.problem) : null,
    mistakes: mistakesIn(reason),
  });
}

function endedEvent(pass: PassToReport, { person, wish }: EndedConnection): PendingEvent {
  const { at, by, connectionId } = wish;
  const id = `${connectionId}-ended-${at.getTime()}`;
  return endpointEvent(
    'connection-ended',
    { ...about(pass, 'ended'), id },
    { connectionId, person, by: by.name },
  );
}

function about({ name, now, passId, record }: PassToReport, what: string): AboutEndpoint {
  return { id: `${passId}-${what}`, at: now, endpoint: { id: record.endpointId, name } };
}

function starterIn({ startedBy }: PassToReport): {
  readonly startedBy: EventDetail<'endpoint-starting'>['startedBy'];
} {
  const { kind } = startedBy;
  return { startedBy: { kind, name: 'name' in startedBy ? startedBy.name : null } };
}

/** Without AWS's message, which may name whoever was refused, and from where. */
function problemOf({
  code,
  kind,
  operation,
}: AwsProblem): Pick<AwsProblem, 'kind' | 'operation' | 'code'> {
  return { kind, operation, code };
}

function mistakesIn(reason: Reason): EventDetail<'endpoint-needs-attention'>['mistakes'] {
  if (reason.code === 'policy-invalid') {
    return reason.problems.map(({ code, tag }) => ({ code, subject: tag }));
  }
  if (reason.code !== 'subnets-invalid') return [];
  return reason.problems.map(({ code, subnetId }) => ({ code, subject: subnetId }));
}
