import { beforeEach, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { Termination } from '../../src/lease/hold.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import { carol, sampleNow } from '../builders/endpoint-for-person.ts';
import { ago } from '../builders/endpoint-record.ts';
import { aConnection, connectionId } from '../builders/observation.ts';
import { createReconcilerUnderTest, id, on, refuse, refuseAs } from './reconciler-under-test.ts';
import type { ReconcilerUnderTest } from './reconciler-under-test.ts';

let under: ReconcilerUnderTest;

beforeEach(() => {
  under = createReconcilerUnderTest();
});

const by = { id: carol.id, name: carol.name };
const schedule = { id: 'schedule', name: 'schedule' };
const connection = (number: number, overrides: Partial<Connection> = {}) =>
  aConnection({ id: connectionId(number), ...overrides });
const wish = (number: number): Termination => ({
  connectionId: connectionId(number),
  by,
  at: sampleNow,
});
const want = async (...numbers: readonly number[]) => {
  for (const number of numbers) await under.stores.endpoints.requestTermination(id, wish(number));
};
const ended = () => under.clientVpn().asked('terminateConnection');
const numbered = () => {
  let number = 0;
  return () =>
    Promise.resolve({ outcome: 'accepted', requestId: `request-${(number += 1)}` } as const);
};

describe('a connection that an administrator wants ended', () => {
  it('is ended by the schedule, which says so in the audit', async () => {
    await under.idle();
    await want(1);
    const reconciler = under.reconcilerOver(on(connection(1), connection(2)));
    expect(await reconciler.pass(id)).toEqual({ kind: 'passed' });
    expect(ended()).toEqual([{ endpointId: id, connectionId: connectionId(1) }]);
    expect(under.audit.entries).toEqual([
      {
        at: sampleNow,
        actor: schedule,
        address: null,
        action: 'terminate-connection',
        endpointId: id,
        detail: `${connectionId(1)}, as ${carol.name} wishes`,
        outcome: 'done',
        requestIds: ['request-1'],
      },
    ]);
    expect(under.log.lines).toContainEqual({
      level: 'info',
      message: 'connection ended',
      fields: {
        endpointId: id,
        connectionId: connectionId(1),
        by: carol.id,
        outcome: 'accepted',
        requestId: 'request-1',
      },
    });
  });

  it('is left to the schedule by a portal, and the next pass is due soon', async () => {
    await under.idle();
    await want(1);
    const portal = under.reconcilerOver(on(connection(1)), { mode: 'portal' });
    await portal.pass(id);
    expect(ended()).toEqual([]);
    expect(under.audit.entries).toEqual([]);
    expect(under.record()).toMatchObject({
      terminations: [wish(1)],
      schedule: { nextPassAt: secondsAfter(sampleNow, 5) },
    });
    under.clock.advance(5);
    await under.reconcilerOver(on(connection(1))).pass(id);
    expect(ended()).toHaveLength(1);
  });

  it('stays wanted until AWS no longer lists it as there', async () => {
    await under.idle();
    await want(1);
    for (const status of ['active', 'terminating', 'failed-to-terminate'] as const) {
      await under.reconcilerOver(on(connection(1, { status }))).pass(id);
      expect(ended()).toHaveLength(1);
      expect(under.record().terminations).toEqual([wish(1)]);
      under.clock.advance(60);
    }
    await under.reconcilerOver(on(connection(1, { status: 'terminated' }))).pass(id);
    expect(ended()).toEqual([]);
    expect(under.record().terminations).toEqual([]);
    expect(under.record().schedule.nextPassAt).toEqual(secondsAfter(under.clock.now(), 55));
  });

  it('stays wanted for a minute where AWS does not list it, which may be late', async () => {
    await under.idle();
    await want(1);
    const unlisted = () => under.reconcilerOver(on(connection(2)));
    await unlisted().pass(id);
    under.clock.advance(59);
    await unlisted().pass(id);
    expect(under.record().terminations).toEqual([wish(1)]);
    expect(ended()).toEqual([]);
    expect(under.record().schedule.nextPassAt).toEqual(secondsAfter(under.clock.now(), 5));
    under.clock.advance(5);
    await unlisted().pass(id);
    expect(under.record().terminations).toEqual([]);
    expect(ended()).toEqual([]);
  });

  it('is ended where AWS lists it late', async () => {
    await under.idle();
    await want(1);
    await under.reconcilerOver(on()).pass(id);
    under.clock.advance(30);
    await under.reconcilerOver(on(connection(1))).pass(id);
    expect(ended()).toHaveLength(1);
  });

  it('is wanted no more from the first listing that calls it ended', async () => {
    await under.idle();
    await want(1);
    await under.reconcilerOver(on(connection(1, { status: 'terminated' }))).pass(id);
    expect(ended()).toEqual([]);
    expect(under.record().terminations).toEqual([]);
  });

  it('is ended once, however often that is wanted', async () => {
    await under.idle();
    await want(1, 2, 1, 1);
    await under.reconcilerOver(on(connection(1), connection(2))).pass(id);
    expect(ended()).toHaveLength(2);
    expect(under.record().terminations).toHaveLength(2);
  });

  it('that AWS refuses to end keeps no other from being ended, and is told at the end', async () => {
    await under.idle();
    await want(1, 2);
    const terminateConnection: ClientVpn['terminateConnection'] = (request) =>
      request.connectionId === connectionId(1) ? refuseAs('not-allowed')() : numbered()();
    const answers = { ...on(connection(1), connection(2)), terminateConnection };
    expect(await under.reconcilerOver(answers).pass(id)).toMatchObject({
      kind: 'failed',
      problem: { kind: 'not-allowed' },
    });
    expect(ended()).toHaveLength(2);
    expect(under.record().terminations).toEqual([wish(1), wish(2)]);
    expect(under.audit.entries).toMatchObject([
      { action: 'terminate-connection', outcome: 'failed', requestIds: [] },
      { action: 'terminate-connection', outcome: 'done', requestIds: ['request-1'] },
    ]);
    expect(under.log.messages()).toEqual(['connection not ended', 'connection ended', 'pass']);
  });

  it('that AWS is too busy to end is tried again in silence', async () => {
    await under.idle();
    await want(1);
    const terminateConnection = refuseAs('busy');
    const answers = { ...on(connection(1)), terminateConnection };
    expect(await under.reconcilerOver(answers).pass(id)).toEqual({ kind: 'passed' });
    expect(under.record().terminations).toEqual([wish(1)]);
  });

  it('stays wanted where the connections cannot be read', async () => {
    await under.idle();
    await want(1);
    const reconciler = under.reconcilerOver({ ...on(), listConnections: refuse });
    expect(await reconciler.pass(id)).toMatchObject({ kind: 'failed' });
    expect(ended()).toEqual([]);
    expect(under.record().terminations).toEqual([wish(1)]);
  });

  it('is not ended by a pass that has taken too long, and stays wanted', async () => {
    await under.idle();
    await want(1);
    const listConnections = () => {
      under.clock.advance(20);
      return Promise.resolve([connection(1)]);
    };
    await under.reconcilerOver({ ...on(), listConnections }).pass(id);
    expect(ended()).toEqual([]);
    expect(under.record().terminations).toEqual([wish(1)]);
  });

  it('does not pass a fault of ours for a refusal of AWS', async () => {
    await under.idle();
    await want(1);
    const terminateConnection = () => Promise.reject(new TypeError('!'));
    const reconciler = under.reconcilerOver({ ...on(connection(1)), terminateConnection });
    await expect(reconciler.pass(id)).rejects.toThrow(TypeError);
  });
});

describe('the authorization rules', () => {
  const counted = () => under.clientVpn().asked('countAuthorizationRules').length;
  const used = on(connection(1));

  it('are counted by the schedule at most every fifteen minutes', async () => {
    await under.idle();
    await under
      .reconcilerOver({ ...used, countAuthorizationRules: () => Promise.resolve(0) })
      .pass(id);
    expect(under.record().rulesCheck).toEqual({ at: sampleNow, count: 0 });
    const reconciler = under.reconcilerOver(used);
    under.clock.advance(15 * 60 - 1);
    await reconciler.pass(id);
    expect(counted()).toBe(0);
    expect(under.record().rulesCheck).toEqual({ at: sampleNow, count: 0 });
    under.clock.advance(60);
    await reconciler.pass(id);
    expect(counted()).toBe(1);
    expect(under.record().rulesCheck).toEqual({ at: under.clock.now(), count: 1 });
  });

  it('are not counted by a portal, and it forgets nothing', async () => {
    const rulesCheck = { at: ago(60), count: 3 };
    await under.idle({ rulesCheck });
    await under.reconcilerOver(used, { mode: 'portal' }).pass(id);
    expect(counted()).toBe(0);
    expect(under.record().rulesCheck).toEqual(rulesCheck);
  });

  it('are not counted while nothing is associated, or could not be read', async () => {
    await under.reconcilerOver().pass(id);
    expect(counted()).toBe(0);
    under.clock.advance(60);
    await under.reconcilerOver({ ...used, listConnections: refuse }).pass(id);
    expect(counted()).toBe(0);
    expect(under.record().rulesCheck).toBeNull();
  });

  it('are not counted in the first pass of an endpoint', async () => {
    await under.reconcilerOver(used).pass(id);
    expect(counted()).toBe(0);
    under.clock.advance(60);
    await under.reconcilerOver(used).pass(id);
    expect(counted()).toBe(1);
  });

  it('are not counted beside a change', async () => {
    await under.idle();
    await under.reconcilerOver(on()).pass(id);
    expect(under.clientVpn().asked('disassociate')).toHaveLength(2);
    expect(counted()).toBe(0);
  });

  it('keep their last count where they cannot be counted, which fails no pass', async () => {
    const rulesCheck = { at: ago(60), count: 3 };
    await under.idle({ rulesCheck });
    const answers = { ...used, countAuthorizationRules: refuse };
    expect(await under.reconcilerOver(answers).pass(id)).toEqual({ kind: 'passed' });
    expect(under.record()).toMatchObject({ rulesCheck, lastPass: { state: 'on' } });
    expect(under.log.messages()).toEqual(['authorization rules not counted', 'pass']);
  });

  it('do not pass a fault of ours for one of AWS', async () => {
    await under.idle();
    const countAuthorizationRules = () => Promise.reject(new TypeError('!'));
    const reconciler = under.reconcilerOver({ ...used, countAuthorizationRules });
    await expect(reconciler.pass(id)).rejects.toThrow(TypeError);
  });
});
