import { minutesAfter } from '../../src/clock.ts';
import type { Capability, Principal } from '../../src/identity/principal.ts';
import type { EndpointForPerson } from '../../src/lease/endpoint-directory.ts';
import type { Seen } from '../../src/lease/endpoint-record.ts';
import type { EndpointStatus, StartProgress } from '../../src/lease/endpoint-status.ts';
import type { Hold } from '../../src/lease/hold.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Pause } from '../../src/lease/pause.ts';
import type { Endpoint } from '../../src/vpn/endpoint.ts';
import {
  parseAssociationId,
  parseConnectionId,
  parseEndpointId,
  parseSubnetId,
} from '../../src/vpn/ids.ts';
import type { AwsProblem } from '../../src/vpn/observation.ts';
import type { Policy } from '../../src/vpn/policy.ts';

/** A Wednesday, 11:02 in Tokyo. */
export const sampleNow = new Date('2026-03-04T02:02:00Z');

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('a sample id does not parse');
  return value;
}

export const sampleIds = {
  endpoint: present(parseEndpointId('cvpn-endpoint-0123456789abcdef0')),
  otherEndpoint: present(parseEndpointId('cvpn-endpoint-0123456789abcdef1')),
  subnetA: present(parseSubnetId('subnet-0a1b2c3d4e5f60718')),
  subnetB: present(parseSubnetId('subnet-0b2c3d4e5f6071829')),
  associationA: present(parseAssociationId('cvpn-assoc-0a1b2c3d4e5f60718')),
  associationB: present(parseAssociationId('cvpn-assoc-0b2c3d4e5f6071829')),
  connectionA: present(parseConnectionId('cvpn-connection-0a1b2c3d4e5f60718')),
  connectionB: present(parseConnectionId('cvpn-connection-0b2c3d4e5f6071829')),
};

export function aPrincipal(name: string, capabilities: readonly Capability[]): Principal {
  return { id: `sub-of-${name}`, name, groups: [], capabilities: new Set(capabilities) };
}

export const alice = aPrincipal('alice@example.com', ['endpoint:use']);
export const bob = aPrincipal('bob@example.com', ['endpoint:use']);
/** An auditor. */
export const dave = aPrincipal('dave@example.com', ['endpoint:see-all']);
/** An administrator. */
export const carol = aPrincipal('carol@example.com', [
  'endpoint:use',
  'endpoint:see-all',
  'endpoint:hold',
  'endpoint:stop',
  'connection:terminate',
  'schedule:pause',
]);

export function anEndpoint(overrides: Partial<Endpoint> = {}): Endpoint {
  return {
    id: sampleIds.endpoint,
    status: 'available',
    description: '',
    authentication: ['federated'],
    clientCidr: '10.100.0.0/22',
    splitTunnel: true,
    vpcId: null,
    transitGateway: false,
    tags: new Map(),
    ...overrides,
  };
}

export function aPolicy(overrides: Partial<Policy> = {}): Policy {
  return {
    subnets: [sampleIds.subnetA, sampleIds.subnetB],
    name: 'Tokyo office',
    groups: null,
    idleGraceMinutes: 30,
    leaseMinutes: [30, 60, 120, 240, 480],
    silentMinutes: null,
    latestHour: null,
    latestHourCutsOff: false,
    ...overrides,
  };
}

/** A lease that was asked for half an hour ago. */
export function aLease(person: Principal, heldForMinutes: number): Lease {
  return {
    endpointId: sampleIds.endpoint,
    personId: person.id,
    personName: person.name,
    requestedAt: minutesAfter(sampleNow, -30),
    askedAt: minutesAfter(sampleNow, -30),
    until: minutesAfter(sampleNow, heldForMinutes),
  };
}

export function aStart(overrides: Partial<StartProgress> = {}): StartProgress {
  return {
    startedAt: minutesAfter(sampleNow, -4),
    step: 'associating',
    networks: { done: 1, of: 2 },
    routes: { done: 0, of: 7 },
    elapsedSeconds: 240,
    usualSeconds: 420,
    pace: 'usual',
    ...overrides,
  };
}

/** Carol's, of ten minutes ago, for two hours. */
export function aHold(kind: Hold['kind'], overrides: Partial<Hold> = {}): Hold {
  return {
    kind,
    until: minutesAfter(sampleNow, 110),
    reason: 'Maintenance of the file server',
    by: { id: carol.id, name: carol.name },
    at: minutesAfter(sampleNow, -10),
    ...overrides,
  };
}

/** Carol's, of ten minutes ago, for two hours. */
export function aPause(overrides: Partial<Pause> = {}): Pause {
  return {
    until: minutesAfter(sampleNow, 110),
    reason: 'Moving the office',
    by: { id: carol.id, name: carol.name },
    at: minutesAfter(sampleNow, -10),
    ...overrides,
  };
}

/** Of Alice and Bob, in turn, a minute after one another; two of them are named at most. */
function connectionsOf(connected: number): Seen['connections'] {
  return [
    { id: sampleIds.connectionA, person: alice.name, establishedAt: minutesAfter(sampleNow, -20) },
    { id: sampleIds.connectionB, person: bob.name, establishedAt: minutesAfter(sampleNow, -19) },
  ].slice(0, connected);
}

export function seenOn(connected = 0): Seen {
  const association = (id: typeof sampleIds.associationA, subnetId: typeof sampleIds.subnetA) => ({
    id,
    subnetId,
    status: 'associated' as const,
    message: '',
  });
  const route = (destinationCidr: string, origin: 'associate' | 'add-route') => ({
    destinationCidr,
    subnetId: sampleIds.subnetA,
    description: '',
    status: 'active' as const,
    message: '',
    origin,
  });
  return {
    at: minutesAfter(sampleNow, -1),
    associations: [
      association(sampleIds.associationA, sampleIds.subnetA),
      association(sampleIds.associationB, sampleIds.subnetB),
    ],
    routes: [route('10.0.0.0/16', 'associate'), route('172.16.0.0/12', 'add-route')],
    connected,
    connections: connectionsOf(connected),
  };
}

/** Off, unless said otherwise. */
export function aStatus(overrides: Partial<EndpointStatus> = {}): EndpointStatus {
  const leases = overrides.leases ?? [];
  return {
    state: 'off',
    reason: { code: 'nobody-needs-it' },
    since: minutesAfter(sampleNow, -45),
    progress: null,
    usualSeconds: null,
    heldUntil: leases[0]?.until ?? null,
    leases,
    connected: 0,
    seen: {
      at: minutesAfter(sampleNow, -1),
      associations: [],
      routes: [],
      connected: 0,
      connections: [],
    },
    hold: null,
    stoppedAt: null,
    lacksRules: false,
    offAt: null,
    endsSoonAt: null,
    startedOutside: false,
    ...overrides,
  };
}

export function anAwsProblem(overrides: Partial<AwsProblem> = {}): AwsProblem {
  return {
    kind: 'misconfigured',
    operation: 'AssociateClientVpnTargetNetwork',
    code: 'InvalidClientVpnSubnetId.OverlappingCidr',
    message: 'The subnet overlaps with the client CIDR range.',
    requestId: 'b25f48e8-84fd-4b1c-9e35-example',
    ...overrides,
  };
}

/** On, by a lease of Alice’s that lasts so many minutes. */
export function onFor(minutes: number, overrides: Partial<EndpointStatus> = {}): EndpointStatus {
  return aStatus({
    state: 'on',
    reason: { code: 'kept-on-by-lease', until: minutesAfter(sampleNow, minutes) },
    leases: [aLease(alice, minutes)],
    seen: seenOn(),
    ...overrides,
  });
}

/** Starting, with one lease of Alice’s unless said otherwise. */
export function startingWith(start = aStart(), leases = [aLease(alice, 56)]): EndpointStatus {
  return aStatus({
    state: 'starting',
    reason: { code: 'associating' },
    progress: start,
    leases,
    seen: seenOn(),
  });
}

export const gaveUp = aStatus({
  state: 'needs-attention',
  reason: { code: 'gave-up', problem: anAwsProblem(), retryAt: minutesAfter(sampleNow, 30) },
});

export function anEndpointForPerson(
  status: EndpointStatus,
  overrides: Partial<EndpointForPerson> = {},
): EndpointForPerson {
  return {
    endpoint: anEndpoint(),
    name: 'Tokyo office',
    policy: { ok: true, policy: aPolicy() },
    status,
    schedule: { at: minutesAfter(sampleNow, -1), dryRun: false },
    mayUse: true,
    ownLease: status.leases.find((lease) => lease.personId === alice.id) ?? null,
    ending: [],
    ...overrides,
  };
}
