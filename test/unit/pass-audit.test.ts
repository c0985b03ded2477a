import { beforeEach, describe, expect, it } from '@jest/globals';

import type { AuditEntry, AuditWriter } from '../../src/audit/audit-log.ts';
import { StoreError } from '../../src/errors.ts';
import type { Termination } from '../../src/lease/hold.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import { aHold, anEndpoint, carol, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { aPass, aStartIntent, aStopIntent, ago, ahead } from '../builders/endpoint-record.ts';
import { aConnection, aRoute, anAssociation, connectionId } from '../builders/observation.ts';
import {
  bothSubnets,
  createReconcilerUnderTest,
  id,
  on,
  refuse,
  refuseAs,
  tags,
} from './reconciler-under-test.ts';
import type { ReconcilerUnderTest } from './reconciler-under-test.ts';

let under: ReconcilerUnderTest;

beforeEach(() => {
  under = createReconcilerUnderTest();
});

const by = { id: carol.id, name: carol.name };
const schedule = { id: 'schedule', name: 'schedule' };
const connection = (number: number, overrides: Partial<Connection> = {}) =>
  aConnection({ id: connectionId(number), ...overrides });
const numbered = () => {
  let number = 0;
  return () =>
    Promise.resolve({ outcome: 'accepted', requestId: `request-${(number += 1)}` } as const);
};
const entry = (overrides: object) => ({
  at: sampleNow,
  actor: schedule,
  address: null,
  endpointId: id,
  outcome: 'done',
  requestIds: ['request-1', 'request-2'],
  ...overrides,
});

describe('the audit of a start', () => {
  it.each([
    ['portal', 'portal'],
    ['schedule', 'schedule'],
  ] as const)('names the %s, with AWS’s request ids, when it is done', async (mode, name) => {
    await under.request();
    await under.reconcilerOver({ associate: numbered() }, { mode }).pass(id);
    const actor = { id: name, name };
    expect(under.audit.entries).toEqual([
      entry({ actor, action: 'associate', detail: 'lease-held' }),
    ]);
  });

  it('names the routes that are put back', async () => {
    const { description, destinationCidr, subnetId } = aRoute();
    const routes = [{ description, destinationCidr, subnetId }];
    await under.recorded({ rememberedRoutes: routes, intent: aStartIntent({ routes }) });
    await under.request();
    await under.reconcilerOver({ ...on(), createRoute: numbered() }).pass(id);
    expect(under.audit.entries).toEqual([
      entry({ action: 'restore-routes', detail: 'restoring-routes', requestIds: ['request-1'] }),
    ]);
  });

  it('is silent where there was no time to ask for anything', async () => {
    await under.request();
    const listAssociations = () => {
      under.clock.advance(20);
      return Promise.resolve([]);
    };
    await under.reconcilerOver({ listAssociations }).pass(id);
    expect(under.log.lines.at(-1)?.fields).toMatchObject({ outcome: 'out-of-time' });
    expect(under.audit.entries).toEqual([]);
  });

  it('names one that AWS refuses by what it was for', async () => {
    await under.request();
    await under.reconcilerOver({ associate: refuseAs('not-allowed') }).pass(id);
    expect(under.audit.entries).toEqual([
      entry({ action: 'associate', detail: 'lease-held', outcome: 'failed', requestIds: [] }),
    ]);
  });
});

describe('the audit of a stop', () => {
  const begun = (detail = 'idle') =>
    entry({ action: 'disassociate', detail, outcome: 'begun', requestIds: [] });
  const after = (overrides: object = {}) =>
    entry({ action: 'disassociate', detail: 'idle', ...overrides });

  it.each<[string, () => Promise<unknown>]>([
    ['idle', () => Promise.resolve()],
    ['held-off', () => under.stores.endpoints.setHold(id, aHold('off'), ago(1))],
    [
      'stopped-by-an-administrator',
      () => under.stores.endpoints.requestStop(id, { by, at: ago(1) }),
    ],
  ])('names its cause before and after: %s', async (detail, order) => {
    await under.idle();
    await order();
    await under.reconcilerOver({ ...on(), disassociate: numbered() }).pass(id);
    expect(under.audit.entries).toEqual([begun(detail), after({ detail })]);
  });

  it('names a latest hour that cuts off', async () => {
    // Eleven in Tokyo, two minutes before the sample's now.
    const hour = { 'vpn-portal:off-at': '11:00 Asia/Tokyo', 'vpn-portal:off-at-cuts-off': 'true' };
    const endpoint = anEndpoint({ tags: tags(bothSubnets, hour) });
    await under.idle();
    await under
      .reconcilerOver({ ...on(connection(1)), findEndpoint: () => Promise.resolve(endpoint) })
      .pass(id);
    expect(under.audit.entries).toMatchObject([
      { action: 'disassociate', detail: 'latest-hour', outcome: 'begun' },
      { action: 'disassociate', detail: 'latest-hour', outcome: 'done' },
    ]);
  });

  it('counts the silent connections where silence was the reason', async () => {
    const endpoint = anEndpoint({ tags: tags(bothSubnets, { 'vpn-portal:silent-minutes': '60' }) });
    const silent = [1, 2].map((number) => connection(number));
    const traffic = silent.map((each) => ({
      connectionId: each.id,
      bytes: 0,
      movedAt: ago(90),
    }));
    await under.idle({ traffic });
    const findEndpoint = () => Promise.resolve(endpoint);
    await under.reconcilerOver({ ...on(...silent), findEndpoint }).pass(id);
    const detail = 'idle, silent connections: 2';
    expect(under.audit.entries).toMatchObject([
      { action: 'disassociate', detail, outcome: 'begun' },
      { action: 'disassociate', detail, outcome: 'done' },
    ]);
  });

  it('names a failed association that a stop, told in the same words, has left', async () => {
    const reason = { code: 'disassociating' } as const;
    await under.recorded({
      intent: aStopIntent(ago(1)),
      lastPass: aPass({ state: 'stopping', reason }),
    });
    const failed = [anAssociation({ status: 'association-failed' })];
    const listAssociations = () => Promise.resolve(failed);
    await under.reconcilerOver({ listAssociations, disassociate: numbered() }).pass(id);
    expect(under.audit.entries).toEqual([
      begun(reason.code),
      after({ detail: reason.code, requestIds: ['request-1'] }),
    ]);
  });

  it('keeps what AWS has refused, and what it had taken on by then', async () => {
    await under.idle();
    const accept = numbered();
    const disassociate: ClientVpn['disassociate'] = (request) =>
      request.associationId === sampleIds.associationA ? accept() : refuseAs('not-allowed')();
    await under.reconcilerOver({ ...on(), disassociate }).pass(id);
    expect(under.audit.entries).toEqual([
      begun(),
      after({ outcome: 'failed', requestIds: ['request-1'] }),
    ]);
  });

  it('keeps a try of which AWS has taken on nothing', async () => {
    await under.idle();
    await under.reconcilerOver({ ...on(), disassociate: refuse }).pass(id);
    expect(under.audit.entries).toEqual([begun(), after({ outcome: 'failed', requestIds: [] })]);
  });

  describe('that AWS keeps refusing', () => {
    const passes = async (minutes: number, answers: Partial<ClientVpn>) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        await under.reconcilerOver({ ...on(), ...answers }).pass(id);
        under.clock.advance(60);
      }
    };
    const outcomes = () =>
      under.audit.entries.map(({ at, outcome }) => [minutesSince(at), outcome] as const);
    const minutesSince = (at: Date) => (at.getTime() - sampleNow.getTime()) / 60_000;

    it.each(['not-allowed', 'busy'] as const)(
      'is written once, and again every quarter of an hour: %s',
      async (kind) => {
        await under.idle();
        await passes(32, { disassociate: refuseAs(kind) });
        expect(under.clientVpn().asked('disassociate').length).toBeGreaterThan(0);
        expect(outcomes()).toEqual(
          [0, 15, 30].flatMap((minute) => [
            [minute, 'begun'],
            [minute, 'failed'],
          ]),
        );
      },
    );

    it('is written as soon as AWS takes it on', async () => {
      await under.idle();
      await passes(3, { disassociate: refuseAs('not-allowed') });
      await passes(1, { disassociate: numbered() });
      expect(under.audit.entries.at(-1)).toMatchObject(
        after({ at: ahead(3), requestIds: ['request-1', 'request-2'] }),
      );
      expect(outcomes()).toHaveLength(3);
    });

    it('is written once more when somebody orders it', async () => {
      await under.idle();
      await passes(2, { disassociate: refuseAs('busy') });
      await under.stores.endpoints.requestStop(id, { by, at: under.clock.now() });
      await passes(2, { disassociate: refuseAs('busy') });
      expect(under.audit.entries.map(({ detail }) => detail)).toEqual([
        'idle',
        'idle',
        'stopped-by-an-administrator',
        'stopped-by-an-administrator',
      ]);
    });

    it('is written so for a connection that is to be ended, after a quarter of an hour', async () => {
      await under.idle();
      const wish = { connectionId: connectionId(1), by, at: under.clock.now() };
      await under.stores.endpoints.requestTermination(id, wish);
      const refusing = { ...on(connection(1)), terminateConnection: refuseAs('not-allowed') };
      await passes(32, refusing);
      const minutes = [...Array(16).keys(), 30];
      expect(outcomes()).toEqual(minutes.map((minute) => [minute, 'failed']));
    });
  });

  it('keeps one that was abandoned, and what AWS had taken on by then', async () => {
    await under.idle();
    const looks = [[], [], [connection(1)]];
    const accept = numbered();
    const disassociate = () => {
      under.clock.advance(2);
      return accept();
    };
    const listConnections = () => Promise.resolve(looks.shift() ?? []);
    await under.reconcilerOver({ ...on(), disassociate, listConnections }).pass(id);
    const at = under.clock.now();
    expect(under.audit.entries).toEqual([
      begun(),
      after({ at, outcome: 'abandoned', requestIds: ['request-1'] }),
    ]);
    expect(under.record()).toMatchObject({ intent: { kind: 'stop' }, lastPass: { state: 'on' } });
  });

  it('keeps one that was abandoned before AWS was asked for anything', async () => {
    await under.idle();
    const looks = [[], [connection(1)]];
    const listConnections = () => Promise.resolve(looks.shift() ?? []);
    await under.reconcilerOver({ ...on(), listConnections }).pass(id);
    expect(under.audit.entries).toEqual([begun(), after({ outcome: 'abandoned', requestIds: [] })]);
  });

  it('is silent in a steady state', async () => {
    await under.idle();
    await under.reconcilerOver(on(connection(1))).pass(id);
    expect(under.log.lines.at(-1)?.fields).toMatchObject({ outcome: 'nothing-to-do' });
    expect(under.audit.entries).toEqual([]);
  });

  it('is begun before anything is asked of AWS', async () => {
    await under.idle();
    const entriesAtTheCall: AuditEntry[][] = [];
    const disassociate = () => {
      entriesAtTheCall.push([...under.audit.entries]);
      return numbered()();
    };
    await under.reconcilerOver({ ...on(), disassociate }).pass(id);
    expect(entriesAtTheCall[0]).toEqual([begun()]);
  });
});

describe('an audit that cannot be written', () => {
  /** Refuses what is not among the first few entries. */
  const after = (entries: number): AuditWriter => ({
    append: (each) =>
      under.audit.entries.length < entries
        ? under.audit.append(each)
        : Promise.reject(new StoreError('no audit')),
  });
  const passing = (answers: Partial<ClientVpn>, audit: AuditWriter) =>
    under.reconcilerOver(answers, { audit }).pass(id);

  it('before a stop keeps everything as it is: nothing is taken away', async () => {
    await under.idle();
    await expect(passing(on(), after(0))).rejects.toThrow('no audit');
    expect(under.clientVpn().asked('disassociate')).toEqual([]);
    expect(under.record()).toMatchObject({ intent: { kind: 'none' }, lastPass: { state: 'on' } });
  });

  it('after a stop fails the pass, which is recorded all the same', async () => {
    await under.idle();
    await expect(passing(on(), after(1))).rejects.toMatchObject({
      message: 'writing the audit of a pass',
      cause: { message: 'no audit' },
    });
    expect(under.clientVpn().asked('disassociate')).toHaveLength(2);
    expect(under.record()).toMatchObject({
      intent: { kind: 'stop' },
      lastPass: { at: sampleNow, state: 'stopping' },
      schedule: { claimedUntil: null },
    });
  });

  it('after a start fails the pass, which is recorded all the same', async () => {
    await under.request();
    await expect(passing({}, after(0))).rejects.toThrow('writing the audit of a pass');
    expect(under.record()).toMatchObject({
      intent: { kind: 'start' },
      lastPass: { at: sampleNow },
    });
  });

  it('of one connection keeps no other from being ended, and tells the first failure', async () => {
    await under.idle();
    const wish = (number: number): Termination => ({
      connectionId: connectionId(number),
      by,
      at: sampleNow,
    });
    for (const number of [1, 2]) await under.stores.endpoints.requestTermination(id, wish(number));
    let failures = 0;
    const append = () => Promise.reject(new StoreError(`no audit ${(failures += 1)}`));
    await expect(passing(on(connection(1), connection(2)), { append })).rejects.toMatchObject({
      cause: { message: 'no audit 1' },
    });
    expect(under.clientVpn().asked('terminateConnection')).toHaveLength(2);
    expect(under.record()).toMatchObject({ lastPass: { at: sampleNow } });
  });

  it('is not needed where nothing is done', async () => {
    await under.idle();
    expect(await passing(on(connection(1)), after(0))).toEqual({ kind: 'passed' });
  });
});
