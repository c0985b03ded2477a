import { beforeEach, describe, expect, it } from '@jest/globals';

import { StoreError } from '../../src/errors.ts';
import type { PauseStore } from '../../src/lease/pause-store.ts';
import { aPause, carol } from '../builders/endpoint-for-person.ts';
import { aStopRequest, ahead } from '../builders/endpoint-record.ts';
import { createReconcilerUnderTest, id, on } from './reconciler-under-test.ts';
import type { ReconcilerUnderTest } from './reconciler-under-test.ts';

let world: ReconcilerUnderTest;
beforeEach(() => {
  world = createReconcilerUnderTest();
});

const disassociations = () =>
  world.clientVpn().calls.filter(([method]) => method === 'disassociate').length;
const reason = () => world.record().lastPass?.reason;
const away: Pick<PauseStore, 'get'> = { get: () => Promise.reject(new StoreError('away')) };

describe('a pass while stopping is paused', () => {
  beforeEach(async () => {
    await world.stores.pauses.set(aPause());
    await world.idle();
  });

  it('leaves on what is idle, records why, and has nothing to tell an alarm', async () => {
    expect(await world.reconcilerOver(on()).pass(id)).toEqual({ kind: 'passed' });
    expect(disassociations()).toBe(0);
    expect(world.record().lastPass).toMatchObject({
      state: 'on',
      reason: { code: 'stopping-paused', until: ahead(110), by: carol.name },
    });
    expect(world.record().intent).toEqual({ kind: 'none' });
    expect(world.audit.entries).toEqual([]);
  });

  it('stops it when the pause has come to its end by itself', async () => {
    await world.reconcilerOver(on()).pass(id);
    world.clock.advance(110 * 60);
    expect(await world.reconcilerOver(on()).pass(id)).toEqual({ kind: 'passed' });
    expect(disassociations()).toBe(2);
  });

  it('stops it when the pause is taken back', async () => {
    await world.reconcilerOver(on()).pass(id);
    await world.stores.pauses.set(null);
    world.clock.advance(60);
    await world.reconcilerOver(on()).pass(id);
    expect(disassociations()).toBe(2);
  });

  it('stops what an administrator orders off', async () => {
    await world.stores.endpoints.requestStop(id, aStopRequest(0));
    await world.reconcilerOver(on()).pass(id);
    expect(disassociations()).toBe(2);
  });

  it.each(['portal', 'dry-run'] as const)('says the same as a %s', async (mode) => {
    await world.reconcilerOver(on(), { mode }).pass(id);
    expect(disassociations()).toBe(0);
    const [told] = world.log.lines.filter(({ message }) => message.startsWith('pass'));
    expect(told).toMatchObject({ fields: { reason: 'stopping-paused', action: 'nothing' } });
  });
});

describe('a pass that cannot read the pause', () => {
  it('stops nothing, says that it could not read everything, and fails', async () => {
    await world.idle();
    const result = await world.reconcilerOver(on(), { pauses: away }).pass(id);
    expect(result).toMatchObject({ kind: 'failed', problem: { operation: 'reading the pause' } });
    expect(disassociations()).toBe(0);
    expect(reason()).toMatchObject({ code: 'reading-incomplete' });
    expect(world.log.messages()).toContain('the pause could not be read');
  });

  it('fails in a dry run, too', async () => {
    await world.idle();
    const reconciler = world.reconcilerOver(on(), { pauses: away, mode: 'dry-run' });
    expect(await reconciler.pass(id)).toMatchObject({ kind: 'failed' });
  });

  it('starts what somebody asks for', async () => {
    await world.request();
    const reconciler = world.reconcilerOver({}, { pauses: away });
    expect(await reconciler.pass(id)).toEqual({ kind: 'passed' });
    expect(world.clientVpn().calls.map(([method]) => method)).toContain('associate');
  });

  it('does not ask for it where nothing is associated', async () => {
    let asked = 0;
    const pauses = {
      get: () => {
        asked += 1;
        return Promise.resolve(null);
      },
    };
    await world.recorded({});
    await world.reconcilerOver({}, { pauses }).pass(id);
    expect(asked).toBe(0);
    world.clock.advance(60);
    await world.reconcilerOver(on(), { pauses }).pass(id);
    expect(asked).toBe(1);
  });
});
