import { beforeEach, describe, expect, it } from '@jest/globals';

import { StoreError } from '../../src/errors.ts';
import { portalItself } from '../../src/lease/hold.ts';
import type { PendingEvent, Published } from '../../src/notify/domain-event.ts';
import type { Audience } from '../../src/reconcile/news.ts';
import type { Reconciler, ReconcilerDependencies } from '../../src/reconcile/reconciler.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import { aHold, alice, anEndpoint, carol, sampleNow } from '../builders/endpoint-for-person.ts';
import { aPendingEvent, detailOf, typesOf } from '../builders/events.ts';
import { aConnection, connectionId } from '../builders/observation.ts';
import { bothSubnets, createReconcilerUnderTest, id, on, tags } from './reconciler-under-test.ts';
import type { ReconcilerUnderTest } from './reconciler-under-test.ts';

let under: ReconcilerUnderTest;
/** What was handed over, call by call. */
let heard: (readonly PendingEvent[])[];
/** What stood in the record then. */
let storedThen: (readonly PendingEvent[])[];
let answer: (events: readonly PendingEvent[]) => Published;

const all = (events: readonly PendingEvent[]): Published => ({
  delivered: events.map((event) => event.id),
  answered: true,
});
const none = (): Published => ({ delivered: [], answered: true });

beforeEach(() => {
  under = createReconcilerUnderTest();
  heard = [];
  storedThen = [];
  answer = all;
});

const audience: Audience = {
  publisher: {
    publish(events) {
      heard.push(events);
      storedThen.push(under.record().events);
      return Promise.resolve(answer(events));
    },
  },
};

function reconciler(
  answers: Partial<ClientVpn> = {},
  deps: Partial<ReconcilerDependencies> = {},
): Reconciler {
  return under.reconcilerOver(answers, { audience, ...deps });
}

const pending = () => under.record().events;

describe('a pass with news', () => {
  it.each(['portal', 'schedule'] as const)(
    'stores them with what it found, and publishes them then: %s',
    async (mode) => {
      await under.request();
      expect(await reconciler({}, { mode }).pass(id)).toEqual({ kind: 'passed' });
      expect(heard.map(typesOf)).toEqual([['endpoint-starting']]);
      expect(storedThen).toEqual(heard);
      expect(under.record()).toMatchObject({
        lastPass: { state: 'starting' },
        reported: { phase: 'starting' },
        events: [],
      });
    },
  );

  it('names the endpoint as its tags do, and who wants it', async () => {
    await under.request();
    const named = tags(bothSubnets, { 'vpn-portal:name': 'Tokyo office' });
    const findEndpoint = () => Promise.resolve(anEndpoint({ tags: named }));
    await reconciler({ findEndpoint }).pass(id);
    expect(heard.flat().map(detailOf)).toMatchObject([
      {
        endpointId: id,
        endpointName: 'Tokyo office',
        startedBy: { kind: 'person', name: alice.name },
      },
    ]);
  });

  it('of broken tags names the endpoint all the same', async () => {
    const broken = tags('none', { 'vpn-portal:name': 'Tokyo office' });
    const findEndpoint = () => Promise.resolve(anEndpoint({ tags: broken }));
    await reconciler({ findEndpoint }).pass(id);
    expect(heard.flat().map(detailOf)).toMatchObject([
      { endpointName: 'Tokyo office', reason: 'policy-invalid' },
    ]);
  });

  it('leaves what was not delivered to the next pass, which has the same ids', async () => {
    await under.request();
    answer = none;
    await reconciler().pass(id);
    const [first] = heard;
    expect(pending()).toEqual(first);
    under.clock.advance(6);
    answer = all;
    await reconciler().pass(id);
    expect(heard).toEqual([first, first]);
    expect(pending()).toEqual([]);
  });

  it('whose events cannot be taken out again is a success', async () => {
    await under.request();
    const settleEvents = () => Promise.reject(new StoreError('no table'));
    const endpoints = { ...under.stores.endpoints, settleEvents };
    expect(await reconciler({}, { endpoints }).pass(id)).toEqual({ kind: 'passed' });
    expect(pending()).toEqual(heard[0]);
    expect(under.log.messages()).toContain('delivered events not settled');
  });

  it('publishes them before it fails for want of an audit', async () => {
    await under.request();
    const audit = { append: () => Promise.reject(new StoreError('no audit')) };
    await expect(reconciler({}, { audit }).pass(id)).rejects.toThrow('writing the audit');
    expect(heard.map(typesOf)).toEqual([['endpoint-starting']]);
  });

  it('that was lost publishes nothing', async () => {
    await under.request();
    const listAssociations = async () => {
      under.clock.advance(31);
      const at = under.clock.now();
      const other = { endpointId: id, passId: 'other' };
      const claim = { ...other, at, claimedUntil: at, notIfPassedSince: at };
      await under.stores.endpoints.claimPass(claim);
      return [];
    };
    await reconciler({ listAssociations }).pass(id);
    expect(under.log.messages()).toContain('pass given up');
    expect(heard).toEqual([]);
    expect(pending()).toEqual([]);
  });

  it('that could not be stored publishes nothing', async () => {
    await under.request();
    const recordPass = () => Promise.reject(new StoreError('no table'));
    const endpoints = { ...under.stores.endpoints, recordPass };
    await expect(reconciler({}, { endpoints }).pass(id)).rejects.toThrow(StoreError);
    expect(heard).toEqual([]);
  });
});

describe('a pass without news', () => {
  it('publishes nothing, and a steady endpoint has none', async () => {
    await under.idle();
    await reconciler(on(aConnection())).pass(id);
    under.clock.advance(60);
    await reconciler(on(aConnection())).pass(id);
    expect(heard).toEqual([]);
  });

  it('publishes what others have left: a hold of an administrator', async () => {
    const event = aPendingEvent({ id: 'hold' });
    await under.stores.endpoints.setHold(id, aHold('off'), sampleNow, event);
    await reconciler().pass(id);
    expect(heard[0]).toContainEqual(event);
    expect(pending()).toEqual([]);
  });

  it('publishes it for an endpoint that is no longer managed, too', async () => {
    const event = aPendingEvent({ id: 'hold' });
    await under.stores.endpoints.setHold(id, aHold('off'), sampleNow, event);
    await reconciler({ findEndpoint: () => Promise.resolve(null) }).pass(id);
    expect(heard).toEqual([[event]]);
    expect(pending()).toEqual([]);
  });

  it('leaves alone what nobody is there to hear', async () => {
    const event = aPendingEvent({ id: 'hold' });
    await under.stores.endpoints.setHold(id, aHold('off'), sampleNow, event);
    await reconciler({}, { audience: null }).pass(id);
    expect(pending()).toEqual([event]);
    expect(under.record()).toMatchObject({ reported: null });
  });

  it('in a dry run publishes nothing, and stores nothing', async () => {
    await under.request();
    const event = aPendingEvent({ id: 'hold' });
    await under.stores.endpoints.setHold(id, aHold('on'), sampleNow, event);
    const before = under.record();
    await reconciler({}, { mode: 'dry-run' }).pass(id);
    expect(heard).toEqual([]);
    expect(under.record()).toEqual(before);
  });
});

describe('a connection that an administrator has ended', () => {
  const by = { id: carol.id, name: carol.name };
  const wish = { connectionId: connectionId(1), by, at: sampleNow };
  const passWith = (...connections: readonly Connection[]) => {
    under.clock.advance(6);
    return reconciler(on(...connections)).pass(id);
  };

  it('is told when AWS lists it as ended, and not before', async () => {
    await under.idle();
    await under.stores.endpoints.requestTermination(id, wish);
    await passWith(aConnection(), aConnection({ id: connectionId(2) }));
    expect(heard).toEqual([]);
    const ended = aConnection({ status: 'terminated', endedAt: sampleNow });
    await passWith(ended, aConnection({ id: connectionId(2) }));
    expect(heard.map(typesOf)).toEqual([['connection-ended']]);
    expect(heard.flat().map(detailOf)).toMatchObject([
      { connectionId: connectionId(1), person: 'alice@example.com', by: carol.name },
    ]);
    under.clock.advance(60);
    await passWith(ended, aConnection({ id: connectionId(2) }));
    expect(heard).toHaveLength(1);
  });

  it('is not told where AWS has never listed it', async () => {
    await under.idle();
    await under.stores.endpoints.requestTermination(id, wish);
    under.clock.advance(60);
    await passWith(aConnection({ id: connectionId(2) }));
    expect(under.record().terminations).toEqual([]);
    expect(heard).toEqual([]);
  });

  /** A pass that finds it ended, while something comes in between. */
  async function passDisturbedBy(comes: () => Promise<unknown>): Promise<void> {
    await under.idle();
    await under.stores.endpoints.requestTermination(id, wish);
    const ended = aConnection({ status: 'terminated', endedAt: sampleNow });
    const listConnections = async () => {
      await comes();
      return [ended, aConnection({ id: connectionId(2) })];
    };
    await reconciler({ ...on(), listConnections }).pass(id);
    await passWith(ended, aConnection({ id: connectionId(2) }));
  }

  it('is told once, although people connect while it is found', async () => {
    await passDisturbedBy(() => under.stores.endpoints.noteAttempt(id, sampleNow));
    expect(under.record().terminations).toEqual([]);
    expect(heard.flat()).toHaveLength(1);
  });

  it('is the same event where another is wished in between, and it is decided again', async () => {
    const another = { ...wish, connectionId: connectionId(2) };
    await passDisturbedBy(() => under.stores.endpoints.requestTermination(id, another));
    expect(under.record().terminations).toEqual([another]);
    const ids = heard.flat().map((event) => event.id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is told of no administrator where a newer connection has taken its place', async () => {
    await under.idle();
    await under.stores.endpoints.requestTermination(id, { ...wish, by: portalItself });
    await passWith(
      aConnection({ status: 'terminated', endedAt: sampleNow }),
      aConnection({ id: connectionId(2) }),
    );
    expect(under.record().terminations).toEqual([]);
    expect(heard.flat()).toEqual([]);
  });
});
