import { describe, expect, it } from '@jest/globals';

import { StoreError } from '../../src/errors.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import { portalItself } from '../../src/lease/hold.ts';
import type { StopIntent } from '../../src/lease/endpoint-record.ts';
import { connectTags } from '../../src/vpn/connect-policy.ts';
import { policyTags } from '../../src/vpn/policy.ts';
import { aCatalogue, connectEvents } from '../builders/connect.ts';
import { aLease, alice, carol, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { aPass, aStopIntent, ago, ahead, found, seenFrom } from '../builders/endpoint-record.ts';
import { aConnection, anOnObservation, connectionId } from '../builders/observation.ts';
import { hanging, portalUrl, startHandler } from './connect-handler-under-test.ts';
import type { HandlerUnderTest } from './connect-handler-under-test.ts';

const { v1, v2, v3 } = connectEvents;
const id = sampleIds.endpoint;
const pass = { endpointId: id, passId: 'pass' };
const membersOnly = aCatalogue({
  [policyTags.groups]: 'sales',
  [connectTags.connectMembersOnly]: 'true',
});

const recordIn = (handler: Pick<HandlerUnderTest, 'stores'>) => handler.stores.peek(id).record;

/** A pass that has claimed the endpoint, as a stop does before it is decided. */
async function claim({ stores }: HandlerUnderTest): Promise<void> {
  await stores.endpoints.claimPass({
    ...pass,
    at: sampleNow,
    claimedUntil: ahead(0.5),
    notIfPassedSince: ago(0.1),
  });
}

const writeStop = ({ stores }: HandlerUnderTest, intent: StopIntent = aStopIntent()) =>
  stores.endpoints.writeIntent(pass, intent, { unlessRevisedSince: 0 });

describe('somebody who may connect', () => {
  it('is let in, in the version that was asked in', async () => {
    const { answer } = await startHandler();
    const common = { allow: true, 'posture-compliance-statuses': [] };
    expect(await answer(v1)).toEqual({
      ...common,
      'error-msg-on-failed-posture-compliance': '',
      'schema-version': 'v1',
    });
    for (const event of [v2, v3]) {
      expect(await answer(event)).toEqual({
        ...common,
        'error-msg-on-denied-connection': '',
        'schema-version': event['schema-version'],
      });
    }
  });

  it('is noted on the endpoint before that, and not in the audit', async () => {
    const handler = await startHandler();
    const before = recordIn(handler);
    await handler.answer(v3);
    expect(recordIn(handler)).toEqual({ ...before, lastAttemptAt: sampleNow, revision: 1 });
    expect(handler.audit.entries).toEqual([]);
    expect(handler.denials.entries).toEqual([]);
  });

  it('is told of in one line, and to whoever counts', async () => {
    const { answer, answered, log } = await startHandler();
    await answer(v3);
    const told = {
      endpointId: id,
      schemaVersion: 'v3',
      allowed: true,
      judged: true,
      reason: null,
      seconds: 0,
    };
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: 'connection answered',
        fields: { ...told, connectionId: v3['connection-id'] },
      },
    ]);
    expect(answered).toEqual([told]);
  });

  it('costs two readings and one write', async () => {
    const calls: string[] = [];
    const handler = await startHandler({
      endpoints: ({ endpoints }) => ({
        load: (endpointId, only) => {
          calls.push(only ?? 'leases');
          return endpoints.load(endpointId, only);
        },
        noteAttempt: (endpointId, at) => {
          calls.push('note');
          return endpoints.noteAttempt(endpointId, at);
        },
      }),
      readCatalogue: () => {
        calls.push('catalogue');
        return Promise.resolve(aCatalogue());
      },
    });
    await handler.answer(v3);
    expect(calls).toEqual(['record', 'catalogue', 'note']);
    expect(handler.timers.running()).toEqual([]);
  });

  it('costs one reading more where only those who hold a lease may connect', async () => {
    const read: string[] = [];
    const handler = await startHandler({
      catalogue: aCatalogue({ [connectTags.connectLeaseHoldersOnly]: 'true' }),
      endpoints: ({ endpoints }) => ({
        load: (endpointId, only) => {
          read.push(only ?? 'leases');
          return endpoints.load(endpointId, only);
        },
      }),
    });
    expect(await handler.answer(v3)).toMatchObject({ allow: false });
    await handler.stores.leases.extend(aLease(alice, 60), null);
    expect(await handler.answer(v3)).toMatchObject({ allow: true });
    expect(read).toEqual(['record', 'leases', 'record', 'leases']);
  });

  it('is let in although whoever counts fails, which is logged', async () => {
    const { answer, log } = await startHandler({
      onAnswered: () => {
        throw new Error('no metrics today');
      },
    });
    expect(await answer(v3)).toMatchObject({ allow: true });
    expect(log.messages()).toEqual(['connection answered', 'answer not counted']);
  });

  it('has the posture told where there are conditions on devices', async () => {
    const catalogue = aCatalogue({ [connectTags.connectPlatforms]: 'win:10' });
    const { answer } = await startHandler({ catalogue });
    expect(await answer(v3)).toMatchObject({
      allow: true,
      'posture-compliance-statuses': ['compliant'],
    });
  });
});

describe('a stop and a client at the same time', () => {
  it('abandons a stop that was just being decided', async () => {
    const handler = await startHandler();
    await claim(handler);
    expect(await handler.answer(v3)).toMatchObject({ allow: true });
    await expect(writeStop(handler)).rejects.toThrow(PassLostError);
  });

  it('keeps the client out where the stop was first, and names the portal’s address', async () => {
    const handler = await startHandler();
    await claim(handler);
    await writeStop(handler);
    const answer = await handler.answer(v3);
    expect(answer).toMatchObject({ allow: false });
    expect(JSON.stringify(answer)).toContain(`Turn it on at ${portalUrl} `);
    expect(recordIn(handler)).toMatchObject({ lastAttemptAt: null, revision: 0 });
  });

  it('keeps the client out of a stop that comes between its reading and its note', async () => {
    const handler = await startHandler({
      endpoints: (stores) => ({
        async load(endpointId) {
          const loaded = await stores.endpoints.load(endpointId);
          await stores.endpoints.writeIntent(pass, aStopIntent(), { unlessRevisedSince: 0 });
          return loaded;
        },
      }),
    });
    await claim(handler);
    expect(await handler.answer(v3)).toMatchObject({ allow: false });
    expect(handler.answered).toMatchObject([{ reason: 'stop-under-way' }]);
  });

  it('keeps the client out where an administrator orders the stop in between', async () => {
    const handler = await startHandler({
      endpoints: (stores) => ({
        async load(endpointId) {
          const loaded = await stores.endpoints.load(endpointId);
          const by = { id: carol.id, name: carol.name };
          await stores.endpoints.requestStop(endpointId, { by, at: sampleNow });
          return loaded;
        },
      }),
    });
    await claim(handler);
    await handler.stores.endpoints.recordPass(pass, {
      ...found({ onSince: ago(60) }, anOnObservation()),
      revision: 0,
      nextPassAt: ahead(1),
    });
    expect(await handler.answer(v3)).toMatchObject({ allow: false });
    expect(handler.answered).toMatchObject([{ reason: 'stop-under-way' }]);
  });

  it('lets the client in once the stop was abandoned and the pass recorded', async () => {
    const handler = await startHandler();
    await claim(handler);
    await writeStop(handler);
    await handler.stores.endpoints.recordPass(pass, {
      ...found({ onSince: ago(60) }, anOnObservation({ connections: [aConnection()] })),
      revision: 0,
      nextPassAt: ahead(1),
    });
    expect(await handler.answer(v3)).toMatchObject({ allow: true });
  });
});

describe('somebody who may not connect', () => {
  it('reads why, is in the audit and among the last denials, and is not noted', async () => {
    const handler = await startHandler({ catalogue: membersOnly });
    expect(await handler.answer(v3)).toEqual({
      allow: false,
      'error-msg-on-denied-connection': `Your groups may not use this VPN. Which ones you may use is at ${portalUrl}`,
      'posture-compliance-statuses': [],
      'schema-version': 'v3',
    });
    expect(handler.audit.entries).toEqual([
      {
        at: sampleNow,
        actor: { id: `vpn:${alice.name}`, name: alice.name },
        address: '203.0.113.7',
        action: 'connect',
        endpointId: id,
        detail: `${v3['connection-id']}, win 10.0.19045 AWS client 5.2.1`,
        outcome: 'not-in-group',
        requestIds: [],
      },
    ]);
    expect(handler.denials.entries).toEqual([
      { at: sampleNow, endpointId: id, person: alice.name, reason: 'not-in-group' },
    ]);
    expect(handler.answered).toMatchObject([{ allowed: false, reason: 'not-in-group' }]);
    expect(recordIn(handler).revision).toBe(0);
  });

  it('reads it in the first version under its older name, and in the language that is set', async () => {
    const { answer } = await startHandler({
      catalogue: membersOnly,
      settings: { language: 'ja' },
    });
    expect(await answer(v1)).toMatchObject({
      allow: false,
      'error-msg-on-failed-posture-compliance': expect.stringContaining('グループに入っていません'),
    });
  });

  it('gets the same answer where the denial cannot be written down', async () => {
    for (const failing of ['appendAudit', 'appendDenial'] as const) {
      const handler = await startHandler({
        catalogue: membersOnly,
        [failing]: () => Promise.reject(new StoreError('calling the table')),
      });
      expect(await handler.answer(v3)).toMatchObject({ allow: false });
      expect(handler.log.messages()).toEqual(['answer not written down', 'connection answered']);
    }
  });

  it('does not wait longer than five seconds in all for that', async () => {
    const handler = await startHandler({
      catalogue: membersOnly,
      endpoints: ({ endpoints }) => ({
        load: (endpointId) => {
          handler.clock.advance(1.5);
          return endpoints.load(endpointId);
        },
      }),
      appendAudit: hanging,
    });
    const answering = handler.answer(v3);
    await settle();
    expect(handler.timers.running()).toEqual([3.5]);
    handler.timers.runOut();
    expect(await answering).toMatchObject({ allow: false });
    expect(handler.log.messages()).toEqual([
      'answer not written down in time',
      'connection answered',
    ]);
  });
});

describe.each(['allow', 'deny'] as const)(
  'where nothing can be told, by the setting %s,',
  (onFailure) => {
    const allow = onFailure === 'allow';
    const settings = { onFailure };

    it('an endpoint that is not managed is decided, and nothing is stored of it', async () => {
      const handler = await startHandler({ settings, catalogue: null });
      expect(await handler.answer(v3)).toMatchObject({ allow });
      expect(handler.answered).toMatchObject([{ allowed: allow, reason: 'endpoint-not-managed' }]);
      expect(recordIn(handler).revision).toBe(0);
    });

    it('an endpoint with broken conditions is decided, and noted where somebody is let in', async () => {
      const catalogue = aCatalogue({ [connectTags.connectMembersOnly]: 'maybe' });
      const handler = await startHandler({ settings, catalogue });
      expect(await handler.answer(v3)).toMatchObject({ allow });
      expect(handler.answered).toMatchObject([{ allowed: allow, reason: 'tags-not-usable' }]);
      expect(recordIn(handler).lastAttemptAt).toEqual(allow ? sampleNow : null);
    });

    it('is in the audit, whether let in or not, and among the denials only if not', async () => {
      const catalogue = aCatalogue({ [connectTags.connectMembersOnly]: 'maybe' });
      const handler = await startHandler({ settings, catalogue });
      await handler.answer(v3);
      const outcome = allow ? 'let-in-tags-not-usable' : 'tags-not-usable';
      expect(handler.audit.entries).toMatchObject([
        { action: 'connect', endpointId: id, actor: { id: `vpn:${alice.name}` }, outcome },
      ]);
      expect(handler.denials.entries).toHaveLength(allow ? 0 : 1);
      expect(handler.answered).toMatchObject([{ judged: false }]);
    });

    it.each([
      ['its record', { endpoints: () => ({ load: hanging }) }],
      ['the catalogue', { readCatalogue: hanging }],
      ['the note', { endpoints: () => ({ noteAttempt: hanging }) }],
    ] as const)('a table that hangs with %s is waited for four seconds', async (_what, hangs) => {
      const handler = await startHandler({ settings, ...hangs });
      const answering = handler.answer(v3);
      await settle();
      expect(handler.timers.running()).toEqual([4]);
      expect(handler.answered).toEqual([]);
      handler.clock.advance(4);
      handler.timers.runOut();
      expect(await answering).toMatchObject({ allow });
      expect(handler.answered).toMatchObject([
        { allowed: allow, reason: 'no-answer-in-time', seconds: 4 },
      ]);
      expect(handler.log.lines[0]).toMatchObject({
        level: 'error',
        message: 'store has not answered in time',
      });
    });

    it.each([
      ['its record', { endpoints: () => ({ load: failing }) }],
      ['the catalogue', { readCatalogue: failing }],
      ['the note', { endpoints: () => ({ noteAttempt: failing }) }],
    ] as const)(
      'a table that fails with %s is decided at once, and logged',
      async (_what, fails) => {
        const handler = await startHandler({ settings, ...fails });
        expect(await handler.answer(v3)).toMatchObject({ allow });
        expect(handler.answered).toMatchObject([{ allowed: allow, reason: 'failed' }]);
        expect(handler.log.lines[0]).toMatchObject({
          level: 'error',
          message: 'connection not judged',
        });
        expect(handler.timers.running()).toEqual([]);
      },
    );

    it('a request in a version that nobody knows yet is decided, and answered in the newest', async () => {
      const handler = await startHandler({ settings, catalogue: membersOnly });
      const answer = await handler.answer({ ...v3, 'schema-version': 'v4' });
      expect(answer).toMatchObject({ allow, 'schema-version': 'v3' });
      expect(handler.answered).toMatchObject([{ judged: false, reason: 'version-not-known' }]);
      expect(recordIn(handler).lastAttemptAt).toEqual(allow ? sampleNow : null);
    });

    it('a stop under way still keeps people out, and so does a request that is none', async () => {
      const handler = await startHandler({ settings });
      await claim(handler);
      await writeStop(handler);
      expect(await handler.answer(v3)).toMatchObject({ allow: false });
      expect(await handler.answer({ ...v3, 'endpoint-id': '' })).toMatchObject({ allow: false });
      expect(await handler.answer({ ...v3, 'schema-version': 'v4' })).toMatchObject({
        allow: false,
      });
    });
  },
);

describe('after its time', () => {
  it('nothing more is noted by an answer that comes late', async () => {
    let resolve = (): void => undefined;
    const handler = await startHandler({
      endpoints: ({ endpoints }) => ({
        load: async (endpointId) => {
          await new Promise<void>((wake) => {
            resolve = wake;
          });
          return endpoints.load(endpointId);
        },
      }),
    });
    const answering = handler.answer(v3);
    await settle();
    handler.timers.runOut();
    expect(await answering).toMatchObject({ allow: false });
    resolve();
    await settle();
    expect(recordIn(handler).revision).toBe(0);
  });
});

describe('one connection for each person, where the newer one wins,', () => {
  const catalogue = aCatalogue({ [connectTags.connectOnePerPerson]: 'newer-wins' });
  const older = connectionId(1);

  async function withAnOlderOne(
    options: Parameters<typeof startHandler>[0] = {},
  ): Promise<HandlerUnderTest> {
    const handler = await startHandler({ catalogue, ...options });
    await claim(handler);
    const observation = anOnObservation({ connections: [aConnection({ id: older })] });
    await handler.stores.endpoints.recordPass(pass, {
      ...found({}, observation),
      lastPass: aPass({ state: 'on', seen: seenFrom(observation) }),
      revision: 0,
      nextPassAt: ahead(1),
    });
    return handler;
  }

  it('has the schedule end the older one, by the portal’s own wish', async () => {
    const handler = await withAnOlderOne();
    expect(await handler.answer(v3)).toMatchObject({ allow: true });
    expect(recordIn(handler).terminations).toEqual([
      { connectionId: older, by: portalItself, at: sampleNow },
    ]);
    expect(recordIn(handler)).toMatchObject({ lastAttemptAt: sampleNow });
  });

  it('wishes that once, however often somebody tries', async () => {
    const handler = await withAnOlderOne();
    await handler.answer(v3);
    await handler.answer(v3);
    expect(recordIn(handler).terminations).toHaveLength(1);
  });

  it('ends nothing any more where its time is over before that', async () => {
    let wake = (): void => undefined;
    const handler = await withAnOlderOne({
      endpoints: ({ endpoints }) => ({
        async noteAttempt(endpointId, at) {
          const noted = await endpoints.noteAttempt(endpointId, at);
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          return noted;
        },
      }),
    });
    const answering = handler.answer(v3);
    await settle();
    handler.timers.runOut();
    expect(await answering).toMatchObject({ allow: false });
    wake();
    await settle();
    expect(recordIn(handler).terminations).toEqual([]);
  });

  it('ends nothing where the newer one is not let in', async () => {
    const handler = await withAnOlderOne({
      endpoints: () => ({ noteAttempt: () => Promise.resolve(null) }),
    });
    expect(await handler.answer(v3)).toMatchObject({ allow: false });
    expect(recordIn(handler).terminations).toEqual([]);
  });
});

/** Lets everything go on that does not wait for the test. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function failing(): Promise<never> {
  return Promise.reject(new StoreError('calling the table'));
}
