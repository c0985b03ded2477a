import { beforeEach, describe, expect, it } from '@jest/globals';

import { StoreError } from '../../src/errors.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { aHold, aLease, alice, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { aPass, aStartIntent, aStopIntent, aTrouble, ahead } from '../builders/endpoint-record.ts';
import { aConnection } from '../builders/observation.ts';
import { anAwsError } from '../builders/scripted-client-vpn.ts';
import {
  accept,
  bothAssociations,
  createActWorld,
  decidedToStop,
  pass,
  passing,
  refusals,
  refuse,
} from './act-world.ts';
import type { ActWorld } from './act-world.ts';

let world: ActWorld;

beforeEach(async () => {
  world = await createActWorld();
});

const stopping = decidedToStop('idle');
const leaseOfAlice = () => world.stores.leases.extend(aLease(alice, 30), null);
const somebody = () => Promise.resolve([aConnection()]);

describe('the stop of an endpoint that nobody needs', () => {
  it('writes the intent, reads leases and connections once more, and only then disassociates', async () => {
    const listConnections = () =>
      Promise.resolve([aConnection({ status: 'terminated', endedAt: sampleNow })]);
    const acted = await world.act(stopping, { listConnections, disassociate: accept });
    expect(world.order).toEqual([
      'write-intent',
      'load',
      'listConnections',
      'disassociate',
      'disassociate',
    ]);
    expect(acted).toEqual({ decision: stopping, intent: stopping.intent, outcome: 'done' });
    expect(world.clientVpn().asked('disassociate')).toEqual(
      bothAssociations.map((associationId) => ({ endpointId: pass.endpointId, associationId })),
    );
  });

  it('looks as closely where an administrator holds it off', async () => {
    await world.act(decidedToStop('held-off'), { listConnections: () => Promise.resolve([]) });
    expect(world.order.slice(0, 3)).toEqual(['write-intent', 'load', 'listConnections']);
    expect(world.clientVpn().asked('disassociate')).toHaveLength(2);
    const acted = await world.act(decidedToStop('held-off'), { listConnections: somebody });
    expect(acted).toMatchObject({ outcome: 'abandoned', decision: { state: 'on' } });
  });

  it('is refused where the table does not answer', async () => {
    const writeIntent = () => Promise.reject(new StoreError('no table'));
    const acting = world.act(stopping, {}, { endpoints: { writeIntent } });
    await expect(acting).rejects.toThrow(StoreError);
    expect(world.clientVpn().calls).toEqual([]);
  });

  it('is refused where the table does not answer at the second look', async () => {
    const load = () => Promise.reject(new StoreError('no table'));
    const acting = world.act(stopping, {}, { endpoints: { load } });
    await expect(acting).rejects.toThrow(StoreError);
    expect(world.clientVpn().calls).toEqual([]);
  });

  it('is abandoned where a lease turns up that the decision did not know of', async () => {
    await leaseOfAlice();
    const acted = await world.act(stopping);
    expect(world.clientVpn().calls).toEqual([]);
    expect(acted).toMatchObject({
      outcome: 'abandoned',
      intent: { kind: 'none' },
      decision: {
        action: { kind: 'nothing' },
        state: 'on',
        reason: { code: 'kept-on-by-lease', until: ahead(30) },
      },
    });
  });

  it.each(['active', 'terminating', 'failed-to-terminate', 'unknown'] as const)(
    'is abandoned where the second look finds a connection that is %s',
    async (status) => {
      const listConnections = () => Promise.resolve([aConnection({ status })]);
      const acted = await world.act(stopping, { listConnections });
      expect(world.clientVpn().asked('disassociate')).toEqual([]);
      expect(acted).toMatchObject({
        outcome: 'abandoned',
        intent: { kind: 'none' },
        decision: { state: 'on', reason: { code: 'connected', connected: 1 } },
      });
    },
  );

  it('is abandoned where the connections cannot be read a second time', async () => {
    const acted = await world.act(stopping, { listConnections: refuse });
    expect(world.clientVpn().asked('disassociate')).toEqual([]);
    expect(acted).toMatchObject({
      outcome: 'abandoned',
      intent: { kind: 'none' },
      decision: { state: 'on', reason: { code: 'reading-incomplete' } },
    });
  });

  it.each(['somebody connects', 'somebody asks', 'the connections cannot be read'])(
    'goes back to the start that it would have ended, where %s at the second look',
    async (what) => {
      const start = aStartIntent({ trouble: aTrouble({ gaveUp: true }) });
      await world.stores.endpoints.writeIntent(pass, start);
      if (what === 'somebody asks') await leaseOfAlice();
      const listConnections = what === 'somebody connects' ? somebody : refuse;
      const acted = await world.act(stopping, { listConnections });
      expect(world.clientVpn().asked('disassociate')).toEqual([]);
      expect(acted).toMatchObject({ outcome: 'abandoned', intent: start });
      expect(acted.decision).toMatchObject({ state: 'on', intent: start });
    },
  );

  it('leaves a stop that was begun before to the next pass, which sees what is gone', async () => {
    await world.stores.endpoints.writeIntent(pass, aStopIntent());
    const goingOn = decidedToStop('idle', aStopIntent());
    const acted = await world.act(goingOn, { listConnections: somebody });
    expect(acted).toMatchObject({ outcome: 'abandoned', intent: aStopIntent() });
    expect(world.storedIntent()).toEqual(aStopIntent());
  });

  it('is abandoned where a hold turns up that the decision did not know of', async () => {
    const { endpoints } = world.stores;
    const load = async () => {
      const loaded = await endpoints.load(pass.endpointId);
      return { ...loaded, record: { ...loaded.record, hold: aHold('on') } };
    };
    const acted = await world.act(stopping, {}, { endpoints: { load } });
    expect(world.clientVpn().calls).toEqual([]);
    expect(acted).toMatchObject({
      outcome: 'abandoned',
      decision: { state: 'on', reason: { code: 'held-on', until: aHold('on').until } },
    });
  });

  it('counts those who are connected as it is told to: somebody silent keeps nothing on', async () => {
    const seen: unknown[] = [];
    const countInUse = (connections: readonly unknown[]) => {
      seen.push(connections);
      return 0;
    };
    const acted = await world.act(stopping, { listConnections: somebody }, { countInUse });
    expect(seen).toEqual([[aConnection()]]);
    expect(acted.outcome).toBe('done');
  });

  it.each(passing)('stays a stop, and is told as one, where AWS is %s', async (kind) => {
    const disassociate = () => Promise.reject(anAwsError(kind));
    const acted = await world.act(stopping, { disassociate });
    expect(world.clientVpn().asked('disassociate')).toHaveLength(1);
    expect(acted).toEqual({
      decision: stopping,
      intent: stopping.intent,
      outcome: 'failed',
      problem: expect.objectContaining({ kind }) as unknown,
    });
    expect(world.log.messages()).toEqual(['disassociation failed once']);
  });

  it.each(refusals)(
    'stays a stop that needs attention where AWS refuses it as %s',
    async (kind) => {
      const disassociate = () => Promise.reject(anAwsError(kind));
      const acted = await world.act(stopping, { disassociate });
      expect(acted).toMatchObject({
        outcome: 'failed',
        intent: stopping.intent,
        decision: {
          state: 'needs-attention',
          reason: {
            code: 'stop-failed',
            problem: { kind, message: 'the service is not available' },
          },
          lookAgainAt: stopping.lookAgainAt,
        },
      });
      expect(world.storedIntent()).toEqual(stopping.intent);
    },
  );

  it('begins no call after its deadline, however long the second look took', async () => {
    const listConnections = () => {
      world.clock.advance(20);
      return Promise.resolve([]);
    };
    const acted = await world.act(stopping, { listConnections });
    expect(world.clientVpn().asked('disassociate')).toEqual([]);
    expect(acted.outcome).toBe('out-of-time');
  });
});

describe.each(['idle', 'held-off'] as const)('the stop of several networks (%s)', (because) => {
  const several = decidedToStop(because);
  const asked = () => world.clientVpn().asked('disassociate').length;

  /** AWS takes so long over each network, and this happens while it is at the first one. */
  const actOver = (seconds: number, meanwhile: () => Promise<unknown> = accept) => {
    const answers = [() => Promise.resolve([]), () => Promise.resolve([])];
    let first = true;
    return world.act(several, {
      listConnections: () => answers.shift()?.() ?? somebody(),
      disassociate: async () => {
        world.clock.advance(seconds);
        if (first) await meanwhile();
        first = false;
        return accept();
      },
    });
  };

  it('looks again before the next one where the last look is two seconds old', async () => {
    const acted = await actOver(2);
    expect(world.order).toEqual([
      'write-intent',
      ...['load', 'listConnections', 'disassociate'],
      ...['load', 'listConnections', 'disassociate'],
    ]);
    expect(acted.outcome).toBe('done');
  });

  it('does not look again at once', async () => {
    await actOver(1.9);
    expect(world.order.filter((each) => each === 'listConnections')).toHaveLength(1);
    expect(asked()).toBe(2);
  });

  it('counts the age of a look from its answer', async () => {
    const listConnections = () => {
      world.clock.advance(3);
      return Promise.resolve([]);
    };
    await world.act(several, { listConnections });
    expect(world.clientVpn().asked('listConnections')).toHaveLength(1);
    expect(asked()).toBe(2);
  });

  it('is abandoned half-way where somebody has connected meanwhile, and stays a stop', async () => {
    const looks = [[], [aConnection()]];
    const acted = await world.act(several, {
      listConnections: () => Promise.resolve(looks.shift() ?? []),
      disassociate: () => {
        world.clock.advance(2);
        return accept();
      },
    });
    expect(asked()).toBe(1);
    expect(acted).toMatchObject({
      outcome: 'abandoned',
      intent: several.intent,
      decision: { action: { kind: 'nothing' }, reason: { code: 'connected', connected: 1 } },
    });
    expect(world.storedIntent()).toEqual(several.intent);
  });

  it('is abandoned half-way where somebody has asked meanwhile', async () => {
    const acted = await actOver(2, leaseOfAlice);
    expect(asked()).toBe(1);
    expect(acted).toMatchObject({
      outcome: 'abandoned',
      intent: several.intent,
      decision: { reason: { code: 'kept-on-by-lease' } },
    });
  });

  it('stays a stop too where AWS has refused the one it was asked for', async () => {
    const looks = [[], [aConnection()]];
    const acted = await world.act(several, {
      listConnections: () => Promise.resolve(looks.shift() ?? []),
      disassociate: () => {
        world.clock.advance(2);
        return Promise.reject(anAwsError('unknown'));
      },
    });
    expect(acted).toMatchObject({ outcome: 'abandoned', intent: several.intent });
  });

  it('looks no more once its time is over', async () => {
    const acted = await actOver(20);
    expect(world.order.filter((each) => each === 'listConnections')).toHaveLength(1);
    expect(asked()).toBe(1);
    expect(acted).toMatchObject({ outcome: 'out-of-time', intent: several.intent });
  });
});

describe('a stop that somebody forestalls, by whatever raises the revision', () => {
  const wish = () => world.stores.endpoints.noteRequest(sampleIds.endpoint, sampleNow);
  const asBefore = async (decision = stopping, before: Partial<EndpointRecord> = {}) => {
    const { intent = { kind: 'none' }, lastPass = null } = before;
    const { endpoints } = world.stores;
    if (lastPass !== null) {
      const { record } = world.stores.peek(pass.endpointId);
      await endpoints.recordPass(pass, { ...record, intent, lastPass, nextPassAt: sampleNow });
      world.clock.advance(5);
      await world.claim(pass.passId);
    }
    return world.act(decision, {}, { meanwhile: wish });
  };

  it.each(['idle', 'held-off', 'requested', 'latest-hour'] as const)(
    'asks nothing of AWS, and leaves no intent (%s)',
    async (because) => {
      const acted = await asBefore(decidedToStop(because));
      expect(acted).toMatchObject({ outcome: 'abandoned', intent: { kind: 'none' } });
      expect(world.clientVpn().calls).toEqual([]);
      expect(world.order).toEqual(['write-intent']);
      expect(world.storedIntent()).toEqual({ kind: 'none' });
      expect(world.log.messages()).toEqual(['stop abandoned: somebody asked for the endpoint']);
    },
  );

  it('leaves it as the last pass has told it', async () => {
    const reason = { code: 'connected', connected: 1 } as const;
    const acted = await asBefore(stopping, { lastPass: aPass({ state: 'on', reason }) });
    expect(acted.decision).toEqual({
      action: { kind: 'nothing' },
      state: 'on',
      reason,
      intent: { kind: 'none' },
      lookAgainAt: stopping.lookAgainAt,
    });
  });

  it('does not call a start *On* that it would have cut short', async () => {
    const intent = aStartIntent();
    const lastPass = aPass({ state: 'starting', reason: { code: 'associating' } });
    const acted = await asBefore(decidedToStop('requested'), { intent, lastPass });
    expect(acted).toMatchObject({ intent, decision: { state: 'starting', intent } });
  });

  it('is on, and idle, where no pass has told anything yet', async () => {
    const { decision } = await asBefore();
    expect(decision).toMatchObject({
      state: 'on',
      reason: { code: 'idle-grace', stopAt: sampleNow },
    });
  });

  it('is abandoned where another pass has taken over', async () => {
    world.clock.advance(31);
    const acted = await world.act(stopping, {}, { meanwhile: () => world.claim('pass-2') });
    expect(acted.outcome).toBe('abandoned');
    expect(world.clientVpn().calls).toEqual([]);
  });
});
