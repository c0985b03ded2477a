import { beforeEach, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import type { Action } from '../../src/reconcile/decision.ts';
import { anAwsProblem, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { aStartIntent, aTrouble } from '../builders/endpoint-record.ts';
import { anAwsError } from '../builders/scripted-client-vpn.ts';
import {
  accept,
  bothSubnets,
  createActWorld,
  decided,
  inTurn,
  otherRoute,
  passing,
  refusals,
  refuse,
  route,
} from './act-world.ts';
import type { ActWorld } from './act-world.ts';

let world: ActWorld;

beforeEach(async () => {
  world = await createActWorld();
});

/** Of the same operation as the refusals of these tests. */
const triedOften = aTrouble({ tries: 11, problem: anAwsProblem({ operation: 'AnOperation' }) });

describe('where nothing was decided', () => {
  it('nothing is written and nothing is asked for', async () => {
    const decision = decided({ kind: 'nothing' }, aStartIntent());
    const acted = await world.act(decision);
    expect(acted).toEqual({ decision, intent: decision.intent, outcome: 'nothing-to-do' });
    expect(world.clientVpn().calls).toEqual([]);
    expect(world.order).toEqual([]);
  });
});

describe('a start', () => {
  const associating = decided({ kind: 'associate', subnets: bothSubnets }, aStartIntent());

  it('writes its intent before the first call, then asks for one network after the other', async () => {
    const { intent, outcome } = await world.act(associating, { associate: accept });
    expect(world.order).toEqual(['write-intent', 'associate', 'associate']);
    expect(outcome).toBe('done');
    expect(intent).toEqual(aStartIntent());
    expect(world.storedIntent()).toEqual(aStartIntent());
    expect(world.clientVpn().asked('associate')).toMatchObject([
      { endpointId: sampleIds.endpoint, subnetId: sampleIds.subnetA },
      { endpointId: sampleIds.endpoint, subnetId: sampleIds.subnetB },
    ]);
    expect(world.log.messages()).toEqual(['association asked for', 'association asked for']);
  });

  it('does not write an intent that stands there already', async () => {
    await world.act(associating, { associate: accept });
    const intent = world.storedIntent();
    await world.act({ ...associating, intent }, { associate: accept });
    expect(world.order).toEqual(['associate', 'associate']);
  });

  it('asks for nothing where another pass has taken over', async () => {
    world.clock.advance(31);
    await world.claim('pass-2');
    await expect(world.act(associating)).rejects.toThrow(PassLostError);
    expect(world.clientVpn().calls).toEqual([]);
  });

  it('tells of every call that AWS has taken on, whatever became of the others', async () => {
    const associate = inTurn(() => Promise.reject(anAwsError('misconfigured')), accept);
    await world.act(associating, { associate });
    expect(world.accepted).toEqual([{ outcome: 'accepted', requestId: 'request-1' }]);
    await world.act(decided({ kind: 'restore-routes', routes: [route] }, aStartIntent()));
    expect(world.accepted).toHaveLength(2);
  });

  it('hands on the problem that it met, and none where all went well', async () => {
    const failed = await world.act(associating, { associate: refuse });
    expect(failed).toMatchObject({ outcome: 'failed', problem: { kind: 'unreachable' } });
    expect(await world.act(associating)).not.toHaveProperty('problem');
  });

  it('forgets its trouble when AWS accepts', async () => {
    const intent = aStartIntent({ trouble: aTrouble() });
    const acted = await world.act({ ...associating, intent });
    expect(acted.intent).toEqual(aStartIntent());
  });

  it.each(passing)('ends its try where AWS is %s, and says when it tries again', async (kind) => {
    const associate = () => Promise.reject(anAwsError(kind));
    const acted = await world.act(associating, { associate });
    expect(world.clientVpn().asked('associate')).toHaveLength(1);
    const retryAt = secondsAfter(sampleNow, 5);
    expect(acted).toMatchObject({
      outcome: 'failed',
      decision: {
        state: 'starting',
        reason: { code: 'trying-again', problem: { kind }, retryAt },
        lookAgainAt: retryAt,
      },
      intent: { kind: 'start', id: 'start-1', trouble: { tries: 1, gaveUp: false, retryAt } },
    });
    expect(world.log.messages()).toEqual(['start failed once']);
  });

  it.each(refusals)(
    'asks for the other networks although one is refused as %s, and tells of that one',
    async (kind) => {
      const associate = inTurn(() => Promise.reject(anAwsError(kind)), accept);
      const acted = await world.act(associating, { associate });
      expect(world.clientVpn().asked('associate')).toMatchObject([
        { subnetId: sampleIds.subnetA },
        { subnetId: sampleIds.subnetB },
      ]);
      expect(acted).toMatchObject({
        outcome: 'failed',
        decision: { state: 'starting', reason: { code: 'trying-again', problem: { kind } } },
        intent: { trouble: { problem: { kind }, tries: 1 } },
      });
      expect(world.log.messages()).toEqual(['association asked for', 'start failed once']);
    },
  );

  it('restores the other routes although one is refused', async () => {
    const action: Action = { kind: 'restore-routes', routes: [route, otherRoute] };
    const createRoute = inTurn(() => Promise.reject(anAwsError('misconfigured')), accept);
    const acted = await world.act(decided(action, aStartIntent()), { createRoute });
    expect(world.clientVpn().asked('createRoute')).toMatchObject([
      { route },
      { route: otherRoute },
    ]);
    expect(acted).toMatchObject({ outcome: 'failed', intent: { trouble: { tries: 1 } } });
  });

  it('tells of the first problem where it meets several, and counts them as one', async () => {
    const associate = inTurn(
      () => Promise.reject(anAwsError('misconfigured')),
      () => Promise.reject(anAwsError('not-allowed')),
      () => Promise.reject(anAwsError('busy')),
      accept,
    );
    const subnets = [...bothSubnets, ...bothSubnets];
    const acted = await world.act(
      { ...associating, action: { kind: 'associate', subnets } },
      { associate },
    );
    expect(world.clientVpn().asked('associate')).toHaveLength(3);
    expect(acted.intent).toMatchObject({
      trouble: { problem: { kind: 'misconfigured' }, tries: 1 },
    });
  });

  it('is given up with the failure that is one too many', async () => {
    const intent = aStartIntent({ trouble: triedOften });
    const acted = await world.act({ ...associating, intent }, { associate: refuse });
    expect(acted).toMatchObject({
      decision: { state: 'needs-attention', reason: { code: 'gave-up' } },
      intent: { trouble: { tries: 12, gaveUp: true } },
    });
  });

  it('begins no call after its deadline', async () => {
    const slow = () => {
      world.clock.advance(20);
      return accept();
    };
    const acted = await world.act(associating, { associate: slow });
    expect(world.clientVpn().asked('associate')).toHaveLength(1);
    expect(acted).toMatchObject({ outcome: 'out-of-time', intent: aStartIntent() });
  });

  it('does not forget what was refused before its deadline', async () => {
    const slow = () => {
      world.clock.advance(20);
      return Promise.reject(anAwsError('misconfigured'));
    };
    const acted = await world.act(associating, { associate: slow });
    expect(world.clientVpn().asked('associate')).toHaveLength(1);
    expect(acted).toMatchObject({
      outcome: 'failed',
      decision: { reason: { code: 'trying-again' } },
      intent: { trouble: { problem: { kind: 'misconfigured' } } },
    });
  });

  it('does not take a fault of ours for one of AWS', async () => {
    const broken = () => Promise.reject(new TypeError('x is not a function'));
    await expect(world.act(associating, { associate: broken })).rejects.toThrow(TypeError);
  });

  it('is refused without the intent that makes its tokens', async () => {
    const decision = decided({ kind: 'associate', subnets: bothSubnets }, { kind: 'none' });
    await expect(world.act(decision)).rejects.toThrow('without its intent');
    expect(world.clientVpn().calls).toEqual([]);
  });

  it('puts routes back one after the other, and says which ones are missing when given up', async () => {
    const action: Action = { kind: 'restore-routes', routes: [route, otherRoute] };
    const acted = await world.act(decided(action, aStartIntent()), { createRoute: accept });
    expect(world.order).toEqual(['write-intent', 'createRoute', 'createRoute']);
    expect(acted.outcome).toBe('done');
    expect(world.clientVpn().asked('createRoute')).toMatchObject([
      { route },
      { route: otherRoute },
    ]);

    const intent = aStartIntent({ trouble: triedOften });
    const given = await world.act(decided(action, intent), { createRoute: refuse });
    expect(given.decision).toMatchObject({
      state: 'needs-attention',
      reason: { code: 'routes-not-restored', failed: 2, message: 'the service is not available' },
    });
  });
});
