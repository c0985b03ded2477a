import { beforeEach, describe, expect, it } from '@jest/globals';

import { StoreError } from '../../src/errors.ts';
import type { PauseStore } from '../../src/lease/pause-store.ts';
import type { StopCause } from '../../src/reconcile/decision.ts';
import { aPause, carol, sampleNow } from '../builders/endpoint-for-person.ts';
import { accept, createActWorld, decidedToStop } from './act-world.ts';
import type { ActWorld } from './act-world.ts';

let world: ActWorld;
beforeEach(async () => {
  world = await createActWorld();
});

/** Answers these, in turn, and notes in the order of things that it was asked. */
function pausesThat(...answers: readonly (() => ReturnType<PauseStore['get']>)[]) {
  const left = answers.values();
  return {
    get: () => {
      world.order.push('get-pause');
      return left.next().value?.() ?? Promise.resolve(null);
    },
  };
}

const paused = () => Promise.resolve(aPause());
const none = () => Promise.resolve(null);
const over = () => Promise.resolve(aPause({ until: sampleNow }));
const nobodyThere = { listConnections: () => Promise.resolve([]), disassociate: accept };

const act = (because: StopCause, pauses: Pick<PauseStore, 'get'>) =>
  world.act(decidedToStop(because), nobodyThere, { pauses });

const called = () => world.order.filter((each) => each === 'disassociate').length;

describe.each(['idle', 'held-off', 'latest-hour'] as const)(
  'a stop because of %s that a pause has come before',
  (because) => {
    it('is abandoned, and says why', async () => {
      const acted = await act(because, pausesThat(paused));
      expect(acted).toMatchObject({
        outcome: 'abandoned',
        intent: { kind: 'none' },
        decision: {
          action: { kind: 'nothing' },
          state: 'on',
          reason: { code: 'stopping-paused', until: aPause().until, by: carol.name },
        },
      });
      expect(called()).toBe(0);
      expect(world.log.messages()).toContain('stop abandoned: stopping is paused');
    });

    it('is abandoned where the pause cannot be read', async () => {
      const pauses = pausesThat(() => Promise.reject(new StoreError('away')));
      expect(await act(because, pauses)).toMatchObject({
        outcome: 'abandoned',
        decision: { reason: { code: 'reading-incomplete', problem: { kind: 'unreachable' } } },
      });
      expect(called()).toBe(0);
      expect(world.log.messages()).toContain('the pause could not be read');
    });

    it('is carried out where the pause is over by then', async () => {
      expect(await act(because, pausesThat(over))).toMatchObject({ outcome: 'done' });
      expect(called()).toBe(2);
    });

    it('throws what is a fault of ours', async () => {
      const fault = new TypeError('of ours');
      await expect(
        act(
          because,
          pausesThat(() => Promise.reject(fault)),
        ),
      ).rejects.toBe(fault);
      expect(called()).toBe(0);
    });
  },
);

describe('a stop', () => {
  it('looks for a pause after the intent, and for connections last', async () => {
    await act('idle', pausesThat());
    expect(world.order.slice(0, 5)).toEqual([
      'write-intent',
      'load',
      'get-pause',
      'listConnections',
      'disassociate',
    ]);
  });

  it('at the latest hour leaves the second network where the pause comes after the first', async () => {
    const acted = await act('latest-hour', pausesThat(none, paused));
    expect(called()).toBe(1);
    expect(acted).toMatchObject({
      outcome: 'abandoned',
      // The next pass has to know what was begun.
      intent: { kind: 'stop' },
      decision: { reason: { code: 'stopping-paused' } },
    });
  });

  it.each(['requested', 'failed'] as const)('because of %s asks for no pause', async (because) => {
    expect(await act(because, pausesThat(paused))).toMatchObject({ outcome: 'done' });
    expect(called()).toBe(2);
    expect(world.order).not.toContain('get-pause');
  });
});
