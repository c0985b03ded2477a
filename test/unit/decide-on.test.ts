import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { decide } from '../../src/reconcile/decide.ts';
import {
  aLease,
  alice,
  anAwsProblem,
  aPause,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import {
  aPass,
  aStopIntent,
  ago,
  ahead,
  anIdleSituation,
  seenFrom,
} from '../builders/endpoint-record.ts';
import {
  aConnection,
  aRoute,
  anAssociation,
  anObservation,
  anOnObservation,
  anotherAssociation,
} from '../builders/observation.ts';

const held = [aLease(alice, 30)];

describe('on', () => {
  it('is kept on by a lease', () => {
    expect(decide(anIdleSituation({ leases: held }))).toEqual({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'kept-on-by-lease', until: ahead(30) },
      intent: { kind: 'none' },
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it.each(['active', 'terminating', 'failed-to-terminate', 'unknown'] as const)(
    'is kept on by a connection that is %s',
    (status) => {
      const observation = anOnObservation({ connections: [aConnection({ status })] });
      expect(decide(anIdleSituation({ observation }, { intent: aStopIntent() }))).toMatchObject({
        action: { kind: 'nothing' },
        state: 'on',
        reason: { code: 'connected', connected: 1 },
        intent: { kind: 'none' },
      });
    },
  );

  it('is not kept on by a connection that has ended', () => {
    const connections = [aConnection({ status: 'terminated', endedAt: ago(40) })];
    const observation = anOnObservation({ connections });
    expect(decide(anIdleSituation({ observation })).state).toBe('stopping');
  });

  it('is stopped when nobody has needed it for the idle grace', () => {
    const associations = [sampleIds.associationA, sampleIds.associationB];
    expect(decide(anIdleSituation())).toEqual({
      action: { kind: 'disassociate', associations, because: 'idle' },
      state: 'stopping',
      reason: { code: 'idle', since: ago(120), silent: 0 },
      intent: { kind: 'stop', since: sampleNow },
      lookAgainAt: secondsAfter(sampleNow, 5),
    });
  });

  it('is not stopped by the portal, which leaves it as it is', () => {
    const justOver = anIdleSituation({ mayDisassociate: false }, { onSince: ago(34) });
    expect(decide(justOver)).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'idle-grace', stopAt: ago(4) },
      intent: { kind: 'none' },
    });
  });

  it.each<[string, Partial<EndpointRecord>]>([
    ['it became on', { onSince: ago(29) }],
    ['a connection was seen', { lastConnectedAt: ago(29) }],
    ['a lease was given back', { lastReleaseAt: ago(29) }],
  ])('has its whole grace since %s', (_, record) => {
    expect(decide(anIdleSituation({}, record))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'idle-grace', stopAt: ahead(1) },
    });
  });

  it('has its whole grace since the last lease ended', () => {
    const leases = [aLease(alice, -29)];
    const decision = decide(anIdleSituation({ leases }));
    expect(decision.reason).toEqual({ code: 'idle-grace', stopAt: ahead(1) });
  });

  it('has its whole grace since the last connection ended', () => {
    const connections = [aConnection({ status: 'terminated', endedAt: ago(29) })];
    const decision = decide(anIdleSituation({ observation: anOnObservation({ connections }) }));
    expect(decision.reason).toEqual({ code: 'idle-grace', stopAt: ahead(1) });
  });

  it('begins its grace now where it was never seen on', () => {
    const decision = decide(anIdleSituation({}, { onSince: null }));
    expect(decision.reason).toEqual({ code: 'idle-grace', stopAt: ahead(30) });
  });

  it('is looked at when the grace ends, if that is before the next look', () => {
    const soon = decide(anIdleSituation({}, { onSince: ago(29.5) }));
    expect(soon.lookAgainAt).toEqual(ahead(0.5));
    const later = decide(anIdleSituation({}, { onSince: ago(1) }));
    expect(later.lookAgainAt).toEqual(secondsAfter(sampleNow, 55));
  });
});

describe('a stop that the schedule should have begun five minutes ago', () => {
  const overdue = { onSince: ago(35) };

  it('needs attention when the portal looks, which stops nothing', () => {
    expect(decide(anIdleSituation({ mayDisassociate: false }, overdue))).toEqual({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason: { code: 'stop-overdue', since: ago(5) },
      intent: { kind: 'none' },
      lookAgainAt: secondsAfter(sampleNow, 55),
    });
  });

  it('is begun by the schedule when it comes after all', () => {
    expect(decide(anIdleSituation({}, overdue))).toMatchObject({
      action: { kind: 'disassociate', because: 'idle' },
      state: 'stopping',
      reason: { code: 'idle', since: ago(35), silent: 0 },
    });
  });

  it('is overdue no more when a lease is held or somebody is connected', () => {
    const mayDisassociate = false;
    const asked = anIdleSituation({ mayDisassociate, leases: held }, overdue);
    expect(decide(asked)).toMatchObject({ state: 'on', reason: { code: 'kept-on-by-lease' } });
    const observation = anOnObservation({ connections: [aConnection()] });
    const used = anIdleSituation({ mayDisassociate, observation }, overdue);
    expect(decide(used)).toMatchObject({ state: 'on', reason: { code: 'connected' } });
  });

  it('stays told, with the same time, by the portal’s next looks', () => {
    const reason = { code: 'stop-overdue', since: ago(5) } as const;
    const lastPass = aPass({ state: 'needs-attention', reason, seen: seenFrom(anOnObservation()) });
    const next = anIdleSituation(
      { mayDisassociate: false, now: ahead(1) },
      { ...overdue, lastPass },
    );
    expect(decide(next)).toMatchObject({ state: 'needs-attention', reason });
  });
});

describe('a stop that was begun and that AWS refuses', () => {
  const reason = { code: 'stop-failed', problem: anAwsProblem({ kind: 'not-allowed' }) } as const;
  const refused = {
    intent: aStopIntent(ago(1)),
    onSince: null,
    lastConnectedAt: ago(60),
    lastPass: aPass({ state: 'needs-attention', reason, seen: seenFrom(anOnObservation()) }),
  };

  it('stays told when the portal looks, and stays a stop', () => {
    expect(decide(anIdleSituation({ mayDisassociate: false }, refused))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'needs-attention',
      reason,
      intent: aStopIntent(ago(1)),
    });
  });

  it('is not told of a stop that was not refused, nor where no pass was recorded', () => {
    const idle = {
      ...refused.lastPass,
      reason: { code: 'idle', since: ago(31), silent: 0 },
    } as const;
    for (const lastPass of [idle, null]) {
      const situation = anIdleSituation({ mayDisassociate: false }, { ...refused, lastPass });
      expect(decide(situation)).toMatchObject({ state: 'stopping', reason: { code: 'idle' } });
    }
  });

  it('is tried again by the schedule', () => {
    expect(decide(anIdleSituation({}, refused))).toMatchObject({
      action: { kind: 'disassociate', because: 'idle' },
      state: 'stopping',
      reason: { code: 'idle', since: ago(31), silent: 0 },
    });
  });

  it('is told no more when a lease calls it off', () => {
    const situation = anIdleSituation({ mayDisassociate: false, leases: held }, refused);
    expect(decide(situation)).toMatchObject({
      state: 'on',
      reason: { code: 'kept-on-by-lease' },
      intent: { kind: 'none' },
    });
  });
});

describe('a stop that was begun and did not come to its end', () => {
  const begun = { intent: aStopIntent(ago(1)), onSince: null, lastConnectedAt: ago(60) };

  it('goes on at once, with what is left of it', () => {
    const observation = anOnObservation({ associations: [anotherAssociation()] });
    expect(decide(anIdleSituation({ observation }, begun))).toMatchObject({
      action: { kind: 'disassociate', associations: [sampleIds.associationB], because: 'idle' },
      state: 'stopping',
      reason: { code: 'idle', since: ago(31), silent: 0 },
      intent: aStopIntent(ago(1)),
    });
  });

  it('is neither continued nor called off by the portal', () => {
    expect(decide(anIdleSituation({ mayDisassociate: false }, begun))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'stopping',
      reason: { code: 'idle' },
      intent: aStopIntent(ago(1)),
    });
  });

  it('is called off where somebody was there after it had begun', () => {
    const connections = [aConnection({ status: 'terminated', endedAt: ago(0.5) })];
    const observation = anOnObservation({ connections });
    expect(decide(anIdleSituation({ observation }, begun))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'idle-grace', stopAt: ahead(29.5) },
      intent: { kind: 'none' },
    });
  });

  describe('and routes are gone by then', () => {
    const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: '' };
    const gone = { ...begun, rememberedRoutes: [route] };
    const connections = [aConnection()];
    const restoring = {
      action: { kind: 'restore-routes', routes: [route] },
      state: 'starting',
      reason: { code: 'restoring-routes' },
      intent: {
        kind: 'start',
        id: 'new-start',
        since: sampleNow,
        origin: 'lease',
        routes: [route],
      },
    };

    it('ends in a new start, which puts them back, when somebody asks for it again', () => {
      expect(decide(anIdleSituation({ leases: held }, gone))).toMatchObject(restoring);
    });

    it('ends in a new start when somebody is connected again', () => {
      const observation = anOnObservation({ connections });
      expect(decide(anIdleSituation({ observation }, gone))).toMatchObject(restoring);
    });

    it('ends in a new start of the portal, too, which may not stop anything', () => {
      const asked = anIdleSituation({ leases: held, mayDisassociate: false }, gone);
      expect(decide(asked)).toMatchObject(restoring);
    });

    it('ends in a new start when its cause is gone, and nobody needs it so far', () => {
      const ended = [aConnection({ status: 'terminated', endedAt: ago(5) })];
      const observation = anOnObservation({ connections: ended });
      expect(decide(anIdleSituation({ observation }, gone))).toMatchObject(restoring);
    });

    it('ends in a new start when stopping is paused', () => {
      const pausing = { kind: 'paused', pause: aPause() } as const;
      expect(decide(anIdleSituation({ pausing }, gone))).toMatchObject(restoring);
    });

    it('goes on when nobody needs it, and puts nothing back', () => {
      const ended = [aConnection({ status: 'terminated', endedAt: ago(40) })];
      const observation = anOnObservation({ connections: ended });
      const leases = [aLease(alice, -40)];
      expect(decide(anIdleSituation({ observation, leases }, gone))).toMatchObject({
        action: { kind: 'disassociate', because: 'idle' },
        state: 'stopping',
        intent: aStopIntent(ago(1)),
      });
    });

    it.each(['active', 'creating'] as const)(
      'starts nothing for a lease when they are there after all, and %s',
      (status) => {
        const observation = anOnObservation({ routes: [aRoute({ ...route, status })] });
        expect(decide(anIdleSituation({ observation, leases: held }, gone))).toMatchObject({
          action: { kind: 'nothing' },
          state: 'on',
          intent: { kind: 'none' },
        });
      },
    );

    it('starts nothing for somebody connected when they belong to a network that is not there', () => {
      const associations = [anotherAssociation()];
      const observation = anOnObservation({ associations, connections });
      expect(decide(anIdleSituation({ observation }, gone))).toMatchObject({
        action: { kind: 'nothing' },
        state: 'on',
        reason: { code: 'connected' },
        intent: { kind: 'none' },
      });
    });
  });

  it('is called off by a lease', () => {
    expect(decide(anIdleSituation({ leases: held }, begun))).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      intent: { kind: 'none' },
    });
  });
});

describe('networks that somebody else has associated', () => {
  const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: '' };
  const rememberedRoutes = [route];
  const off = aPass();
  const adopted = {
    action: { kind: 'restore-routes', routes: [route] },
    state: 'starting',
    intent: { kind: 'start', id: 'new-start', origin: 'outside', routes: [route] },
  };

  it('have their routes put back where it was off', () => {
    const record = { rememberedRoutes, lastPass: off, onSince: null };
    expect(decide(anIdleSituation({}, record))).toMatchObject(adopted);
  });

  it('have their routes put back where it was seen stopping, whoever stopped it', () => {
    const associations = [anAssociation({ status: 'disassociating' })];
    const seen = seenFrom(anObservation({ at: ago(1), associations }));
    const lastPass = aPass({ state: 'stopping', reason: { code: 'disassociating' }, seen });
    for (const intent of [{ kind: 'none' as const }, aStopIntent()]) {
      const record = { rememberedRoutes, lastPass, intent, onSince: null };
      expect(decide(anIdleSituation({}, record))).toMatchObject(adopted);
    }
  });

  it('have their routes put back where they took the place of others between two looks', () => {
    const associations = [
      anAssociation({ id: sampleIds.associationB }),
      anotherAssociation({ id: sampleIds.associationA }),
    ];
    const seen = seenFrom(anOnObservation({ associations: associations.slice(0, 1) }));
    const lastPass = aPass({ state: 'on', seen });
    const record = { rememberedRoutes, lastPass };
    expect(decide(anIdleSituation({}, record))).toMatchObject(adopted);
  });

  it('are on at once where there is nothing to put back', () => {
    const decision = decide(anIdleSituation({}, { lastPass: off, onSince: null }));
    expect(decision).toMatchObject({ state: 'on', intent: { kind: 'none' } });
  });

  it('are taken as they are where nothing was read before', () => {
    for (const lastPass of [null, aPass({ seen: null })]) {
      const record = { rememberedRoutes, lastPass, onSince: null };
      expect(decide(anIdleSituation({}, record))).toMatchObject({
        action: { kind: 'nothing' },
        state: 'on',
      });
    }
  });
});
