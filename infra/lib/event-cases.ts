import type { EventType } from '../../src/config/event-names.ts';
import type { RunbookTopic } from './runbook.ts';

/*
 * EventBridge fills text in, and decides nothing. So whatever is told in another sentence is a case of
 * its own: a rule that matches those events and no others. Of the cases of a type, an event matches
 * exactly one; the last of them takes what the others do not, so that a reason that is new is told too.
 */

export interface EventCase {
  readonly type: EventType;
  /** Of its detail; left out where there is but one case. */
  readonly only?: DetailPattern;
  /** Where to read what to do. */
  readonly runbook?: RunbookTopic;
}

/** An event pattern of EventBridge, as far as it is needed here. */
export interface DetailPattern {
  readonly [field: string]: readonly Match[] | DetailPattern;
}

export type Match =
  | string
  | number
  | { readonly 'anything-but': readonly string[] }
  | { readonly numeric: ['>', number] };

const asked = ['person', 'administrator'];
const stops = ['idle', 'stopped-by-an-administrator', 'held-off', 'latest-hour'];
const attention = [
  'policy-invalid',
  'subnets-invalid',
  'stop-failed',
  'stop-overdue',
  'routes-not-restored',
];

const eventCases = {
  startingForSomebody: { type: 'endpoint-starting', only: { startedBy: { kind: asked } } },
  startingByItself: {
    type: 'endpoint-starting',
    only: { startedBy: { kind: [{ 'anything-but': asked }] } },
  },
  ready: { type: 'endpoint-ready' },
  stoppingIdle: { type: 'endpoint-stopping', only: { reason: ['idle'] } },
  stoppingByAdministrator: {
    type: 'endpoint-stopping',
    only: { reason: ['stopped-by-an-administrator'] },
  },
  stoppingHeldOff: { type: 'endpoint-stopping', only: { reason: ['held-off'] } },
  stoppingLatestHour: { type: 'endpoint-stopping', only: { reason: ['latest-hour'] } },
  stoppingOtherwise: {
    type: 'endpoint-stopping',
    only: { reason: [{ 'anything-but': stops }] },
  },
  stopped: { type: 'endpoint-stopped' },
  startFailed: { type: 'endpoint-start-failed', runbook: 'startFailures' },
  attentionTags: {
    type: 'endpoint-needs-attention',
    only: { reason: ['policy-invalid'] },
    runbook: 'endpointNeedsAttention',
  },
  attentionSubnets: {
    type: 'endpoint-needs-attention',
    only: { reason: ['subnets-invalid'] },
    runbook: 'endpointNeedsAttention',
  },
  attentionStopFailed: {
    type: 'endpoint-needs-attention',
    only: { reason: ['stop-failed'] },
    runbook: 'endpointNeedsAttention',
  },
  attentionStopOverdue: {
    type: 'endpoint-needs-attention',
    only: { reason: ['stop-overdue'] },
    runbook: 'reconcilerNotRunning',
  },
  attentionRoutes: {
    type: 'endpoint-needs-attention',
    only: { reason: ['routes-not-restored'] },
    runbook: 'startFailures',
  },
  attentionOtherwise: {
    type: 'endpoint-needs-attention',
    only: { reason: [{ 'anything-but': attention }] },
    runbook: 'endpointNeedsAttention',
  },
  recoveredOn: { type: 'endpoint-recovered', only: { state: ['on'] } },
  recoveredOff: { type: 'endpoint-recovered', only: { state: [{ 'anything-but': ['on'] }] } },
  heldOn: { type: 'endpoint-held', only: { kind: ['on'] } },
  heldOff: { type: 'endpoint-held', only: { kind: [{ 'anything-but': ['on'] }] } },
  connectionEnded: { type: 'connection-ended', only: { person: [{ 'anything-but': [''] }] } },
  // AWS does not always say whose a connection was.
  connectionEndedOfNobody: { type: 'connection-ended', only: { person: [''] } },
  stayedOnOne: {
    type: 'endpoints-stayed-on',
    only: { count: [1] },
    runbook: 'endpointOnTooLong',
  },
  stayedOnSeveral: {
    type: 'endpoints-stayed-on',
    only: { count: [{ numeric: ['>', 1] }] },
    runbook: 'endpointOnTooLong',
  },
  scheduleFailing: {
    type: 'schedule-in-trouble',
    only: { kind: ['failing'] },
    runbook: 'reconcilerFailures',
  },
  scheduleNotRunning: {
    type: 'schedule-in-trouble',
    only: { kind: [{ 'anything-but': ['failing'] }] },
    runbook: 'reconcilerNotRunning',
  },
  scheduleRecovered: { type: 'schedule-recovered' },
} as const satisfies Record<string, EventCase>;

export type CaseName = keyof typeof eventCases;

export const caseNames = Object.keys(eventCases) as CaseName[];

/** As one type, where which case it is does not matter. */
export function eventCase(name: CaseName): EventCase {
  return eventCases[name];
}

/** Those of one endpoint have its page; the others have the overview. */
export function isOfAnEndpoint({ type }: EventCase): boolean {
  return !type.startsWith('schedule-') && type !== 'endpoints-stayed-on';
}
