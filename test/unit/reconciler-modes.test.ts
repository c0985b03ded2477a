import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Reconciler, ReconcilerDependencies } from '../../src/reconcile/reconciler.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { aHold, carol, sampleNow } from '../builders/endpoint-for-person.ts';
import { aPass, aStopIntent, ago, seenFrom } from '../builders/endpoint-record.ts';
import { aConnection, anOnObservation, connectionId } from '../builders/observation.ts';
import { anAwsError } from '../builders/scripted-client-vpn.ts';
import { awsProblem } from '../../src/reconcile/observe.ts';
import {
  createReconcilerUnderTest,
  id,
  managed,
  on,
  other,
  refuse,
  refuseAs,
} from './reconciler-under-test.ts';
import type { ReconcilerUnderTest } from './reconciler-under-test.ts';

let under: ReconcilerUnderTest;

beforeEach(() => {
  under = createReconcilerUnderTest();
});

const by = { id: carol.id, name: carol.name };
const changes = () =>
  under
    .clientVpn()
    .calls.map(([method]) => method)
    .filter((method) => !/^(?:list|find|count)/.test(method));

describe('what a pass may do', () => {
  it.each<[ReconcilerDependencies['mode'], string[]]>([
    ['schedule', ['disassociate', 'disassociate']],
    ['portal', []],
    ['dry-run', []],
  ])('to an idle endpoint as the %s', async (mode, changed) => {
    await under.idle();
    expect(await under.reconcilerOver(on(), { mode }).pass(id)).toEqual({ kind: 'passed' });
    expect(changes()).toEqual(changed);
  });

  it.each<[ReconcilerDependencies['mode'], string[]]>([
    ['schedule', ['associate', 'associate']],
    ['portal', ['associate', 'associate']],
    ['dry-run', []],
  ])('to an endpoint that somebody asks for as the %s', async (mode, changed) => {
    await under.request();
    expect(await under.reconcilerOver({}, { mode }).pass(id)).toEqual({ kind: 'passed' });
    expect(changes()).toEqual(changed);
  });
});

describe('what a pass comes to', () => {
  it('is failed where AWS refuses a change', async () => {
    await under.idle();
    const answers = { ...on(), disassociate: refuseAs('not-allowed') };
    expect(await under.reconcilerOver(answers).pass(id)).toMatchObject({
      kind: 'failed',
      problem: { kind: 'not-allowed', code: 'ServiceUnavailable' },
    });
    expect(under.record().lastPass?.reason.code).toBe('stop-failed');
  });

  it('is passed where AWS is busy, and where a stop was abandoned', async () => {
    await under.idle();
    const busy = { ...on(), disassociate: refuseAs('busy') };
    expect(await under.reconcilerOver(busy).pass(id)).toEqual({ kind: 'passed' });
    under.clock.advance(60);
    const looks = [[], [aConnection()]];
    const listConnections = () => Promise.resolve(looks.shift() ?? []);
    const reconciler = under.reconcilerOver({ ...on(), listConnections });
    expect(await reconciler.pass(id)).toEqual({ kind: 'passed' });
    expect(changes()).toEqual([]);
    expect(under.record().lastPass?.reason).toEqual({ code: 'connected', connected: 1 });
  });
});

describe('AWS that stays busy', () => {
  const unread = (minutesAgo: number | null, code: 'reading-incomplete' | 'idle-grace') => {
    const problem = awsProblem(anAwsError('busy'));
    const reason =
      code === 'idle-grace' ? { code, stopAt: sampleNow } : ({ code, problem } as const);
    const seen = minutesAgo === null ? null : seenFrom(anOnObservation({ at: ago(minutesAgo) }));
    return under.recorded({ stateSince: ago(8), lastPass: aPass({ state: 'on', reason, seen }) });
  };
  const reading = { listConnections: refuseAs('busy') };

  it.each([5, null])('is a failure when nothing was read for five minutes (%p)', async (read) => {
    await unread(read, 'reading-incomplete');
    expect(await under.reconcilerOver({ ...on(), ...reading }).pass(id)).toMatchObject({
      kind: 'failed',
      problem: { kind: 'busy' },
    });
  });

  it.each([
    ['was read later than that', 4.9, 'reading-incomplete'],
    ['could be read in the pass before, long ago', 60, 'idle-grace'],
  ] as const)('is none where it %s', async (_, minutesAgo, code) => {
    await unread(minutesAgo, code);
    const result = await under.reconcilerOver({ ...on(), ...reading }).pass(id);
    expect(result).toEqual({ kind: 'passed' });
  });

  it('is none in the first pass of an endpoint', async () => {
    const result = await under.reconcilerOver({ ...on(), ...reading }).pass(id);
    expect(result).toEqual({ kind: 'passed' });
  });

  it.each([
    [5, 'failed'],
    [4.9, 'passed'],
  ])('for a stop that was begun %p minutes ago is %s', async (minutesAgo, kind) => {
    await under.idle({ intent: aStopIntent(ago(minutesAgo)) });
    const busy = { ...on(), disassociate: refuseAs('busy') };
    expect(await under.reconcilerOver(busy).pass(id)).toMatchObject({ kind });
  });
});

describe('a dry run', () => {
  const dryRun = (answers: Partial<ClientVpn>): Reconciler =>
    under.reconcilerOver(answers, { mode: 'dry-run' });
  const lines = () => under.log.lines.filter(({ message }) => message === 'pass, as it would be');

  it('says what it would stop, and why, and changes nothing but the catalogue', async () => {
    await under.idle();
    const before = under.stores.peek(id);
    await dryRun(on()).passAll();
    expect(changes()).toEqual([]);
    expect(under.stores.peek(id)).toEqual(before);
    expect(under.audit.entries).toEqual([]);
    expect(lines()).toMatchObject([
      {
        level: 'info',
        fields: {
          endpointId: id,
          state: 'stopping',
          before: 'on',
          reason: 'idle',
          action: 'disassociate',
          because: 'idle',
          outcome: 'dry-run',
        },
      },
    ]);
    expect(await under.stores.catalogue.get()).toEqual({
      readAt: sampleNow,
      endpoints: [managed],
      schedule: { at: sampleNow, dryRun: true },
    });
  });

  it.each([
    ['held-off', (at: Date) => under.stores.endpoints.setHold(id, aHold('off'), at)],
    ['requested', (at: Date) => under.stores.endpoints.requestStop(id, { by, at })],
  ])('says that it would stop because of this: %s', async (because, order) => {
    await under.idle({ onSince: ago(5) });
    await order(ago(1));
    await dryRun(on()).passAll();
    expect(lines()).toMatchObject([{ fields: { action: 'disassociate', because } }]);
    expect(changes()).toEqual([]);
  });

  it('says what it would start, and does not', async () => {
    await under.request();
    const before = under.stores.peek(id);
    await dryRun({}).passAll();
    expect(lines()).toMatchObject([{ fields: { action: 'associate', reason: 'lease-held' } }]);
    expect(lines()[0]?.fields).not.toHaveProperty('because');
    expect(changes()).toEqual([]);
    expect(under.stores.peek(id)).toEqual(before);
  });

  it('ends no connection and counts no rules', async () => {
    await under.idle();
    const wish = { connectionId: connectionId(1), by, at: sampleNow };
    await under.stores.endpoints.requestTermination(id, wish);
    await dryRun(on(aConnection())).passAll();
    expect(changes()).toEqual([]);
    expect(under.clientVpn().asked('countAuthorizationRules')).toEqual([]);
    expect(under.record().terminations).toEqual([wish]);
  });

  it('keeps no pass from anybody', async () => {
    await under.request();
    await dryRun({}).passAll();
    const portal = under.reconcilerOver({}, { mode: 'portal' });
    expect(await portal.pass(id)).toEqual({ kind: 'passed' });
    expect(changes()).toEqual(['associate', 'associate']);
  });

  it('goes on where one endpoint cannot be read, and throws that at the end', async () => {
    const answers = {
      listEndpoints: () => Promise.resolve([managed, other]),
      listAssociations: (endpointId: EndpointId) =>
        endpointId === id ? refuse() : Promise.resolve([]),
    };
    await expect(dryRun(answers).passAll()).rejects.toMatchObject({
      message: '1 endpoints could not be passed',
      errors: [{ message: expect.stringContaining(id) }],
    });
    const told = lines().map(({ fields }) => [fields['endpointId'], fields['reason']]);
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        [id, 'reading-incomplete'],
        [other.id, 'nobody-needs-it'],
      ]),
    );
  });

  it('says nothing of an endpoint that is gone', async () => {
    const gone = dryRun({ findEndpoint: () => Promise.resolve(null) });
    expect(await gone.pass(id)).toEqual({ kind: 'passed' });
    expect(lines()).toEqual([]);
  });
});
