import type { CaseName } from '../../infra/lib/event-cases.ts';
import { detailTypes, eventSource } from '../../src/config/event-names.ts';
import type { EventType } from '../../src/config/event-names.ts';

/** An event as a rule sees it. */
export interface SampleEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Whatever people write somewhere: it must neither break a message nor become a part of it. */
export const hostile = 'Say "hi" \\ <!channel> {why}\n<starter>';

const startedBy = { kind: 'person', name: 'alice@example.com' };
const problem = { kind: 'misconfigured', operation: 'AssociateClientVpnTargetNetwork' };
const refused = { ...problem, code: 'InvalidClientVpnSubnetId.DuplicateAz' };
const mistakes = [{ code: 'subnet-malformed', subject: 'vpn-portal:subnets' }];
const by = 'admin@example.com';
const since = '2026-11-20T08:00:00.000Z';
const until = '2026-11-21T18:00:00.000Z';

/** One event of each case, and what is to be read in it. */
export const sampleEvents: Readonly<
  Record<CaseName, { readonly event: SampleEvent; readonly says: readonly string[] }>
> = {
  startingForSomebody: endpoint('endpoint-starting', { startedBy }, ['alice@example.com']),
  startingByItself: endpoint('endpoint-starting', { startedBy: { kind: 'outside', name: null } }),
  ready: endpoint('endpoint-ready', { startedBy, until: null, startSeconds: 420 }),
  stoppingIdle: endpoint('endpoint-stopping', { reason: 'idle', by: null }),
  stoppingByAdministrator: endpoint(
    'endpoint-stopping',
    { reason: 'stopped-by-an-administrator', by },
    [by],
  ),
  stoppingHeldOff: endpoint('endpoint-stopping', { reason: 'held-off', by }, [by]),
  stoppingLatestHour: endpoint('endpoint-stopping', { reason: 'latest-hour', by: null }),
  stoppingOtherwise: endpoint('endpoint-stopping', { reason: 'some-new-reason', by: null }, [
    'some-new-reason',
  ]),
  stopped: endpoint('endpoint-stopped', {}),
  startFailed: endpoint(
    'endpoint-start-failed',
    { startedBy, problem: refused, nextTryAt: until },
    [refused.operation, refused.code, until, 'docs/operator-runbook.md#start-failures'],
  ),
  attentionTags: endpoint(
    'endpoint-needs-attention',
    { reason: 'policy-invalid', problem: null, mistakes },
    ['subnet-malformed', 'vpn-portal:subnets'],
  ),
  attentionSubnets: endpoint(
    'endpoint-needs-attention',
    {
      reason: 'subnets-invalid',
      problem: null,
      mistakes: [{ code: 'subnet-too-small', subject: 'subnet-0123456789abcdef0' }],
    },
    ['subnet-too-small', 'subnet-0123456789abcdef0'],
  ),
  attentionStopFailed: endpoint(
    'endpoint-needs-attention',
    { reason: 'stop-failed', problem: refused, mistakes: [] },
    [refused.operation, refused.code],
  ),
  attentionStopOverdue: endpoint('endpoint-needs-attention', {
    reason: 'stop-overdue',
    problem: null,
    mistakes: [],
  }),
  attentionRoutes: endpoint('endpoint-needs-attention', {
    reason: 'routes-not-restored',
    problem: null,
    mistakes: [],
  }),
  attentionOtherwise: endpoint(
    'endpoint-needs-attention',
    { reason: 'some-new-reason', problem: null, mistakes: [] },
    ['some-new-reason'],
  ),
  recoveredOn: endpoint('endpoint-recovered', { reason: 'gave-up', state: 'on' }, ['gave-up']),
  recoveredOff: endpoint('endpoint-recovered', { reason: 'gave-up', state: 'off' }, ['gave-up']),
  heldOn: endpoint('endpoint-held', { kind: 'on', until, by, why: 'release night' }, [
    by,
    until,
    'release night',
  ]),
  heldOff: endpoint('endpoint-held', { kind: 'off', until, by, why: hostile }, [by, until]),
  connectionEnded: endpoint(
    'connection-ended',
    { connectionId: 'cvpn-connection-0123456789abcdef0', person: 'bob@example.com', by },
    ['bob@example.com', by],
  ),
  connectionEndedOfNobody: endpoint(
    'connection-ended',
    { connectionId: 'cvpn-connection-0123456789abcdef0', person: '', by },
    [by],
  ),
  stayedOnOne: schedule('endpoints-stayed-on', stayedOn('Tokyo office'), [
    'Tokyo office',
    'docs/operator-runbook.md#endpoint-on-too-long',
  ]),
  stayedOnSeveral: schedule('endpoints-stayed-on', stayedOn('Tokyo office', 'Osaka lab'), [
    'Tokyo office, Osaka lab',
  ]),
  scheduleFailing: schedule('schedule-in-trouble', { kind: 'failing', since }, [
    since,
    'docs/operator-runbook.md#reconciler-failures',
  ]),
  scheduleNotRunning: schedule('schedule-in-trouble', { kind: 'late', since }, [
    since,
    'docs/operator-runbook.md#reconciler-not-running',
  ]),
  scheduleRecovered: schedule('schedule-recovered', { kind: 'late', since }, [since]),
};

function stayedOn(...names: readonly string[]) {
  return {
    day: '2026-11-21',
    count: names.length,
    names: names.join(', '),
    endpoints: names.map((endpointName, index) => ({
      endpointId: `cvpn-endpoint-0123456789abcdef${index}`,
      endpointName,
      since,
      reason: 'held-on',
      connected: index,
    })),
  };
}

function endpoint(type: EventType, said: object, says: readonly string[] = []) {
  const its = { endpointId: 'cvpn-endpoint-0123456789abcdef0', endpointName: 'Tokyo office' };
  const link = `https://vpn.example.com/endpoints/${its.endpointId}`;
  return { event: event(type, { ...its, ...said }), says: [its.endpointName, link, ...says] };
}

function schedule(type: EventType, said: object, says: readonly string[]) {
  return { event: event(type, said), says: ['https://vpn.example.com/admin', ...says] };
}

function event(type: EventType, said: object): SampleEvent {
  const common = { version: 1, id: 'pass-1-what', at: '2026-11-21T06:00:00.000Z' };
  return {
    source: eventSource,
    'detail-type': detailTypes[type],
    detail: { ...common, ...said },
  };
}
