import fc from 'fast-check';

import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import type {
  EndpointRecord,
  Intent,
  PassRecord,
  Seen,
  StartIntent,
  SubnetCheck,
  Trouble,
} from '../../src/lease/endpoint-record.ts';
import type { Hold } from '../../src/lease/hold.ts';
import type { PassFindings } from '../../src/lease/endpoint-store.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Reason } from '../../src/lease/reason.ts';
import type { PendingEvent } from '../../src/notify/domain-event.ts';
import { oldestFirst } from '../../src/notify/outbox.ts';
import type { Reported } from '../../src/notify/reported.ts';
import { associationStatuses } from '../../src/vpn/association.ts';
import { periodEnds } from '../../src/usage/on-period.ts';
import type { UsageCursor } from '../../src/usage/on-period.ts';
import type { Association } from '../../src/vpn/association.ts';
import { connectionStatuses } from '../../src/vpn/connection.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import { endpointStatuses } from '../../src/vpn/endpoint.ts';
import type { Endpoint } from '../../src/vpn/endpoint.ts';
import { parseAssociationId, parseEndpointId, parseSubnetId } from '../../src/vpn/ids.ts';
import { awsProblemKinds } from '../../src/vpn/observation.ts';
import type { AwsProblem, Observation } from '../../src/vpn/observation.ts';
import { policyProblemCodes } from '../../src/vpn/policy.ts';
import type { PolicyProblem } from '../../src/vpn/policy.ts';
import { routeStatuses } from '../../src/vpn/route.ts';
import type { ManualRoute, Route } from '../../src/vpn/route.ts';
import { subnetProblemCodes } from '../../src/vpn/subnet.ts';
import type { SubnetProblem } from '../../src/vpn/subnet.ts';
import { alice, bob, dave, sampleIds, sampleNow } from './endpoint-for-person.ts';
import { connectionId } from './observation.ts';

/*
 * Anything that could stand in a record or come from AWS. The ids are few, so that what is drawn
 * independently meets.
 */

function numbered<Id>(parse: (text: string) => Id | null, prefix: string, count: number): Id[] {
  return Array.from({ length: count }, (_, index) => {
    const id = parse(`${prefix}-${index.toString(16).padStart(17, '0')}`);
    if (id === null) throw new Error(`a sample ${prefix} does not parse`);
    return id;
  });
}

export const subnetIds = numbered(parseSubnetId, 'subnet', 3);
export const associationIds = numbered(parseAssociationId, 'cvpn-assoc', 5);
export const endpointIds = numbered(parseEndpointId, 'cvpn-endpoint', 3);

/** Within two hours of the sample's now, to the second. */
export const aMoment = fc
  .integer({ min: -7200, max: 7200 })
  .map((seconds) => secondsAfter(sampleNow, seconds));

/** Any that has a form with four digits for its year, to the millisecond. */
export const anyMoment = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

const aSubnetId = fc.constantFrom(...subnetIds);
const anAssociationId = fc.constantFrom(...associationIds);
const aConnectionId = fc.nat({ max: 9 }).map(connectionId);
/** Few, and quick to draw: nothing decides by them, but every one must come back from a store. */
const aText = fc.constantFrom('', 'x', 'Not now.', '東京 🗼', '<&>"\'', 'line\nbreak\u0000');
const nullable = <Value>(some: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(some, { nil: null });

const aProblem: fc.Arbitrary<AwsProblem> = fc.record({
  kind: fc.constantFrom(...awsProblemKinds),
  operation: aText,
  code: aText,
  message: aText,
  requestId: nullable(aText),
});

const aPolicyProblem: fc.Arbitrary<PolicyProblem> = fc.record({
  code: fc.constantFrom(...policyProblemCodes),
  tag: aText,
  value: aText,
});

export const aSubnetProblem: fc.Arbitrary<SubnetProblem> = fc.record({
  code: fc.constantFrom(...subnetProblemCodes),
  subnetId: aSubnetId,
  detail: aText,
});

/** Keyed by code, so that a new reason does not compile before it is drawn here. */
export function aReason(moment: fc.Arbitrary<Date>): fc.Arbitrary<Reason> {
  type With<Code> = fc.Arbitrary<Extract<Reason, { code: Code }>>;
  const code = <Code extends Reason['code']>(name: Code) => fc.constant(name);
  const alone = <Code extends Reason['code']>(name: Code) => fc.record({ code: code(name) });
  const held = { until: moment, by: aText, why: aText };
  const tried = { problem: aProblem, retryAt: moment };
  const reasons: { readonly [Code in Reason['code']]: With<Code> } = {
    'nobody-needs-it': alone('nobody-needs-it'),
    'lease-held': fc.record({ code: code('lease-held'), until: moment }),
    associating: alone('associating'),
    'restoring-routes': alone('restoring-routes'),
    'waiting-for-the-stop': alone('waiting-for-the-stop'),
    'removing-a-failed-association': fc.record({
      code: code('removing-a-failed-association'),
      message: aText,
    }),
    'trying-again': fc.record({ code: code('trying-again'), ...tried }),
    'gave-up': fc.record({ code: code('gave-up'), ...tried }),
    'routes-not-restored': fc.record({
      code: code('routes-not-restored'),
      failed: fc.nat(),
      message: aText,
    }),
    'kept-on-by-lease': fc.record({ code: code('kept-on-by-lease'), until: moment }),
    connected: fc.record({ code: code('connected'), connected: fc.nat() }),
    'idle-grace': fc.record({ code: code('idle-grace'), stopAt: moment }),
    'held-on': fc.record({ code: code('held-on'), ...held }),
    'held-off': fc.record({ code: code('held-off'), ...held }),
    idle: fc.record({ code: code('idle'), since: moment, silent: fc.nat() }),
    'stopped-by-an-administrator': fc.record({
      code: code('stopped-by-an-administrator'),
      by: aText,
    }),
    'latest-hour': fc.record({ code: code('latest-hour'), at: moment }),
    disassociating: alone('disassociating'),
    'stop-failed': fc.record({ code: code('stop-failed'), problem: aProblem }),
    'stop-overdue': fc.record({ code: code('stop-overdue'), since: moment }),
    'dry-run': fc.record({ code: code('dry-run'), since: moment }),
    'stopping-paused': fc.record({ code: code('stopping-paused'), ...held }),
    'reading-incomplete': fc.record({ code: code('reading-incomplete'), problem: aProblem }),
    'policy-invalid': fc.record({
      code: code('policy-invalid'),
      problems: fc.array(aPolicyProblem),
    }),
    'subnets-invalid': fc.record({
      code: code('subnets-invalid'),
      problems: fc.array(aSubnetProblem),
    }),
  };
  return fc.oneof(...Object.values<fc.Arbitrary<Reason>>(reasons));
}

const aManualRoute: fc.Arbitrary<ManualRoute> = fc.record({
  destinationCidr: fc.constantFrom('10.1.0.0/16', '10.2.0.0/16', '0.0.0.0/0'),
  subnetId: aSubnetId,
  description: aText,
});

const aTableRow: fc.Arbitrary<Route> = fc
  .tuple(
    aManualRoute,
    fc.record({
      status: fc.constantFrom(...routeStatuses, 'unknown'),
      message: aText,
      origin: fc.constantFrom('associate', 'add-route'),
    }),
  )
  .map(([route, rest]) => ({ ...route, ...rest }));

const anAssociationRow: fc.Arbitrary<Association> = fc.record({
  id: anAssociationId,
  subnetId: nullable(aSubnetId),
  vpcId: fc.constant(null),
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constant('associated' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...associationStatuses, 'unknown') },
  ),
  message: aText,
});

const someAssociations = fc.uniqueArray(anAssociationRow, {
  maxLength: 4,
  selector: ({ id }) => id,
});

function aSeen(moment: fc.Arbitrary<Date>): fc.Arbitrary<Seen> {
  return fc.record({
    at: moment,
    associations: someAssociations.map((rows) =>
      rows.map(({ id, message, status, subnetId }) => ({ id, subnetId, status, message })),
    ),
    routes: fc.array(aTableRow, { maxLength: 4 }),
    connected: fc.nat(),
    connections: fc.array(fc.record({ id: aConnectionId, person: aText, establishedAt: moment }), {
      maxLength: 2,
    }),
  });
}

function aTrouble(moment: fc.Arbitrary<Date>): fc.Arbitrary<Trouble> {
  return fc.record({
    problem: aProblem,
    tries: fc.nat({ max: 60 }),
    at: moment,
    retryAt: moment,
    gaveUp: fc.boolean(),
  });
}

function aStart(moment: fc.Arbitrary<Date>): fc.Arbitrary<StartIntent> {
  return fc.record({
    kind: fc.constant('start' as const),
    id: fc.uuid(),
    since: moment,
    origin: fc.constantFrom('lease', 'outside'),
    routes: fc.array(aManualRoute, { maxLength: 4 }),
    round: fc.integer({ min: 1, max: 9 }),
    roundAt: moment,
    failedAssociations: fc.array(anAssociationId, { maxLength: 3 }),
    trouble: nullable(aTrouble(moment)),
  });
}

export function anIntent(moment: fc.Arbitrary<Date>): fc.Arbitrary<Intent> {
  return fc.oneof(
    fc.record({ kind: fc.constant('none' as const) }),
    aStart(moment),
    fc.record({ kind: fc.constant('stop' as const), since: moment }),
  );
}

function aPassRecord(moment: fc.Arbitrary<Date>): fc.Arbitrary<PassRecord> {
  return fc.record({
    at: moment,
    state: fc.constantFrom('off', 'starting', 'on', 'stopping', 'needs-attention'),
    reason: aReason(moment),
    seen: nullable(aSeen(moment)),
  });
}

function aSubnetCheck(moment: fc.Arbitrary<Date>): fc.Arbitrary<SubnetCheck> {
  return fc.record({
    at: moment,
    subnets: fc.array(aSubnetId, { maxLength: 3 }),
    problems: fc.array(aSubnetProblem, { maxLength: 2 }),
  });
}

export const anActor = fc.record({ id: aText, name: aText });

export function aHold(moment: fc.Arbitrary<Date>): fc.Arbitrary<Hold> {
  return fc.record({
    kind: fc.constantFrom('on', 'off'),
    until: moment,
    reason: aText,
    by: anActor,
    at: moment,
  });
}

function aUsageCursor(moment: fc.Arbitrary<Date>): fc.Arbitrary<UsageCursor> {
  return fc.record({
    recordedAt: nullable(moment),
    since: nullable(moment),
    periods: fc.array(
      fc.record({
        associationId: anAssociationId,
        subnetId: nullable(aSubnetId),
        from: moment,
        startedBy: fc.oneof(
          fc.record({
            kind: fc.constantFrom('person', 'administrator'),
            id: aText,
            name: aText,
          }),
          fc.record({ kind: fc.constantFrom('portal', 'outside') }),
        ),
        unobservedSince: nullable(moment),
        recorded: fc.boolean(),
        stopping: nullable(fc.constantFrom(...periodEnds)),
      }),
      { maxLength: 2 },
    ),
    connectionsOpen: fc.boolean(),
  });
}

function aReported(): fc.Arbitrary<Reported> {
  return fc.record({
    phase: nullable(fc.constantFrom('off', 'starting', 'on', 'stopping', 'failed')),
    startId: nullable(aText),
    trouble: nullable(fc.constantFrom('gave-up', 'stop-failed')),
  });
}

/** In the order in which they are read. */
function someEvents(moment: fc.Arbitrary<Date>): fc.Arbitrary<readonly PendingEvent[]> {
  const event = fc.record({
    id: fc.string({ minLength: 1, maxLength: 40 }),
    at: moment,
    detailType: aText,
    detail: aText,
  });
  return fc
    .uniqueArray(event, { maxLength: 3, selector: ({ id }) => id })
    .map((events) => events.sort(oldestFirst));
}

type Remembered = Omit<PassFindings, 'revision' | 'nextPassAt'>;

function whatIsRemembered(moment: fc.Arbitrary<Date>): fc.Arbitrary<Remembered> {
  return fc.record({
    intent: anIntent(moment),
    rememberedRoutes: nullable(fc.array(aManualRoute, { maxLength: 4 })),
    subnetCheck: nullable(aSubnetCheck(moment)),
    rulesCheck: nullable(fc.record({ at: moment, count: fc.nat({ max: 2 }) })),
    terminations: fc.array(fc.record({ connectionId: aConnectionId, by: anActor, at: moment }), {
      maxLength: 2,
    }),
    traffic: fc.array(
      fc.record({ connectionId: aConnectionId, bytes: fc.nat({ max: 3 }), movedAt: moment }),
      { maxLength: 3 },
    ),
    lastConnectedAt: nullable(moment),
    onSince: nullable(moment),
    stateSince: nullable(moment),
    startSeconds: fc.array(fc.nat({ max: 3600 }), { maxLength: 10 }),
    lastPass: nullable(aPassRecord(moment)),
    usage: aUsageCursor(moment),
    reported: nullable(aReported()),
    events: someEvents(moment),
  });
}

/** What a pass of an endpoint that nobody has asked for could record. */
export function someFindings(moment: fc.Arbitrary<Date>): fc.Arbitrary<PassFindings> {
  return fc
    .tuple(whatIsRemembered(moment), moment)
    .map(([remembered, nextPassAt]) => ({ ...remembered, revision: 0, nextPassAt }));
}

export const anyRecord: fc.Arbitrary<EndpointRecord> = fc
  .tuple(
    whatIsRemembered(aMoment),
    fc.record({
      endpointId: fc.constant(sampleIds.endpoint),
      revision: fc.nat({ max: 9 }),
      lastRequestAt: nullable(aMoment),
      lastReleaseAt: nullable(aMoment),
      lastAttemptAt: nullable(aMoment),
      hold: fc.option(aHold(aMoment), { nil: null, freq: 2 }),
      stopRequest: fc.option(fc.record({ by: anActor, at: aMoment }), { nil: null, freq: 2 }),
      schedule: fc.record({
        lastPassAt: nullable(aMoment),
        nextPassAt: nullable(aMoment),
        claimedUntil: nullable(aMoment),
      }),
    }),
  )
  .map(([remembered, rest]) => ({ ...remembered, ...rest }));

const aConnection: fc.Arbitrary<Connection> = fc.record({
  id: aConnectionId,
  person: aText,
  // Mostly gone: one that is there decides too much by itself.
  status: fc.oneof(
    { weight: 4, arbitrary: fc.constant('terminated' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...connectionStatuses, 'unknown') },
  ),
  establishedAt: aMoment,
  endedAt: nullable(aMoment),
  clientAddress: fc.constant('10.100.0.2'),
  ingressBytes: fc.nat(),
  egressBytes: fc.nat(),
});

export const anyEndpoint: fc.Arbitrary<Endpoint> = fc.record({
  id: fc.constantFrom(...endpointIds),
  status: fc.constantFrom(...endpointStatuses, 'unknown'),
  description: aText,
  authentication: fc.subarray(['federated', 'directory-service', 'certificate']),
  clientCidr: nullable(fc.constant('10.100.0.0/22')),
  splitTunnel: fc.boolean(),
  vpcId: fc.constant(null),
  transitGateway: fc.boolean(),
  tags: fc.array(fc.tuple(fc.string(), aText), { maxLength: 4 }).map((pairs) => new Map(pairs)),
});

export const anyObservation: fc.Arbitrary<Observation> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      complete: fc.constant(true as const),
      at: fc.constant(sampleNow),
      endpoint: anyEndpoint,
      associations: someAssociations,
      routes: fc.array(aTableRow, { maxLength: 5 }),
      connections: fc.array(aConnection, { maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      complete: fc.constant(false as const),
      at: fc.constant(sampleNow),
      problem: aProblem,
    }),
  },
);

/** At most one for each of three people; two in three have ended. */
export const anyLeases: fc.Arbitrary<readonly Lease[]> = fc
  .subarray([alice, bob, dave])
  .chain((people) =>
    fc.tuple(
      ...people.map((person) =>
        fc.integer({ min: -90, max: 45 }).map((minutes) => ({
          endpointId: sampleIds.endpoint,
          personId: person.id,
          personName: person.name,
          requestedAt: minutesAfter(sampleNow, -120),
          askedAt: minutesAfter(sampleNow, -60),
          until: minutesAfter(sampleNow, minutes),
        })),
      ),
    ),
  );
