import { minutesAfter } from '../../src/clock.ts';
import { newEndpointRecord, noIntent } from '../../src/lease/endpoint-record.ts';
import type {
  EndpointRecord,
  Intent,
  PassRecord,
  Seen,
  StartIntent,
  StopIntent,
  Trouble,
} from '../../src/lease/endpoint-record.ts';
import type { PassFindings } from '../../src/lease/endpoint-store.ts';
import type { StopRequest } from '../../src/lease/hold.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Decision, Situation } from '../../src/reconcile/decision.ts';
import { findingsOf } from '../../src/reconcile/findings.ts';
import type { PassOutcome } from '../../src/reconcile/findings.ts';
import { isConnected } from '../../src/vpn/connection.ts';
import { newUsageCursor } from '../../src/usage/on-period.ts';
import type { CompleteObservation, Observation } from '../../src/vpn/observation.ts';
import {
  aLease,
  aPolicy,
  alice,
  anAwsProblem,
  carol,
  sampleIds,
  sampleNow,
} from './endpoint-for-person.ts';
import { anObservation, anOnObservation } from './observation.ts';

/** A moment some minutes before the sample's now. */
export function ago(minutes: number): Date {
  return minutesAfter(sampleNow, -minutes);
}

/** As long after the sample's now. */
export function ahead(minutes: number): Date {
  return minutesAfter(sampleNow, minutes);
}

/** Never looked at, unless said otherwise. */
export function aRecord(overrides: Partial<EndpointRecord> = {}): EndpointRecord {
  return { ...newEndpointRecord(sampleIds.endpoint), ...overrides };
}

/** What a pass that read this would have kept of it. */
export function seenFrom(observation: CompleteObservation): Seen {
  const connected = observation.connections.filter(isConnected);
  return {
    at: observation.at,
    associations: observation.associations.map(({ id, message, status, subnetId }) => ({
      id,
      subnetId,
      status,
      message,
    })),
    routes: observation.routes,
    connected: connected.length,
    connections: connected.map(({ establishedAt, id, person }) => ({ id, person, establishedAt })),
  };
}

/** A minute ago, and off. */
export function aPass(overrides: Partial<PassRecord> = {}): PassRecord {
  return {
    at: ago(1),
    state: 'off',
    reason: { code: 'nobody-needs-it' },
    seen: seenFrom(anObservation({ at: ago(1) })),
    ...overrides,
  };
}

/** Begun five minutes ago, for a lease. */
export function aStartIntent(overrides: Partial<StartIntent> = {}): StartIntent {
  return {
    kind: 'start',
    id: 'start-1',
    since: ago(5),
    origin: 'lease',
    routes: [],
    round: 1,
    roundAt: ago(5),
    failedAssociations: [],
    trouble: null,
    ...overrides,
  };
}

export function aStopIntent(since: Date = ago(1)): StopIntent {
  return { kind: 'stop', since };
}

/** Carol's. */
export function aStopRequest(minutesAgo: number): StopRequest {
  return { by: { id: carol.id, name: carol.name }, at: ago(minutesAgo) };
}

/** Alice's, for half an hour from now unless said otherwise. */
export function aLeaseAsked(minutesAgo: number, heldForMinutes = 30): Lease {
  return { ...aLease(alice, heldForMinutes), askedAt: ago(minutesAgo) };
}

/** Failed once, a minute ago, and due again. */
export function aTrouble(overrides: Partial<Trouble> = {}): Trouble {
  return {
    problem: anAwsProblem(),
    tries: 1,
    at: ago(1),
    retryAt: ago(0.5),
    gaveUp: false,
    ...overrides,
  };
}

/** Off, nobody asks for anything, and the schedule is looking. */
export function aSituation(overrides: Partial<Situation> = {}): Situation {
  return {
    now: sampleNow,
    policy: { ok: true, policy: aPolicy() },
    record: aRecord(),
    leases: [],
    observation: anObservation(),
    subnetProblems: [],
    mayDisassociate: true,
    pausing: { kind: 'none' },
    newStartId: 'new-start',
    ...overrides,
  };
}

/** On for two hours, nobody holds a lease, nobody is connected: the time to stop has come. */
export function anIdleSituation(
  overrides: Partial<Situation> = {},
  record: Partial<EndpointRecord> = {},
): Situation {
  return aSituation({
    observation: anOnObservation(),
    record: aRecord({
      onSince: ago(120),
      lastPass: aPass({
        state: 'on',
        reason: { code: 'idle-grace', stopAt: sampleNow },
        seen: seenFrom(anOnObservation({ at: ago(1) })),
      }),
      ...record,
    }),
    ...overrides,
  });
}

/** On, and nothing to do. */
export function aDecision(overrides: Partial<Decision> = {}): Decision {
  return {
    action: { kind: 'nothing' },
    state: 'on',
    reason: { code: 'idle-grace', stopAt: ahead(10) },
    intent: { kind: 'none' },
    lookAgainAt: ahead(1),
    ...overrides,
  };
}

/** Of a pass that found it on and did nothing. */
export function anOutcome(overrides: Partial<PassOutcome> = {}): PassOutcome {
  const decision = overrides.decision ?? aDecision();
  return {
    now: sampleNow,
    record: aRecord(),
    observation: anOnObservation(),
    decision,
    intent: decision.intent,
    subnetCheck: null,
    rulesCheck: null,
    terminations: [],
    usage: newUsageCursor,
    report: { reported: null, events: [] },
    silentMinutes: null,
    ...overrides,
  };
}

/** What a pass leaves in the record, one that did nothing and found it on unless said otherwise. */
export function found(
  record: Partial<EndpointRecord>,
  observation: Observation,
  decision: Partial<Decision> = {},
  intent: Intent = noIntent,
): PassFindings {
  return findingsOf(
    anOutcome({ record: aRecord(record), observation, decision: aDecision(decision), intent }),
  );
}
