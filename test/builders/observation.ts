import type { Association } from '../../src/vpn/association.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import type { ConnectionId } from '../../src/vpn/ids.ts';
import { parseConnectionId } from '../../src/vpn/ids.ts';
import type { CompleteObservation, IncompleteObservation } from '../../src/vpn/observation.ts';
import type { Route } from '../../src/vpn/route.ts';
import { anAwsProblem, anEndpoint, sampleIds, sampleNow } from './endpoint-for-person.ts';

/** Through the first sample subnet, and associated. */
export function anAssociation(overrides: Partial<Association> = {}): Association {
  return {
    id: sampleIds.associationA,
    subnetId: sampleIds.subnetA,
    vpcId: null,
    status: 'associated',
    message: '',
    ...overrides,
  };
}

/** The other one, through the second sample subnet. */
export function anotherAssociation(overrides: Partial<Association> = {}): Association {
  return anAssociation({
    id: sampleIds.associationB,
    subnetId: sampleIds.subnetB,
    ...overrides,
  });
}

/** Added by somebody, and active. */
export function aRoute(overrides: Partial<Route> = {}): Route {
  return {
    destinationCidr: '172.16.0.0/12',
    subnetId: sampleIds.subnetA,
    description: 'to the data centre',
    status: 'active',
    message: '',
    origin: 'add-route',
    ...overrides,
  };
}

export function connectionId(number: number): ConnectionId {
  const id = parseConnectionId(`cvpn-connection-${number.toString(16).padStart(17, '0')}`);
  if (id === null) throw new Error('a sample connection id does not parse');
  return id;
}

export function aConnection(overrides: Partial<Connection> = {}): Connection {
  return {
    id: connectionId(1),
    person: 'alice@example.com',
    status: 'active',
    establishedAt: sampleNow,
    endedAt: null,
    clientAddress: '10.100.0.2',
    ingressBytes: 0,
    egressBytes: 0,
    ...overrides,
  };
}

/** Of an endpoint with nothing associated, unless said otherwise. */
export function anObservation(overrides: Partial<CompleteObservation> = {}): CompleteObservation {
  return {
    complete: true,
    at: sampleNow,
    endpoint: anEndpoint(),
    associations: [],
    routes: [],
    connections: [],
    ...overrides,
  };
}

/** Both sample subnets associated. */
export function anOnObservation(overrides: Partial<CompleteObservation> = {}): CompleteObservation {
  return anObservation({ associations: [anAssociation(), anotherAssociation()], ...overrides });
}

export function anIncompleteObservation(): IncompleteObservation {
  return { complete: false, at: sampleNow, problem: anAwsProblem({ kind: 'unreachable' }) };
}
