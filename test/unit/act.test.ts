import { beforeEach, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { StoreError } from '../../src/errors.ts';
import type { Intent } from '../../src/lease/endpoint-record.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import { createActor } from '../../src/reconcile/act.ts';
import type { Action, Decision } from '../../src/reconcile/decision.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import { aLease, alice, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { aStartIntent, aStopIntent, aTrouble, ahead } from '../builders/endpoint-record.ts';
import { aConnection } from '../builders/observation.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { anAwsError, createScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import type { ScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

const pass = { endpointId: sampleIds.endpoint, passId: 'pass-1' };
const bothSubnets = [sampleIds.subnetA, sampleIds.subnetB];
const bothAssociations = [sampleIds.associationA, sampleIds.associationB];
const route = { destinationCidr: '10.9.0.0/16', subnetId: sampleIds.subnetA, description: '' };
const otherRoute = { ...route, destinationCidr: '10.8.0.0/16' };

let order: string[];
let clock: StoppedClock;
let log: RecordingLog;
let stores: MemoryStores;
let clientVpn: ScriptedClientVpn;

beforeEach(async () => {
  order = [];
  clock = createStoppedClock();
  log = createRecordingLog();
  stores = createMemoryStores((request, effect) => {
    order.push(request.operation);
    return new Promise((resolve) => {
      resolve(effect());
    });
  });
  await claim();
  order = [];
});

function claim(passId = pass.passId) {
  return stores.endpoints.claimPass({
    ...pass,
    passId,
    at: clock.now(),
    claimedUntil: secondsAfter(clock.now(), 30),
    notIfPassedSince: clock.now(),
  });
}

function decided(action: Action, intent: Intent): Decision {
  return {
    action,
    state: action.kind === 'disassociate' ? 'stopping' : 'starting',
    reason: { code: 'associating' },
    intent,
    lookAgainAt: secondsAfter(sampleNow, 5),
  };
}

async function act(decision: Decision, answers: Partial<ClientVpn> = {}, by = pass) {
  clientVpn = createScriptedClientVpn(
    Object.fromEntries(
      Object.entries(answers).map(([method, answer]) => [
        method,
        (argument: never) => {
          order.push(method);
          return (answer as (argument: never) => unknown)(argument);
        },
      ]),
    ),
  );
  const actor = createActor({ clientVpn, endpoints: stores.endpoints, clock, log });
  const { record } = stores.peek(sampleIds.endpoint);
  return actor({ pass: by, record, decision, deadline: secondsAfter(clock.now(), 20) });
}

/** Another pass takes over, and carries this out. */
async function actLater(decision: Decision, answers: Partial<ClientVpn> = {}) {
  clock.advance(31);
  await claim('pass-2');
  return act(decision, answers, { ...pass, passId: 'pass-2' });
}

const accept = () => Promise.resolve({ outcome: 'accepted' as const, requestId: 'request-1' });
const refuse = () => Promise.reject(anAwsError());
/** AWS being busy, or not there; and what it answers where somebody has to look. */
const passing = ['busy', 'unreachable'] as const;
const refusals = ['misconfigured', 'not-allowed', 'unknown'] as const;
const inTurn = (...answers: readonly (() => ReturnType<typeof accept>)[]) => {
  const left = answers.values();
  return () => left.next().value?.() ?? accept();
};
const storedIntent = (): Intent => stores.peek(sampleIds.endpoint).record.intent;
const tokens = (): unknown[] =>
  [...clientVpn.asked('associate'), ...clientVpn.asked('createRoute')].map(
    (request) => (request as { clientToken: string }).clientToken,
  );

describe('where nothing was decided', () => {
  it('nothing is written and nothing is asked for', async () => {
    const decision = decided({ kind: 'nothing' }, aStartIntent());
    const acted = await act(decision);
    expect(acted).toEqual({ decision, intent: decision.intent, outcome: 'nothing-to-do' });
    expect(clientVpn.calls).toEqual([]);
    expect(order).toEqual([]);
  });
});

describe('a start', () => {
  const associating = decided({ kind: 'associate', subnets: bothSubnets }, aStartIntent());

  it('writes its intent before the first call, then asks for one network after the other', async () => {
    const { intent, outcome } = await act(associating, { associate: accept });
    expect(order).toEqual(['write-intent', 'associate', 'associate']);
    expect(outcome).toBe('done');
    expect(intent).toEqual(aStartIntent());
    expect(storedIntent()).toEqual(aStartIntent());
    expect(clientVpn.asked('associate')).toMatchObject([
      { endpointId: sampleIds.endpoint, subnetId: sampleIds.subnetA },
      { endpointId: sampleIds.endpoint, subnetId: sampleIds.subnetB },
    ]);
    expect(log.messages()).toEqual(['association asked for', 'association asked for']);
  });

  it('does not write an intent that stands there already', async () => {
    await act(associating, { associate: accept });
    order = [];
    const intent = storedIntent();
    await act({ ...associating, intent }, { associate: accept });
    expect(order).toEqual(['associate', 'associate']);
  });

  it('asks for nothing where another pass has taken over', async () => {
    clock.advance(31);
    await claim('pass-2');
    await expect(act(associating)).rejects.toThrow(PassLostError);
    expect(clientVpn.calls).toEqual([]);
  });

  it('forgets its trouble when AWS accepts', async () => {
    const intent = aStartIntent({ trouble: aTrouble() });
    const acted = await act({ ...associating, intent });
    expect(acted.intent).toEqual(aStartIntent());
  });

  it.each(passing)('ends its try where AWS is %s, and says when it tries again', async (kind) => {
    const associate = () => Promise.reject(anAwsError(kind));
    const acted = await act(associating, { associate });
    expect(clientVpn.asked('associate')).toHaveLength(1);
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
    expect(log.messages()).toEqual(['start failed once']);
  });

  it.each(refusals)(
    'asks for the other networks although one is refused as %s, and tells of that one',
    async (kind) => {
      const associate = inTurn(() => Promise.reject(anAwsError(kind)), accept);
      const acted = await act(associating, { associate });
      expect(clientVpn.asked('associate')).toMatchObject([
        { subnetId: sampleIds.subnetA },
        { subnetId: sampleIds.subnetB },
      ]);
      expect(acted).toMatchObject({
        outcome: 'failed',
        decision: { state: 'starting', reason: { code: 'trying-again', problem: { kind } } },
        intent: { trouble: { problem: { kind }, tries: 1 } },
      });
      expect(log.messages()).toEqual(['association asked for', 'start failed once']);
    },
  );

  it('restores the other routes although one is refused', async () => {
    const action: Action = { kind: 'restore-routes', routes: [route, otherRoute] };
    const createRoute = inTurn(() => Promise.reject(anAwsError('misconfigured')), accept);
    const acted = await act(decided(action, aStartIntent()), { createRoute });
    expect(clientVpn.asked('createRoute')).toMatchObject([{ route }, { route: otherRoute }]);
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
    const acted = await act(
      { ...associating, action: { kind: 'associate', subnets } },
      { associate },
    );
    expect(clientVpn.asked('associate')).toHaveLength(3);
    expect(acted.intent).toMatchObject({
      trouble: { problem: { kind: 'misconfigured' }, tries: 1 },
    });
  });

  it('is given up with the failure that is one too many', async () => {
    const intent = aStartIntent({ trouble: aTrouble({ tries: 11 }) });
    const acted = await act({ ...associating, intent }, { associate: refuse });
    expect(acted).toMatchObject({
      decision: { state: 'needs-attention', reason: { code: 'gave-up' } },
      intent: { trouble: { tries: 12, gaveUp: true } },
    });
  });

  it('begins no call after its deadline', async () => {
    const slow = () => {
      clock.advance(20);
      return accept();
    };
    const acted = await act(associating, { associate: slow });
    expect(clientVpn.asked('associate')).toHaveLength(1);
    expect(acted).toMatchObject({ outcome: 'out-of-time', intent: aStartIntent() });
  });

  it('does not forget what was refused before its deadline', async () => {
    const slow = () => {
      clock.advance(20);
      return Promise.reject(anAwsError('misconfigured'));
    };
    const acted = await act(associating, { associate: slow });
    expect(clientVpn.asked('associate')).toHaveLength(1);
    expect(acted).toMatchObject({
      outcome: 'failed',
      decision: { reason: { code: 'trying-again' } },
      intent: { trouble: { problem: { kind: 'misconfigured' } } },
    });
  });

  it('does not take a fault of ours for one of AWS', async () => {
    const broken = () => Promise.reject(new TypeError('x is not a function'));
    await expect(act(associating, { associate: broken })).rejects.toThrow(TypeError);
  });

  it('is refused without the intent that makes its tokens', async () => {
    const decision = decided({ kind: 'associate', subnets: bothSubnets }, { kind: 'none' });
    await expect(act(decision)).rejects.toThrow('without its intent');
    expect(clientVpn.calls).toEqual([]);
  });

  it('puts routes back one after the other, and says which ones are missing when given up', async () => {
    const action: Action = { kind: 'restore-routes', routes: [route, otherRoute] };
    const acted = await act(decided(action, aStartIntent()), { createRoute: accept });
    expect(order).toEqual(['write-intent', 'createRoute', 'createRoute']);
    expect(acted.outcome).toBe('done');
    expect(clientVpn.asked('createRoute')).toMatchObject([{ route }, { route: otherRoute }]);

    const intent = aStartIntent({ trouble: aTrouble({ tries: 11 }) });
    const given = await act(decided(action, intent), { createRoute: refuse });
    expect(given.decision).toMatchObject({
      state: 'needs-attention',
      reason: { code: 'routes-not-restored', failed: 2, message: 'the service is not available' },
    });
  });
});

describe('client tokens', () => {
  const start = (overrides: Parameters<typeof aStartIntent>[0]) =>
    decided({ kind: 'associate', subnets: bothSubnets }, aStartIntent(overrides));
  const tokensOf = async (decision: Decision): Promise<unknown[]> => {
    await act(decision);
    return tokens();
  };

  it('are the same for each retry of one call of one start, whatever went wrong in between', async () => {
    const first = await tokensOf(start({}));
    const again = await tokensOf(start({ trouble: aTrouble({ tries: 3 }), since: sampleNow }));
    expect(again).toEqual(first);
    const retried = await tokensOf(
      decided({ kind: 'associate', subnets: [sampleIds.subnetB] }, aStartIntent()),
    );
    expect(retried).toEqual([first[1]]);
    await actLater(start({}));
    expect(tokens()).toEqual(first);
  });

  it('are others for each network, each start, and each round of it', async () => {
    const all = [
      ...(await tokensOf(start({}))),
      ...(await tokensOf(start({ id: 'start-2' }))),
      ...(await tokensOf(start({ round: 2 }))),
      ...(await tokensOf(
        decided({ kind: 'restore-routes', routes: [route, otherRoute] }, aStartIntent()),
      )),
    ];
    expect(new Set(all).size).toBe(8);
  });

  it('are others in a later pass for a route, so that one deleted meanwhile comes back', async () => {
    const restoring = decided({ kind: 'restore-routes', routes: [route] }, aStartIntent());
    const answered = new Set<string>();
    const table: unknown[] = [];
    // As AWS does it: a token that it has seen gets the old success, and nothing is created.
    const createRoute: ClientVpn['createRoute'] = (request) => {
      if (!answered.has(request.clientToken)) table.push(request.route);
      answered.add(request.clientToken);
      return accept();
    };
    await act(restoring, { createRoute });
    expect(table.splice(0)).toEqual([route]);
    await actLater(restoring, { createRoute });
    expect(table).toEqual([route]);
  });

  it('are of the form that AWS takes', async () => {
    const all = await tokensOf(start({}));
    expect(all).toEqual([
      expect.stringMatching(/^[!-~]{1,64}$/),
      expect.stringMatching(/^[!-~]{1,64}$/),
    ]);
  });
});

describe('the stop of an idle endpoint', () => {
  const stopping = decided(
    { kind: 'disassociate', associations: bothAssociations, because: 'idle' },
    aStopIntent(sampleNow),
  );

  it('writes the intent, reads leases and connections once more, and only then disassociates', async () => {
    const listConnections = () =>
      Promise.resolve([aConnection({ status: 'terminated', endedAt: sampleNow })]);
    const acted = await act(stopping, { listConnections, disassociate: accept });
    expect(order).toEqual([
      'write-intent',
      'load',
      'listConnections',
      'disassociate',
      'disassociate',
    ]);
    expect(acted).toEqual({ decision: stopping, intent: stopping.intent, outcome: 'done' });
    expect(clientVpn.asked('disassociate')).toEqual(
      bothAssociations.map((associationId) => ({ endpointId: pass.endpointId, associationId })),
    );
  });

  it('is refused where somebody has asked for the endpoint since it was decided', async () => {
    const { record } = stores.peek(sampleIds.endpoint);
    await stores.endpoints.noteRequest(sampleIds.endpoint, sampleNow);
    clientVpn = createScriptedClientVpn();
    const actor = createActor({ clientVpn, endpoints: stores.endpoints, clock, log });
    const deadline = secondsAfter(sampleNow, 20);
    const acting = actor({ pass, record, decision: stopping, deadline });
    await expect(acting).rejects.toThrow(PassLostError);
    expect(clientVpn.calls).toEqual([]);
    expect(storedIntent()).toEqual({ kind: 'none' });
    expect(log.messages()).toEqual(['stop abandoned: somebody asked for the endpoint']);
  });

  it('is refused where the table does not answer', async () => {
    const endpoints = {
      ...stores.endpoints,
      writeIntent: () => Promise.reject(new StoreError('no table')),
    };
    clientVpn = createScriptedClientVpn();
    const actor = createActor({ clientVpn, endpoints, clock, log });
    const { record } = stores.peek(sampleIds.endpoint);
    const deadline = secondsAfter(sampleNow, 20);
    const acting = actor({ pass, record, decision: stopping, deadline });
    await expect(acting).rejects.toThrow(StoreError);
    expect(clientVpn.calls).toEqual([]);
  });

  it('is abandoned where a lease turns up that the decision did not know of', async () => {
    await stores.leases.extend(aLease(alice, 30));
    const acted = await act(stopping);
    expect(clientVpn.calls).toEqual([]);
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
      const acted = await act(stopping, { listConnections });
      expect(clientVpn.asked('disassociate')).toEqual([]);
      expect(acted).toMatchObject({
        outcome: 'abandoned',
        intent: { kind: 'none' },
        decision: { state: 'on', reason: { code: 'connected', connected: 1 } },
      });
    },
  );

  it('is abandoned where the connections cannot be read a second time', async () => {
    const acted = await act(stopping, { listConnections: refuse });
    expect(clientVpn.asked('disassociate')).toEqual([]);
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
      await stores.endpoints.writeIntent(pass, start);
      if (what === 'somebody asks') await stores.leases.extend(aLease(alice, 30));
      const connected = () => Promise.resolve([aConnection()]);
      const listConnections = what === 'somebody connects' ? connected : refuse;
      const acted = await act(stopping, { listConnections });
      expect(clientVpn.asked('disassociate')).toEqual([]);
      expect(acted).toMatchObject({ outcome: 'abandoned', intent: start });
      expect(acted.decision).toMatchObject({ state: 'on', intent: start });
    },
  );

  it('goes back to no start where a stop had been begun before', async () => {
    await stores.endpoints.writeIntent(pass, aStopIntent());
    expect((await act(stopping, { listConnections: refuse })).intent).toEqual({ kind: 'none' });
  });

  it.each(passing)('stays a stop, and is told as one, where AWS is %s', async (kind) => {
    const disassociate = () => Promise.reject(anAwsError(kind));
    const acted = await act(stopping, { disassociate });
    expect(clientVpn.asked('disassociate')).toHaveLength(1);
    expect(acted).toEqual({ decision: stopping, intent: stopping.intent, outcome: 'failed' });
    expect(log.messages()).toEqual(['disassociation failed once']);
  });

  it.each(refusals)(
    'stays a stop that needs attention where AWS refuses it as %s',
    async (kind) => {
      const disassociate = () => Promise.reject(anAwsError(kind));
      const acted = await act(stopping, { disassociate });
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
      expect(storedIntent()).toEqual(stopping.intent);
    },
  );

  it('begins no call after its deadline, however long the second look took', async () => {
    const listConnections = () => {
      clock.advance(20);
      return Promise.resolve([]);
    };
    const acted = await act(stopping, { listConnections });
    expect(clientVpn.asked('disassociate')).toEqual([]);
    expect(acted.outcome).toBe('out-of-time');
  });
});

describe('the removal of a failed association', () => {
  const removing = decided(
    { kind: 'disassociate', associations: [sampleIds.associationA], because: 'failed' },
    aStartIntent({ round: 2 }),
  );

  it('needs no second look, and goes on although somebody has asked', async () => {
    await stores.endpoints.noteRequest(sampleIds.endpoint, sampleNow);
    order = [];
    const acted = await act(removing, { disassociate: accept });
    expect(order).toEqual(['write-intent', 'disassociate']);
    expect(acted.outcome).toBe('done');
    expect(storedIntent()).toEqual(aStartIntent({ round: 2 }));
  });

  it('is not done where another pass has taken over', async () => {
    clock.advance(31);
    await claim('pass-2');
    await expect(act(removing)).rejects.toThrow(PassLostError);
    expect(clientVpn.calls).toEqual([]);
  });
});
