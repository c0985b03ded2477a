import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { Intent } from '../../src/lease/endpoint-record.ts';
import type { Lease } from '../../src/lease/lease.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Association, AssociationStatus } from '../../src/vpn/association.ts';
import { associationIds, subnetIds } from '../builders/arbitraries.ts';
import {
  aLease,
  aPolicy,
  alice,
  anAwsProblem,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import {
  aPass,
  aRecord,
  aSituation,
  aStartIntent,
  aStopIntent,
  aTrouble,
  ago,
  anIdleSituation,
} from '../builders/endpoint-record.ts';
import {
  aConnection,
  anAssociation,
  anIncompleteObservation,
  anObservation,
  anOnObservation,
  anotherAssociation,
} from '../builders/observation.ts';

const held = [aLease(alice, 30)];
describe('a reading that is not complete', () => {
  it('permits nothing, keeps what was known, and looks again soon', () => {
    const record = aRecord({ intent: aStopIntent(), lastPass: aPass({ state: 'stopping' }) });
    const observation = anIncompleteObservation();
    expect(decide(aSituation({ record, observation }))).toEqual({
      action: { kind: 'nothing' },
      state: 'stopping',
      reason: { code: 'reading-incomplete', problem: observation.problem },
      intent: record.intent,
      lookAgainAt: secondsAfter(sampleNow, 5),
    });
  });

  it('associates nothing although a lease is held, and counts as off where nothing was ever seen', () => {
    const observation = anIncompleteObservation();
    const decision = decide(aSituation({ observation, leases: held }));
    expect(decision).toMatchObject({ action: { kind: 'nothing' }, state: 'off' });
  });

  it('comes before tags that do not parse', () => {
    const observation = anIncompleteObservation();
    const policy = { ok: false, name: '', groups: [], problems: [] } as const;
    expect(decide(aSituation({ observation, policy })).reason.code).toBe('reading-incomplete');
  });
});

describe('tags that do not parse', () => {
  const problems = [{ code: 'subnets-missing', tag: 'vpn-portal:subnets', value: '' }] as const;
  const policy = { ok: false, name: 'x', groups: null, problems } as const;

  it('need attention, and nothing is done even where it is idle', () => {
    const intent = aStartIntent();
    expect(decide(anIdleSituation({ policy }, { intent }))).toEqual({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'policy-invalid', problems },
      intent,
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it('start nothing for a lease', () => {
    expect(decide(aSituation({ policy, leases: held })).action.kind).toBe('nothing');
  });
});

describe('off', () => {
  it('stays off while nobody needs it, and drops what was begun', () => {
    const record = aRecord({ intent: aStartIntent() });
    expect(decide(aSituation({ record }))).toEqual({
      action: { kind: 'nothing' },
      state: 'off',
      reason: { code: 'nobody-needs-it' },
      intent: { kind: 'none' },
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it('counts an association that AWS still lists as disassociated for gone', () => {
    const observation = anObservation({
      associations: [anAssociation({ status: 'disassociated' })],
    });
    expect(decide(aSituation({ observation })).state).toBe('off');
  });

  it('does not start for a lease that has ended', () => {
    expect(decide(aSituation({ leases: [aLease(alice, 0)] })).action.kind).toBe('nothing');
  });

  it('needs attention where AWS would not take the subnets, before anybody asks', () => {
    const subnetProblems = [
      { code: 'subnet-not-found', subnetId: sampleIds.subnetA, detail: '' },
    ] as const;
    const decision = decide(aSituation({ subnetProblems }));
    expect(decision).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'subnets-invalid', problems: subnetProblems },
      intent: { kind: 'none' },
    });
  });
});

describe('while AWS takes a network away', () => {
  const observation = anObservation({
    associations: [anAssociation({ status: 'disassociating' }), anotherAssociation()],
  });

  it('is stopping where nobody asks, and the stop that was begun stays one', () => {
    const record = aRecord({ intent: aStopIntent() });
    expect(decide(aSituation({ observation, record }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'stopping',
      reason: { code: 'disassociating' },
      intent: record.intent,
      lookAgainAt: secondsAfter(sampleNow, 5),
    });
  });

  it('drops a start that nobody wants any more, once nothing is left of it', () => {
    const record = aRecord({ intent: aStartIntent() });
    const associations = [anAssociation({ status: 'disassociating' })];
    const allLeave = anObservation({ associations });
    expect(decide(aSituation({ observation: allLeave, record })).intent).toEqual({ kind: 'none' });
    expect(decide(aSituation({ observation, record })).intent).toEqual(record.intent);
  });

  it('makes a request wait, and associates nothing into it', () => {
    const record = aRecord({ intent: aStopIntent() });
    expect(decide(aSituation({ observation, record, leases: held }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'starting',
      reason: { code: 'waiting-for-the-stop' },
      intent: record.intent,
    });
  });

  it('waits for a status it does not know as for a disassociation', () => {
    const strange = anOnObservation({
      associations: [anAssociation({ status: 'unknown' }), anotherAssociation()],
    });
    expect(decide(anIdleSituation({ observation: strange }))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'stopping',
    });
  });

  it('says that it is a failed association that goes, and why it failed', () => {
    const failed = { failedAssociations: [sampleIds.associationA] };
    const decisionWith = (trouble: ReturnType<typeof aTrouble> | null) =>
      decide(
        aSituation({
          observation,
          leases: held,
          record: aRecord({ intent: aStartIntent({ ...failed, trouble }) }),
        }),
      );
    const problem = anAwsProblem({ message: 'no capacity' });
    expect(decisionWith(aTrouble({ problem }))).toMatchObject({
      state: 'starting',
      reason: { code: 'removing-a-failed-association', message: 'no capacity' },
    });
    expect(decisionWith(null).reason).toEqual({
      code: 'removing-a-failed-association',
      message: '',
    });
  });

  it('goes on needing attention where the start was given up, unless somebody has asked since', () => {
    const trouble = aTrouble({ gaveUp: true, at: ago(2) });
    const intent = aStartIntent({ failedAssociations: [sampleIds.associationA], trouble });
    const given = decide(aSituation({ observation, leases: held, record: aRecord({ intent }) }));
    expect(given).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'gave-up' },
      intent,
    });
    const record = aRecord({ intent, lastRequestAt: ago(1) });
    const asked = decide(aSituation({ observation, leases: held, record }));
    expect(asked).toMatchObject({ action: { kind: 'nothing' }, state: 'starting' });
  });
});

describe('an association that failed', () => {
  const message = 'No capacity in this zone';
  const failed = anAssociation({ status: 'association-failed', message });
  const observation = anObservation({ associations: [failed, anotherAssociation()] });

  it('is taken away, and counted, for the lease that needs it', () => {
    const record = aRecord({ intent: aStartIntent() });
    expect(decide(aSituation({ observation, record, leases: held }))).toMatchObject({
      action: { kind: 'disassociate', associations: [failed.id], because: 'failed' },
      state: 'starting',
      reason: { code: 'removing-a-failed-association', message },
      intent: {
        id: 'start-1',
        round: 2,
        failedAssociations: [failed.id],
        trouble: { tries: 1, gaveUp: false, problem: { code: 'association-failed', message } },
      },
    });
  });

  it('is counted once, however often it is seen', () => {
    const intent = aStartIntent({ round: 2, failedAssociations: [failed.id], trouble: aTrouble() });
    const record = aRecord({ intent });
    expect(decide(aSituation({ observation, record, leases: held })).intent).toEqual(intent);
  });

  it('is not taken away by the portal, which says the same', () => {
    const record = aRecord({ intent: aStartIntent() });
    const mayDisassociate = false;
    expect(
      decide(aSituation({ observation, record, leases: held, mayDisassociate })),
    ).toMatchObject({
      action: { kind: 'nothing' },
      reason: { code: 'removing-a-failed-association', message },
      intent: { round: 2 },
    });
  });

  it('begins a start of its own where none is under way', () => {
    const decision = decide(aSituation({ observation, leases: held }));
    expect(decision.intent).toMatchObject({ id: 'new-start', origin: 'lease', round: 2 });
  });

  it('is given up after the third, and taken away all the same', () => {
    const intent = aStartIntent({
      failedAssociations: associationIds.slice(0, 2),
      trouble: aTrouble({ tries: 2 }),
    });
    const record = aRecord({ intent });
    expect(decide(aSituation({ observation, record, leases: held }))).toMatchObject({
      action: { kind: 'disassociate', associations: [failed.id], because: 'failed' },
      state: 'needs-attention',
      reason: { code: 'gave-up', problem: { message } },
      intent: { trouble: { tries: 3, gaveUp: true } },
    });
  });

  it('is taken away for nobody, too, and then it is off', () => {
    const alone = anObservation({ associations: [failed] });
    expect(decide(aSituation({ observation: alone }))).toMatchObject({
      action: { kind: 'disassociate', associations: [failed.id], because: 'failed' },
      state: 'stopping',
      reason: { code: 'disassociating' },
      intent: { kind: 'none' },
    });
  });

  it('is taken away beside one that is kept on', () => {
    const connections = [aConnection()];
    expect(decide(anIdleSituation({ observation: { ...observation, connections } }))).toMatchObject(
      {
        action: { kind: 'disassociate', associations: [failed.id], because: 'failed' },
        state: 'on',
        reason: { code: 'connected' },
      },
    );
  });

  it('waits behind what the healthy one needs', () => {
    expect(decide(anIdleSituation({ observation }))).toMatchObject({
      action: { kind: 'disassociate', associations: [sampleIds.associationB], because: 'idle' },
      state: 'stopping',
    });
  });
});

describe('one of three networks that failed, when the lease ends before it is gone', () => {
  const three = subnetIds.flatMap((subnetId, index) =>
    associationIds.slice(index, index + 1).map((id) => anAssociation({ id, subnetId })),
  );
  const routes = subnetIds.map((subnetId) => ({
    destinationCidr: '10.9.0.0/16',
    subnetId,
    description: '',
  }));
  const policy = { ok: true, policy: aPolicy({ subnets: subnetIds }) } as const;
  const decideWith = (
    associations: readonly Association[],
    intent: Intent,
    leases: readonly Lease[] = [],
  ) => {
    const observation = anObservation({ associations });
    return decide(aSituation({ policy, observation, leases, record: aRecord({ intent }) }));
  };
  /** The first of the three, and the two others. */
  const networks = (first: AssociationStatus, others: AssociationStatus = 'associated') =>
    three.map((each, index) => ({ ...each, status: index === 0 ? first : others }));
  const failedId = three.slice(0, 1).map(({ id }) => id);
  const start = aStartIntent({ routes, failedAssociations: failedId, round: 2 });

  it('does not end the start of the two healthy ones, whose routes are put back', () => {
    const seen = decideWith(networks('association-failed'), aStartIntent({ routes }), held);
    expect(seen.action).toMatchObject({ kind: 'disassociate', associations: failedId });
    expect(seen.intent).toMatchObject({ id: 'start-1', failedAssociations: failedId });

    const leaving = decideWith(networks('disassociating'), seen.intent);
    expect(leaving).toMatchObject({ action: { kind: 'nothing' }, state: 'stopping' });
    expect(leaving.intent).toEqual(seen.intent);

    const gone = decideWith(three.slice(1), leaving.intent);
    expect(gone.state).toBe('starting');
    expect(gone.intent).toMatchObject({ id: 'start-1' });
  });

  it('leaves the routes of the two healthy ones to be put back, and not its own', () => {
    expect(decideWith(three.slice(1), start)).toMatchObject({
      action: { kind: 'restore-routes', routes: routes.slice(1) },
      state: 'starting',
      reason: { code: 'restoring-routes' },
      intent: start,
    });
  });

  it('is taken away while the healthy ones are still associating, and their start goes on', () => {
    expect(decideWith(networks('association-failed', 'associating'), start)).toMatchObject({
      action: { kind: 'disassociate', associations: failedId, because: 'failed' },
      state: 'starting',
      reason: { code: 'associating' },
      intent: start,
    });
  });

  it('does not end the start while even one network stays', () => {
    const [first, second, third] = networks('disassociating', 'disassociating');
    const staying = anAssociation({ ...third, status: 'associated' });
    const associations = [first, second, staying].filter((each) => each !== undefined);
    expect(decideWith(associations, start).intent).toEqual(start);
  });

  it.each(['disassociating', 'unknown'] as const)(
    'ends the start when every other one is %s, too',
    (status) => {
      expect(decideWith(networks('disassociating', status), start)).toMatchObject({
        action: { kind: 'nothing' },
        state: 'stopping',
        reason: { code: 'disassociating' },
        intent: { kind: 'none' },
      });
    },
  );

  it('does not end the start of a lease, though every network leaves', () => {
    const all = networks('disassociating', 'disassociating');
    expect(decideWith(all, start, held)).toMatchObject({ state: 'starting', intent: start });
  });
});
