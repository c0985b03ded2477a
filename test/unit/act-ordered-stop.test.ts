import { beforeEach, describe, expect, it } from '@jest/globals';

import { PassLostError } from '../../src/lease/endpoint-store.ts';
import { sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { aStartIntent } from '../builders/endpoint-record.ts';
import { aConnection } from '../builders/observation.ts';
import { anAwsError } from '../builders/scripted-client-vpn.ts';
import { accept, createActWorld, decidedToStop, inTurn, passing, refusals } from './act-world.ts';
import type { ActWorld } from './act-world.ts';

let world: ActWorld;

beforeEach(async () => {
  world = await createActWorld();
});

describe.each(['requested', 'latest-hour'] as const)('a stop that was ordered (%s)', (because) => {
  const stopping = decidedToStop(because);

  it('writes its intent, and cuts off whoever is connected without asking again', async () => {
    const listConnections = () => Promise.resolve([aConnection()]);
    const acted = await world.act(stopping, { listConnections, disassociate: accept });
    expect(world.order).toEqual(['write-intent', 'disassociate', 'disassociate']);
    expect(acted).toEqual({ decision: stopping, intent: stopping.intent, outcome: 'done' });
    expect(world.storedIntent()).toEqual(stopping.intent);
    expect(world.log.messages()).toEqual(['disassociation asked for', 'disassociation asked for']);
  });

  it('tells of every call that AWS has taken on', async () => {
    await world.act(stopping);
    expect(world.accepted).toHaveLength(2);
  });

  it('begins no call after its deadline', async () => {
    const disassociate = () => {
      world.clock.advance(20);
      return accept();
    };
    const acted = await world.act(stopping, { disassociate });
    expect(world.clientVpn().asked('disassociate')).toHaveLength(1);
    expect(acted).toMatchObject({ outcome: 'out-of-time', intent: stopping.intent });
  });
});

describe('a disassociation that AWS refuses', () => {
  const stopping = decidedToStop('requested');

  it.each(refusals)('keeps no other from being asked for: %s', async (kind) => {
    const disassociate = inTurn(() => Promise.reject(anAwsError(kind)), accept);
    const acted = await world.act(stopping, { disassociate });
    expect(world.clientVpn().asked('disassociate')).toMatchObject([
      { associationId: sampleIds.associationA },
      { associationId: sampleIds.associationB },
    ]);
    expect(world.accepted).toHaveLength(1);
    expect(acted).toMatchObject({
      outcome: 'failed',
      problem: { kind },
      decision: { state: 'needs-attention', reason: { code: 'stop-failed', problem: { kind } } },
    });
  });

  it.each(passing)('ends the try where it passes by itself: %s', async (kind) => {
    const disassociate = () => Promise.reject(anAwsError(kind));
    const acted = await world.act(stopping, { disassociate });
    expect(world.clientVpn().asked('disassociate')).toHaveLength(1);
    expect(acted).toMatchObject({ outcome: 'failed', problem: { kind }, decision: stopping });
  });

  it('is told first, whatever is refused after it', async () => {
    const disassociate = inTurn(
      () => Promise.reject(anAwsError('not-allowed')),
      () => Promise.reject(anAwsError('busy')),
    );
    const acted = await world.act(stopping, { disassociate });
    expect(acted).toMatchObject({ problem: { kind: 'not-allowed' } });
  });

  it('is not forgotten at the deadline', async () => {
    const disassociate = () => {
      world.clock.advance(20);
      return Promise.reject(anAwsError('not-allowed'));
    };
    const acted = await world.act(stopping, { disassociate });
    expect(world.clientVpn().asked('disassociate')).toHaveLength(1);
    expect(acted).toMatchObject({ outcome: 'failed', problem: { kind: 'not-allowed' } });
  });

  it('is not what a fault of ours is taken for', async () => {
    const disassociate = () => Promise.reject(new TypeError('x is not a function'));
    await expect(world.act(stopping, { disassociate })).rejects.toThrow(TypeError);
  });

  it('is told by the start that waits for it, where it is of a failed association', async () => {
    const removing = { ...decidedToStop('failed', aStartIntent()), state: 'starting' as const };
    const disassociate = () => Promise.reject(anAwsError('not-allowed'));
    const acted = await world.act(removing, { disassociate });
    expect(acted).toMatchObject({ outcome: 'failed', decision: removing });
  });
});

describe('the removal of a failed association', () => {
  const removing = decidedToStop('failed', aStartIntent({ round: 2 }), [sampleIds.associationA]);

  it('needs no second look, and goes on although somebody has asked', async () => {
    await world.stores.endpoints.noteRequest(sampleIds.endpoint, sampleNow);
    const acted = await world.act(removing, { disassociate: accept });
    expect(world.order).toEqual(['write-intent', 'disassociate']);
    expect(acted.outcome).toBe('done');
    expect(world.storedIntent()).toEqual(aStartIntent({ round: 2 }));
  });

  it('is not done where another pass has taken over', async () => {
    world.clock.advance(31);
    await world.claim('pass-2');
    await expect(world.act(removing)).rejects.toThrow(PassLostError);
    expect(world.clientVpn().calls).toEqual([]);
  });
});
