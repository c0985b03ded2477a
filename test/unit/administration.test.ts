import { beforeEach, describe, expect, it } from '@jest/globals';

import type { AuditWriter } from '../../src/audit/audit-log.ts';
import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import { NotReadYetError, StoreError } from '../../src/errors.ts';
import type { Capability, Principal } from '../../src/identity/principal.ts';
import { createAdministration } from '../../src/lease/administration.ts';
import type { ActOutcome, Administration, HoldWish } from '../../src/lease/administration.ts';
import { createEndpointDirectory } from '../../src/lease/endpoint-directory.ts';
import type { Seen } from '../../src/lease/endpoint-record.ts';
import type { EndpointStore } from '../../src/lease/endpoint-store.ts';
import { holdInEffect, wantedOn } from '../../src/lease/hold.ts';
import {
  aHold,
  aLease,
  aPrincipal,
  alice,
  anEndpoint,
  carol,
  dave,
  sampleIds,
  sampleNow,
  seenOn,
} from '../builders/endpoint-for-person.ts';
import { aPass, ago, ahead } from '../builders/endpoint-record.ts';
import { detailOf } from '../builders/events.ts';
import { connectionId } from '../builders/observation.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.ts';
import type { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

const id = sampleIds.endpoint;
/** A second administrator. */
const erin = aPrincipal('erin@example.com', [...carol.capabilities]);
const actorOf = ({ id: personId, name }: Principal) => ({ id: personId, name });
const by = actorOf(carol);
const maintenance: HoldWish = { kind: 'on', until: ahead(60), reason: 'Maintenance' };

let clock: StoppedClock;
let stores: MemoryStores;
let audit: MemoryAuditLog;
let nudged: string[];

beforeEach(async () => {
  clock = createStoppedClock();
  stores = createMemoryStores();
  audit = createMemoryAuditLog();
  nudged = [];
  const tags = new Map([['vpn-portal:subnets', sampleIds.subnetA]]);
  const readAt = clock.now();
  await stores.catalogue.put({ readAt, endpoints: [anEndpoint({ tags })] }, null);
});

function administrationOver(
  deps: {
    readonly endpoints?: Partial<EndpointStore>;
    readonly audit?: AuditWriter;
    readonly newEventId?: () => string;
  } = {},
): Administration {
  const endpoints = { ...stores.endpoints, ...deps.endpoints };
  return createAdministration({
    directory: createEndpointDirectory({
      endpoints,
      catalogue: stores.catalogue,
      clock,
      passIsDue: () => undefined,
      listingIsDue: () => undefined,
    }),
    endpoints,
    audit: deps.audit ?? audit,
    clock,
    nudge: (endpointId) => nudged.push(endpointId),
    newEventId: deps.newEventId ?? null,
  });
}

const record = () => stores.peek(id).record;
const outcomes = () => audit.entries.map(({ outcome }) => outcome);

/** Two people are connected, as the last pass saw. */
async function passed(): Promise<void> {
  const pass = { endpointId: id, passId: 'pass' };
  const claimedUntil = secondsAfter(sampleNow, 30);
  await stores.endpoints.claimPass({
    ...pass,
    at: sampleNow,
    claimedUntil,
    notIfPassedSince: sampleNow,
  });
  await stores.endpoints.recordPass(pass, {
    ...record(),
    onSince: ago(60),
    lastPass: aPass({ state: 'on', seen: seenOn(2) }),
    nextPassAt: sampleNow,
  });
}

describe('a hold', () => {
  it('is recorded, told of to a pass, and stands in the audit', async () => {
    const wish = { ...maintenance, reason: '  Maintenance ' };
    expect(await administrationOver().hold(carol, id, wish)).toEqual({
      kind: 'recorded',
      revision: 1,
    });
    expect(record()).toMatchObject({
      revision: 1,
      hold: { kind: 'on', until: ahead(60), reason: 'Maintenance', by, at: sampleNow },
      schedule: { nextPassAt: sampleNow },
    });
    expect(nudged).toEqual([id]);
    expect(audit.entries).toEqual([
      {
        at: sampleNow,
        address: null,
        actor: by,
        action: 'hold',
        endpointId: id,
        detail: `on until ${ahead(60).toISOString()}: Maintenance`,
        outcome: 'recorded',
        requestIds: [],
      },
    ]);
  });

  it('replaces the one before it', async () => {
    const administration = administrationOver();
    await administration.hold(carol, id, maintenance);
    const off = { kind: 'off', until: ahead(30), reason: 'No more' } as const;
    expect(await administration.hold(carol, id, off)).toMatchObject({ revision: 2 });
    expect(record().hold).toMatchObject(off);
  });

  const badTime: ActOutcome = { kind: 'until-not-usable', longestDays: 30 };
  const badReason: ActOutcome = { kind: 'reason-not-usable', longest: 200 };

  it.each<[string, Partial<HoldWish>, ActOutcome]>([
    ['a time that is none', { until: null }, badTime],
    ['now', { until: sampleNow }, badTime],
    ['a time in the past', { until: ago(1) }, badTime],
    [
      'a time beyond thirty days',
      { until: secondsAfter(minutesAfter(sampleNow, 30 * 24 * 60), 0.001) },
      badTime,
    ],
    ['neither on nor off', { kind: null }, { kind: 'hold-kind-not-usable' }],
    ['no reason', { reason: '' }, badReason],
    ['a reason of nothing but space', { reason: ' \n\t ' }, badReason],
    ['a reason of 201 characters', { reason: 'x'.repeat(201) }, badReason],
    ['a reason of 5,000 characters', { reason: 'x'.repeat(5000) }, badReason],
  ])('with %s changes nothing, and the try stands in the audit', async (_, wish, expected) => {
    await stores.endpoints.setHold(id, aHold('off'), sampleNow);
    const before = record();
    const outcome = await administrationOver().hold(carol, id, { ...maintenance, ...wish });
    expect(outcome).toEqual(expected);
    expect(record()).toEqual(before);
    expect(nudged).toEqual([]);
    expect(audit.entries).toMatchObject([{ action: 'hold', outcome: expected.kind, actor: by }]);
    expect(audit.entries[0]?.detail.length).toBeLessThan(300);
  });

  it.each<[string, Partial<HoldWish>]>([
    ['for a moment', { until: secondsAfter(sampleNow, 0.001) }],
    ['for thirty days to the millisecond', { until: minutesAfter(sampleNow, 30 * 24 * 60) }],
    ['with a reason of 200 characters', { reason: '東'.repeat(200) }],
    ['with a reason of 200 characters and space around', { reason: ` ${'x'.repeat(200)}  ` }],
  ])('%s is possible', async (_, wish) => {
    const outcome = await administrationOver().hold(carol, id, { ...maintenance, ...wish });
    expect(outcome).toMatchObject({ kind: 'recorded' });
  });

  it('tells the audit that the time was none, or the kind', async () => {
    await administrationOver().hold(carol, id, { ...maintenance, until: null });
    await administrationOver().hold(carol, id, { ...maintenance, kind: null });
    expect(audit.entries.map(({ detail }) => detail)).toEqual([
      'on until no time: Maintenance',
      `neither on nor off until ${ahead(60).toISOString()}: Maintenance`,
    ]);
  });
});

describe('taking a hold back', () => {
  it('leaves none, and starts the idle clock', async () => {
    await stores.endpoints.setHold(id, aHold('on'), ago(10));
    expect(await administrationOver().releaseHold(carol, id)).toEqual({
      kind: 'recorded',
      revision: 2,
    });
    expect(record()).toMatchObject({ hold: null, lastReleaseAt: sampleNow });
    expect(nudged).toEqual([id]);
    expect(audit.entries).toMatchObject([
      { action: 'release-hold', outcome: 'recorded', detail: '' },
    ]);
  });

  it('is a success where there is none, and begins no idle clock again', async () => {
    expect(await administrationOver().releaseHold(carol, id)).toMatchObject({ kind: 'recorded' });
    expect(record()).toMatchObject({ hold: null, lastReleaseAt: null });
  });
});

describe('a stop', () => {
  it('is recorded with who and when, voids what was asked for, and stands in the audit', async () => {
    await stores.leases.extend(aLease(alice, 300), null);
    expect(await administrationOver().stop(carol, id)).toEqual({ kind: 'recorded', revision: 1 });
    const { leases } = stores.peek(id);
    expect(record().stopRequest).toEqual({ by, at: sampleNow });
    expect(wantedOn(record(), leases, sampleNow)).toBeNull();
    expect(nudged).toEqual([id]);
    expect(audit.entries).toMatchObject([{ action: 'stop', outcome: 'recorded', actor: by }]);
  });

  it('by a clock that is behind voids what was said before it all the same', async () => {
    const lease = { ...aLease(alice, 300), requestedAt: ahead(1), askedAt: ahead(1) };
    await stores.leases.extend(lease, null);
    await stores.endpoints.setHold(id, aHold('on', { at: ahead(2) }), sampleNow);
    await administrationOver().stop(carol, id);
    expect(record().stopRequest?.at).toEqual(ahead(2));
    expect(wantedOn(record(), stores.peek(id).leases, sampleNow)).toBeNull();
  });

  it.each([
    ['a lease', 3, 2, 1],
    ['a hold-on', 2, 3, 1],
    ['a stop', 1, 2, 3],
  ])('is no earlier than the last thing that was said: %s', async (_, asked, held, stopped) => {
    await stores.endpoints.requestStop(id, { by: actorOf(erin), at: ahead(stopped) });
    const lease = { ...aLease(alice, 300), requestedAt: ahead(asked), askedAt: ahead(asked) };
    await stores.leases.extend(lease, null);
    await stores.endpoints.setHold(id, aHold('on', { at: ahead(held) }), sampleNow);
    expect(await administrationOver().stop(carol, id)).toEqual({ kind: 'recorded', revision: 3 });
    expect(record().stopRequest?.at).toEqual(ahead(3));
    expect(wantedOn(record(), stores.peek(id).leases, sampleNow)).toBeNull();
  });

  it('does not bring back what a later one has voided', async () => {
    const administration = administrationOver({
      endpoints: {
        requestStop: async (endpointId, request) => {
          await stores.endpoints.requestStop(endpointId, { by: actorOf(erin), at: ahead(2) });
          return stores.endpoints.requestStop(endpointId, request);
        },
      },
    });
    expect(await administration.stop(carol, id)).toEqual({ kind: 'recorded', revision: 2 });
    expect(record().stopRequest).toEqual({ by: actorOf(erin), at: ahead(2) });
  });
});

describe('ending a connection', () => {
  const seenBy = async (seen: Seen | null) => {
    clock.advance(60);
    const pass = { endpointId: id, passId: 'next' };
    const at = clock.now();
    const claimedUntil = secondsAfter(at, 30);
    await stores.endpoints.claimPass({ ...pass, at, claimedUntil, notIfPassedSince: sampleNow });
    const lastPass = aPass({ state: 'on', seen });
    await stores.endpoints.recordPass(pass, { ...record(), lastPass, nextPassAt: at });
  };

  it('is recorded where the last pass has seen it, and stands in the audit', async () => {
    await passed();
    const connectionId = sampleIds.connectionA;
    const outcome = await administrationOver().terminate(carol, id, connectionId);
    expect(outcome).toMatchObject({ kind: 'recorded' });
    expect(record().terminations).toEqual([{ connectionId, by, at: sampleNow }]);
    expect(nudged).toEqual([id]);
    expect(audit.entries).toMatchObject([
      { action: 'terminate', detail: connectionId, outcome: 'recorded' },
    ]);
  });

  it('that is gone, or that nobody has seen yet, changes nothing', async () => {
    const terminate = () => administrationOver().terminate(carol, id, sampleIds.connectionB);
    expect(await terminate()).toEqual({ kind: 'not-connected' });
    await passed();
    const seen = seenOn(1);
    expect(seen.connections.map((each) => each.id)).not.toContain(sampleIds.connectionB);
    await seenBy(seen);
    expect(await terminate()).toEqual({ kind: 'not-connected' });
    expect(record().terminations).toEqual([]);
    expect(nudged).toEqual([]);
    expect(outcomes()).toEqual(['not-connected', 'not-connected']);
  });

  it('that is not named is recorded where more are connected than are named', async () => {
    const unnamed = connectionId(7);
    await seenBy(seenOn(2));
    const terminate = () => administrationOver().terminate(carol, id, unnamed);
    expect(await terminate()).toEqual({ kind: 'not-connected' });
    await seenBy(seenOn(3));
    expect(await terminate()).toMatchObject({ kind: 'recorded' });
    expect(record().terminations).toEqual([{ connectionId: unnamed, by, at: clock.now() }]);
  });
});

type Act = (
  administration: Administration,
  who: typeof carol,
  where?: typeof id,
) => Promise<ActOutcome>;

describe.each<[string, Capability, Act]>([
  ['hold', 'endpoint:hold', (to, who, at = id) => to.hold(who, at, maintenance)],
  ['release-hold', 'endpoint:hold', (to, who, at = id) => to.releaseHold(who, at)],
  ['stop', 'endpoint:stop', (to, who, at = id) => to.stop(who, at)],
  [
    'terminate',
    'connection:terminate',
    (to, who, at = id) => to.terminate(who, at, sampleIds.connectionA),
  ],
])('the act %s', (action, capability, act) => {
  it(`needs the capability ${capability}, and no other`, async () => {
    await passed();
    const before = stores.peek(id);
    const others = [...carol.capabilities].filter((each) => each !== capability);
    for (const who of [alice, dave, aPrincipal('frank@example.com', others)]) {
      expect(await act(administrationOver(), who)).toEqual({ kind: 'not-permitted' });
    }
    expect(stores.peek(id)).toEqual(before);
    expect(nudged).toEqual([]);
    const alone = aPrincipal('grace@example.com', [capability, 'endpoint:see-all']);
    expect(await act(administrationOver(), alone)).toMatchObject({ kind: 'recorded' });
    expect(outcomes()).toEqual([...Array<string>(3).fill('not-permitted'), 'recorded']);
    expect(audit.entries[0]).toMatchObject({ action, actor: { id: alice.id, name: alice.name } });
  });

  it('on an endpoint that does not exist for the person changes nothing, and is audited', async () => {
    const outcome = await act(administrationOver(), carol, sampleIds.otherEndpoint);
    expect(outcome).toEqual({ kind: 'unknown-endpoint' });
    expect(audit.entries).toMatchObject([
      { action, endpointId: sampleIds.otherEndpoint, outcome: 'unknown-endpoint' },
    ]);
    expect(stores.peek(sampleIds.otherEndpoint).record.revision).toBe(0);
    expect(nudged).toEqual([]);
  });

  it('that the store refuses is not confirmed, and is audited as failed', async () => {
    await passed();
    const broken = () => Promise.reject(new StoreError('no table'));
    const endpoints = {
      setHold: broken,
      releaseHold: broken,
      requestStop: broken,
      requestTermination: broken,
    };
    await expect(act(administrationOver({ endpoints }), carol)).rejects.toThrow(StoreError);
    expect(audit.entries).toMatchObject([
      { action, outcome: 'recorded', actor: by },
      { action, outcome: 'failed', actor: by },
    ]);
    expect(nudged).toEqual([]);
  });

  it('stands in the audit before the store hears of it', async () => {
    await passed();
    const heard: (readonly string[])[] = [];
    const hearing =
      <Args extends readonly unknown[], Answer>(tell: (...args: Args) => Promise<Answer>) =>
      (...args: Args): Promise<Answer> => {
        heard.push(outcomes());
        return tell(...args);
      };
    const { endpoints: told } = stores;
    const endpoints: Partial<EndpointStore> = {
      setHold: hearing((...hold) => told.setHold(...hold)),
      releaseHold: hearing((...release) => told.releaseHold(...release)),
      requestStop: hearing((...request) => told.requestStop(...request)),
      requestTermination: hearing((...wish) => told.requestTermination(...wish)),
    };
    await act(administrationOver({ endpoints }), carol);
    expect(heard).toEqual([['recorded']]);
    expect(outcomes()).toEqual(['recorded']);
  });

  it('is audited as failed where the endpoint itself cannot be read', async () => {
    const endpoints = { load: () => Promise.reject(new StoreError('no table')) };
    await expect(act(administrationOver({ endpoints }), carol)).rejects.toThrow(StoreError);
    stores = createMemoryStores();
    await expect(act(administrationOver(), carol)).rejects.toThrow(NotReadYetError);
    expect(outcomes()).toEqual(['failed', 'failed']);
  });

  it('is not done where the audit cannot be written', async () => {
    await passed();
    const before = stores.peek(id);
    const append = () => Promise.reject(new StoreError('no audit'));
    const acting = act(administrationOver({ audit: { append } }), carol);
    await expect(acting).rejects.toThrow('no audit');
    expect(stores.peek(id)).toEqual(before);
    expect(nudged).toEqual([]);
  });
});

describe('two administrators who do opposite things', () => {
  const acted = (first: Promise<ActOutcome>, second: Promise<ActOutcome>) =>
    Promise.all([first, second]).then((both) => both.map(({ kind }) => kind));

  it('at once: one of the two stands as a whole, and both stand in the audit', async () => {
    const on = { kind: 'on', until: ahead(60), reason: 'Maintenance' } as const;
    const off = { kind: 'off', until: ahead(90), reason: 'Audit' } as const;
    const kinds = await acted(
      administrationOver().hold(carol, id, on),
      administrationOver().hold(erin, id, off),
    );
    expect(kinds).toEqual(['recorded', 'recorded']);
    expect(record()).toMatchObject({ revision: 2, hold: { ...off, by: { id: erin.id } } });
    const who = audit.entries.map(({ actor, detail }) => [actor.name, detail.split(' ')[0]]);
    expect(who).toEqual([
      [carol.name, 'on'],
      [erin.name, 'off'],
    ]);
  });

  it('one after the other: a stop after a hold-on has the last word', async () => {
    await administrationOver().hold(carol, id, maintenance);
    clock.advance(1);
    await administrationOver().stop(erin, id);
    expect(holdInEffect(record(), clock.now())).toBeNull();
    expect(audit.entries.map(({ action }) => action)).toEqual(['hold', 'stop']);
  });

  it.each([
    ['in the same moment', 0],
    ['by a clock that is behind', -30],
    ['later', 30],
  ])('a hold-on after a stop, %s, has the last word', async (_, seconds) => {
    await administrationOver().stop(carol, id);
    clock.advance(seconds);
    await administrationOver().hold(erin, id, maintenance);
    expect(holdInEffect(record(), clock.now())).toMatchObject({ by: { id: erin.id } });
  });

  it.each([
    ['in the same moment', 0],
    ['by a clock that is ahead', 5],
    ['before', -5],
  ])('a stop has the last word where a hold-on, %s, was not known of yet', async (_, seconds) => {
    const heldAt = secondsAfter(sampleNow, seconds);
    let stops = 0;
    const administration = administrationOver({
      endpoints: {
        requestStop: async (endpointId, request) => {
          stops += 1;
          if (stops === 1) {
            await stores.endpoints.setHold(endpointId, aHold('on', { at: heldAt }), sampleNow);
          }
          return stores.endpoints.requestStop(endpointId, request);
        },
      },
    });
    const again = seconds > 0;
    const outcome = await administration.stop(erin, id);
    expect(outcome).toEqual({ kind: 'recorded', revision: again ? 3 : 2 });
    expect(stops).toBe(again ? 2 : 1);
    expect(holdInEffect(record(), sampleNow)).toBeNull();
    expect(outcomes()).toEqual(['recorded']);
  });

  it('a stop leaves a hold-off that was not known of', async () => {
    const off = aHold('off', { at: secondsAfter(sampleNow, 5) });
    const administration = administrationOver({
      endpoints: {
        requestStop: async (endpointId, request) => {
          await stores.endpoints.setHold(endpointId, off, sampleNow);
          return stores.endpoints.requestStop(endpointId, request);
        },
      },
    });
    expect(await administration.stop(erin, id)).toEqual({ kind: 'recorded', revision: 2 });
    expect(record()).toMatchObject({ hold: off, stopRequest: { at: sampleNow } });
  });

  it('a hold-on has the last word too where the stop was not known of yet', async () => {
    const administration = administrationOver({
      endpoints: {
        setHold: async (endpointId, hold, at) => {
          if (record().stopRequest === null) {
            await stores.endpoints.requestStop(endpointId, { by, at: secondsAfter(sampleNow, 5) });
          }
          return stores.endpoints.setHold(endpointId, hold, at);
        },
      },
    });
    const outcome = await administration.hold(erin, id, maintenance);
    expect(outcome).toEqual({ kind: 'recorded', revision: 3 });
    expect(holdInEffect(record(), sampleNow)).toMatchObject({ kind: 'on', by: { id: erin.id } });
    expect(outcomes()).toEqual(['recorded']);
  });
});

describe('those who are told of holds', () => {
  const listening = () => {
    let ids = 0;
    return administrationOver({ newEventId: () => `event-${(ids += 1)}` });
  };

  it('are told with the hold itself: by whom, until when, and why', async () => {
    await listening().hold(carol, id, { ...maintenance, reason: ' Maintenance ' });
    expect(record().events.map(detailOf)).toEqual([
      {
        version: 1,
        id: 'event-1',
        at: sampleNow.toISOString(),
        endpointId: id,
        endpointName: id,
        kind: 'on',
        until: ahead(60).toISOString(),
        by: carol.name,
        why: 'Maintenance',
      },
    ]);
  });

  it('are told once of a hold that had to be said again after a stop', async () => {
    const at = ahead(1);
    const setHold: EndpointStore['setHold'] = async (...args) => {
      await stores.endpoints.requestStop(id, { by: actorOf(erin), at });
      return stores.endpoints.setHold(...args);
    };
    let ids = 0;
    const newEventId = () => `event-${(ids += 1)}`;
    await administrationOver({ endpoints: { setHold }, newEventId }).hold(carol, id, maintenance);
    expect(holdInEffect(record(), sampleNow)?.kind).toBe('on');
    expect(record().events).toHaveLength(1);
  });

  it('are not told of one that was refused, or taken back', async () => {
    await listening().hold(carol, id, { ...maintenance, reason: '' });
    await listening().releaseHold(carol, id);
    expect(record().events).toEqual([]);
  });

  it('are nobody where nobody listens: nothing is stored', async () => {
    await administrationOver().hold(carol, id, maintenance);
    expect(record().events).toEqual([]);
  });
});
