import { describe, expect, it } from '@jest/globals';

import type { EndpointRecord, Intent, PassRecord } from '../../src/lease/endpoint-record.ts';
import type { Decision } from '../../src/reconcile/decision.ts';
import { findingsOf } from '../../src/reconcile/findings.ts';
import type { Observation } from '../../src/vpn/observation.ts';
import { anAwsProblem, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import {
  aDecision,
  aPass,
  aRecord,
  aStartIntent,
  ago,
  anOutcome,
  seenFrom,
  found,
} from '../builders/endpoint-record.ts';
import {
  aConnection,
  aRoute,
  anAssociation,
  anIncompleteObservation,
  anObservation,
  anOnObservation,
  connectionId,
} from '../builders/observation.ts';

const none: Intent = { kind: 'none' };

const route = aRoute();

describe('when somebody was last seen connected', () => {
  const last = (record: Partial<EndpointRecord>, observation: Observation) =>
    found(record, observation).lastConnectedAt;

  it('is the time of the reading while somebody is', () => {
    const observation = anOnObservation({ at: ago(0.1), connections: [aConnection()] });
    expect(last({ lastConnectedAt: ago(9) }, observation)).toEqual(ago(0.1));
  });

  it('is the latest end of a connection, or what was known', () => {
    const ended = [8, 5].map((minutes) =>
      aConnection({ status: 'terminated', endedAt: ago(minutes) }),
    );
    const observation = anOnObservation({ connections: ended });
    expect(last({}, observation)).toEqual(ago(5));
    expect(last({ lastConnectedAt: ago(2) }, observation)).toEqual(ago(2));
  });

  it('is not known where nobody ever was', () => {
    const endless = anOnObservation({ connections: [aConnection({ status: 'terminated' })] });
    expect(last({}, endless)).toBeNull();
  });

  it('is kept over an incomplete reading', () => {
    expect(last({ lastConnectedAt: ago(2) }, anIncompleteObservation())).toEqual(ago(2));
  });
});

describe('since when it has been on', () => {
  const since = (
    onSince: Date | null,
    decision: Partial<Decision>,
    observation: Observation = anOnObservation(),
  ) => found({ onSince }, observation, decision).onSince;

  it('is the first pass that found it so', () => {
    expect(since(null, {})).toEqual(sampleNow);
    expect(since(ago(9), {})).toEqual(ago(9));
  });

  it('counts while it can be used, although routes are missing', () => {
    const reason = { code: 'routes-not-restored', failed: 1, message: '' } as const;
    expect(since(ago(9), { state: 'needs-attention', reason })).toEqual(ago(9));
  });

  it('counts while it can be used, although it should have been stopped', () => {
    const reason = { code: 'stop-overdue', since: ago(6) } as const;
    expect(since(ago(41), { state: 'needs-attention', reason })).toEqual(ago(41));
  });

  it('counts on, as old as it was, while a stop does not come to its end', () => {
    const reason = { code: 'stop-failed', problem: anAwsProblem() } as const;
    expect(since(ago(41), { state: 'needs-attention', reason })).toEqual(ago(41));
    expect(since(ago(41), { state: 'stopping' })).toEqual(ago(41));
    expect(since(null, { state: 'stopping' })).toBeNull();
  });

  it('begins anew where something was associated while a stop was under way', () => {
    const one = anObservation({ associations: [anAssociation({ status: 'disassociating' })] });
    const lastPass = aPass({ state: 'stopping', seen: seenFrom(one) });
    const meanwhile = (before: PassRecord, observation: Observation): Date | null =>
      found({ onSince: ago(41), lastPass: before }, observation, { state: 'stopping' }).onSince;
    expect(meanwhile(lastPass, anOnObservation())).toEqual(sampleNow);
    expect(meanwhile(lastPass, one)).toEqual(ago(41));
    // Before the stop, and where nobody could see: not known to be later.
    expect(meanwhile({ ...lastPass, state: 'on' }, anOnObservation())).toEqual(ago(41));
    expect(meanwhile({ ...lastPass, seen: null }, anOnObservation())).toEqual(ago(41));
  });

  it('ends when a stop has come to its end, though AWS still lists what is gone', () => {
    const gone = anObservation({ associations: [anAssociation({ status: 'disassociated' })] });
    expect(since(ago(41), { state: 'stopping' }, gone)).toBeNull();
    expect(since(ago(41), { state: 'off' }, anObservation())).toBeNull();
  });

  it('ends with a new start, and with one that was given up', () => {
    const reason = { code: 'gave-up', problem: anAwsProblem(), retryAt: sampleNow } as const;
    expect(since(ago(41), { state: 'starting' })).toBeNull();
    expect(since(ago(41), { state: 'needs-attention', reason })).toBeNull();
  });

  it('does not begin with tags that do not parse where nothing can be used', () => {
    const reason = { code: 'policy-invalid', problems: [] } as const;
    const invalid = { state: 'needs-attention', reason } as const;
    expect(since(null, invalid)).toEqual(sampleNow);
    const associations = [anAssociation({ status: 'associating' })];
    expect(since(null, invalid, anObservation({ associations }))).toBeNull();
  });

  it('is kept where it could not be read', () => {
    const problem = anAwsProblem();
    const incomplete = {
      state: 'stopping',
      reason: { code: 'reading-incomplete', problem },
    } as const;
    expect(since(ago(9), incomplete, anIncompleteObservation())).toEqual(ago(9));
  });
});

describe('the traffic of the connections', () => {
  const connections = [aConnection({ ingressBytes: 3, egressBytes: 4 })];
  const observation = anOnObservation({ connections });
  const traffic = [{ connectionId: connectionId(1), bytes: 7, movedAt: ago(40) }];
  const record = aRecord({ traffic, lastConnectedAt: ago(10) });

  it('is remembered, and not counted as use where nothing has moved for too long', () => {
    const findings = findingsOf(anOutcome({ record, observation, silentMinutes: 30 }));
    expect(findings).toMatchObject({ traffic, lastConnectedAt: ago(10) });
  });

  it('counts as use where it has moved', () => {
    const before = aRecord({ ...record, traffic: traffic.map((each) => ({ ...each, bytes: 6 })) });
    const findings = findingsOf(anOutcome({ record: before, observation, silentMinutes: 30 }));
    expect(findings).toMatchObject({
      traffic: [{ bytes: 7, movedAt: sampleNow }],
      lastConnectedAt: sampleNow,
    });
  });

  it('is forgotten where nobody asks for it, and then every connection counts', () => {
    const findings = findingsOf(anOutcome({ record, observation }));
    expect(findings).toMatchObject({ traffic: [], lastConnectedAt: sampleNow });
  });

  it('is kept over an incomplete reading', () => {
    const incomplete = anIncompleteObservation();
    const findings = findingsOf(anOutcome({ record, observation: incomplete, silentMinutes: 30 }));
    expect(findings.traffic).toEqual(traffic);
  });
});

describe('how long starts take', () => {
  const record = { intent: aStartIntent({ since: ago(7) }), startSeconds: [60] };

  it('is remembered when one ends in on', () => {
    expect(found(record, anOnObservation()).startSeconds).toEqual([60, 420]);
  });

  it('is remembered of the last ten', () => {
    const many = { ...record, startSeconds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] };
    expect(found(many, anOnObservation()).startSeconds).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 420]);
  });

  it('is not remembered of one that somebody else has begun, or that is not over', () => {
    const outside = { ...record, intent: aStartIntent({ origin: 'outside' }) };
    expect(found(outside, anOnObservation()).startSeconds).toEqual([60]);
    expect(found(record, anOnObservation(), {}, record.intent).startSeconds).toEqual([60]);
    expect(found(record, anObservation(), { state: 'off' }).startSeconds).toEqual([60]);
    expect(found({ startSeconds: [60] }, anOnObservation()).startSeconds).toEqual([60]);
  });
});

describe('what the pages are told', () => {
  it('is what was decided, why, and what was seen', () => {
    const observation = anOnObservation({ routes: [route], connections: [aConnection()] });
    const decision = aDecision();
    const { lastPass, nextPassAt, stateSince } = found({}, observation);
    expect(lastPass).toEqual({
      at: sampleNow,
      state: 'on',
      reason: decision.reason,
      seen: { ...seenFrom(observation), connected: 1 },
    });
    expect(nextPassAt).toEqual(decision.lookAgainAt);
    expect(stateSince).toEqual(sampleNow);
  });

  it('is the last complete reading where this one is not', () => {
    const before = aPass({ state: 'on' });
    const { lastPass, stateSince } = found(
      { lastPass: before, stateSince: ago(50) },
      anIncompleteObservation(),
    );
    expect(lastPass?.seen).toEqual(before.seen);
    expect(stateSince).toEqual(ago(50));
    expect(found({}, anIncompleteObservation()).lastPass?.seen).toBeNull();
  });

  it('is kept with the look at the subnets and with the revision that it rests on', () => {
    const check = { at: ago(1), subnets: [sampleIds.subnetA], problems: [] };
    const record = aRecord({ revision: 7 });
    const findings = findingsOf(anOutcome({ record, subnetCheck: check }));
    expect(findings).toMatchObject({ revision: 7, subnetCheck: check, intent: none });
  });

  it('is kept with the count of the rules, and with the wishes that are still open', () => {
    const rulesCheck = { at: ago(1), count: 2 };
    const by = { id: 'carol', name: 'Carol' };
    const terminations = [{ connectionId: connectionId(1), by, at: ago(1) }];
    const findings = findingsOf(anOutcome({ rulesCheck, terminations }));
    expect(findings).toMatchObject({ rulesCheck, terminations });
  });

  it('names a hundred of those who are connected, and counts them all', () => {
    const connections = Array.from({ length: 101 }, (_, index) =>
      aConnection({ id: connectionId(index) }),
    );
    const { lastPass } = found({}, anOnObservation({ connections }));
    expect(lastPass?.seen?.connected).toBe(101);
    expect(lastPass?.seen?.connections.map(({ id }) => id)).toEqual(
      connections.slice(0, 100).map(({ id }) => id),
    );
    // The others are known, too, with less of each.
    expect(lastPass?.seen?.further).toEqual(
      connections.slice(100).map(({ id, person }) => ({ id, person })),
    );
  });
});
