import { beforeEach, describe, expect, it } from '@jest/globals';

import { StoreError } from '../../src/errors.ts';
import { createEndpointDirectory } from '../../src/lease/endpoint-directory.ts';
import type { LeaseStore } from '../../src/lease/lease-store.ts';
import { wantedOn } from '../../src/lease/hold.ts';
import { createLeaseService } from '../../src/lease/lease-service.ts';
import type { LeaseService } from '../../src/lease/lease-service.ts';
import { secondsAfter } from '../../src/clock.ts';
import {
  aHold,
  aLease,
  alice,
  anEndpoint,
  bob,
  carol,
  dave,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import { ago, ahead } from '../builders/endpoint-record.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryStores, createMemoryTable } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

const id = sampleIds.endpoint;
const clock = createStoppedClock();
let stores: MemoryStores;
/** Another process's, over the same table. */
let elsewhere: MemoryStores;
/** What others do just before the table hears of a request's revision. */
let meanwhile: (() => Promise<unknown>)[];
let order: string[];
let log: RecordingLog;

beforeEach(() => {
  order = [];
  meanwhile = [];
  log = createRecordingLog();
  const table = createMemoryTable();
  elsewhere = createMemoryStores(undefined, table);
  stores = createMemoryStores(async (request, effect) => {
    order.push(request.operation);
    if (request.operation === 'note-request') await meanwhile.shift()?.();
    return effect();
  }, table);
});

async function serviceFor(
  tags: Readonly<Record<string, string>>,
  leases: Partial<LeaseStore> = {},
): Promise<LeaseService> {
  const all = { 'vpn-portal:subnets': sampleIds.subnetA, ...tags };
  const endpoint = anEndpoint({ tags: new Map(Object.entries(all)) });
  await stores.catalogue.put({ readAt: clock.now(), endpoints: [endpoint] }, null);
  const { catalogue, endpoints } = stores;
  return createLeaseService({
    directory: createEndpointDirectory({
      endpoints,
      catalogue,
      clock,
      passIsDue: () => undefined,
      listingIsDue: () => undefined,
    }),
    endpoints,
    leases: { ...stores.leases, ...leases },
    clock,
    log,
    nudge: () => order.push('nudge'),
  });
}

const writes = () =>
  order.filter((operation) => operation !== 'load' && operation !== 'get-catalogue').slice(1);

describe('what cannot be begun', () => {
  const full = (): Promise<void> => Promise.reject(new Error('the audit is full'));

  it('is not written: neither a request nor a return', async () => {
    const service = await serviceFor({});
    await expect(service.request(alice, id, 60, full)).rejects.toThrow('the audit is full');
    await expect(service.release(alice, id, full)).rejects.toThrow('the audit is full');
    expect(writes()).toEqual([]);
  });

  it('is not asked for where it is refused anyway', async () => {
    const service = await serviceFor({});
    expect(await service.request(alice, id, 61, full)).toMatchObject({
      kind: 'minutes-not-offered',
    });
    expect(await service.request(dave, id, 60, full)).toEqual({ kind: 'not-permitted' });
    expect(await service.release(dave, id, full)).toEqual({ kind: 'not-permitted' });
  });
});

describe('a request', () => {
  it('stores the lease, then raises the revision, then nudges, and only then says yes', async () => {
    const service = await serviceFor({});
    const outcome = await service.request(alice, id, 60);
    const lease = {
      endpointId: id,
      personId: alice.id,
      personName: alice.name,
      requestedAt: sampleNow,
      askedAt: sampleNow,
      until: ahead(60),
    };
    expect(outcome).toEqual({ kind: 'confirmed', lease, revision: 1 });
    expect(writes()).toEqual(['read-lease', 'extend-lease', 'note-request', 'nudge']);
    expect(stores.peek(id)).toMatchObject({
      leases: [lease],
      record: { revision: 1, lastRequestAt: sampleNow },
    });
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: 'lease requested',
        fields: {
          endpointId: id,
          person: alice.id,
          minutes: 60,
          until: ahead(60).toISOString(),
        },
      },
    ]);
  });

  it('extends the person’s own lease, and never shortens it', async () => {
    const service = await serviceFor({});
    await service.request(alice, id, 240);
    const outcome = await service.request(alice, id, 30);
    expect(outcome).toMatchObject({ kind: 'confirmed', lease: { until: ahead(240) }, revision: 2 });
    expect(stores.peek(id).leases).toHaveLength(1);
  });

  it.each([null, 0, -30, 31, 30.5, Number.NaN, Infinity])(
    'for %p minutes, which are not offered, changes nothing and says what is',
    async (minutes) => {
      const service = await serviceFor({ 'vpn-portal:lease-minutes': '45 30' });
      const outcome = await service.request(alice, id, minutes);
      expect(outcome).toEqual({ kind: 'minutes-not-offered', offered: [45, 30] });
      expect(writes()).toEqual([]);
    },
  );

  it('for an endpoint of others changes nothing, and does not tell that there is one', async () => {
    const service = await serviceFor({ 'vpn-portal:groups': 'tokyo' });
    expect(await service.request(alice, id, 30)).toEqual({ kind: 'unknown-endpoint' });
    expect(await service.request(alice, sampleIds.otherEndpoint, 30)).toEqual({
      kind: 'unknown-endpoint',
    });
    expect(writes()).toEqual([]);
  });

  it('by somebody who only looks changes nothing', async () => {
    const service = await serviceFor({});
    expect(await service.request(dave, id, 30)).toEqual({ kind: 'not-permitted' });
    expect(writes()).toEqual([]);
  });

  it('for an endpoint whose tags do not parse changes nothing', async () => {
    const service = await serviceFor({ 'vpn-portal:idle-minutes': 'soon' });
    expect(await service.request(alice, id, 30)).toEqual({ kind: 'needs-attention' });
    expect(writes()).toEqual([]);
  });

  it('is not confirmed, and nudges nobody, where the lease could not be stored', async () => {
    const extend = () => Promise.reject(new StoreError('no table'));
    const service = await serviceFor({}, { extend });
    await expect(service.request(alice, id, 30)).rejects.toThrow(StoreError);
    expect(writes()).toEqual([]);
  });
});

describe('a request beside an administrator', () => {
  const by = { id: carol.id, name: carol.name };
  const stopAt = (at: Date) => elsewhere.endpoints.requestStop(id, { by, at });
  const extensions = () => order.filter((operation) => operation === 'extend-lease').length;

  it('who holds it off is refused, and changes nothing', async () => {
    const service = await serviceFor({});
    await elsewhere.endpoints.setHold(id, aHold('off'), sampleNow);
    expect(await service.request(alice, id, 30)).toEqual({ kind: 'held-off' });
    expect(writes()).toEqual([]);
  });

  it('who has held it off until now, or holds it on, is confirmed', async () => {
    const service = await serviceFor({});
    await elsewhere.endpoints.setHold(id, aHold('off', { until: sampleNow }), sampleNow);
    expect(await service.request(alice, id, 30)).toMatchObject({ kind: 'confirmed' });
    await elsewhere.endpoints.setHold(id, aHold('on'), sampleNow);
    expect(await service.request(bob, id, 30)).toMatchObject({ kind: 'confirmed' });
  });

  it('who holds it off in the same moment is refused, and nudges nobody', async () => {
    const service = await serviceFor({});
    meanwhile = [() => elsewhere.endpoints.setHold(id, aHold('off'), sampleNow)];
    expect(await service.request(alice, id, 30)).toEqual({ kind: 'held-off' });
    expect(writes()).toEqual(['read-lease', 'extend-lease', 'note-request', 'take-back-lease']);
    expect(log.lines).toEqual([]);
    // Nor does it count once the hold is over.
    await elsewhere.endpoints.releaseHold(id, sampleNow);
    const { leases, record } = stores.peek(id);
    expect(wantedOn(record, leases, sampleNow)).toBeNull();
  });

  it('who holds it off in the same moment leaves the lease that one had before', async () => {
    const service = await serviceFor({});
    await elsewhere.leases.extend(aLease(alice, 20), null);
    await elsewhere.leases.extend(aLease(bob, 10), null);
    meanwhile = [() => elsewhere.endpoints.setHold(id, aHold('off'), sampleNow)];
    expect(await service.request(alice, id, 240)).toEqual({ kind: 'held-off' });
    expect(stores.peek(id).leases).toEqual([aLease(alice, 20), aLease(bob, 10)]);
  });

  it('who holds it off between two clicks of the same second leaves what was confirmed', async () => {
    const service = await serviceFor({});
    const holdOff = () => elsewhere.endpoints.setHold(id, aHold('off'), sampleNow);
    meanwhile = [() => Promise.resolve(), holdOff];
    const first = await service.request(alice, id, 30);
    expect(await service.request(alice, id, 240)).toEqual({ kind: 'held-off' });
    await elsewhere.endpoints.releaseHold(id, sampleNow);
    const { leases, record } = stores.peek(id);
    expect(first).toMatchObject({ kind: 'confirmed', lease: leases[0] });
    expect(wantedOn(record, leases, sampleNow)).toEqual(ahead(30));
  });

  it('who holds it off in the same moment brings back nothing that another tab gave back', async () => {
    const service = await serviceFor({});
    const now = { now: sampleNow, stoppedAt: null };
    await elsewhere.leases.extend(aLease(alice, 20), null);
    meanwhile = [
      async () => {
        await elsewhere.endpoints.setHold(id, aHold('off'), sampleNow);
        await elsewhere.leases.remove(id, alice.id, now);
      },
    ];
    expect(await service.request(alice, id, 240)).toEqual({ kind: 'held-off' });
    expect(stores.peek(id).leases).toEqual([]);
  });

  it('who holds it off in the same moment removes no lease of others', async () => {
    const service = await serviceFor({});
    await elsewhere.leases.extend(aLease(bob, 10), null);
    meanwhile = [() => elsewhere.endpoints.setHold(id, aHold('off'), sampleNow)];
    expect(await service.request(alice, id, 30)).toEqual({ kind: 'held-off' });
    expect(stores.peek(id).leases).toEqual([aLease(bob, 10)]);
  });

  it('who has stopped it before is another wish, that nothing voids', async () => {
    const service = await serviceFor({});
    await elsewhere.leases.extend({ ...aLease(alice, 300), askedAt: ago(30) }, null);
    await stopAt(ago(5));
    const outcome = await service.request(alice, id, 30);
    const lease = { requestedAt: sampleNow, askedAt: sampleNow, until: ahead(30) };
    expect(outcome).toMatchObject({ kind: 'confirmed', lease });
    expect(stores.peek(id).leases).toMatchObject([lease]);
  });

  it('who stops it in the same moment is asked for again, and counts', async () => {
    const service = await serviceFor({});
    meanwhile = [() => stopAt(sampleNow)];
    const outcome = await service.request(alice, id, 30);
    const askedAt = secondsAfter(sampleNow, 0.001);
    expect(outcome).toMatchObject({ kind: 'confirmed', lease: { askedAt }, revision: 3 });
    const { leases, record } = stores.peek(id);
    expect(wantedOn(record, leases, sampleNow)).toEqual(ahead(30));
    expect(order.filter((operation) => operation === 'nudge')).toHaveLength(1);
  });

  it('whose clock is ahead is not voided by the stop that came before it', async () => {
    const service = await serviceFor({});
    await stopAt(ahead(1));
    const outcome = await service.request(alice, id, 30);
    expect(outcome).toMatchObject({ lease: { askedAt: secondsAfter(ahead(1), 0.001) } });
    const { leases, record } = stores.peek(id);
    expect(wantedOn(record, leases, sampleNow)).toEqual(ahead(30));
    expect(extensions()).toBe(1);
  });

  it('who stops it again each time is asked for three times, and then fails', async () => {
    const service = await serviceFor({});
    meanwhile = [1, 2, 3].map((minutes) => () => stopAt(ahead(minutes)));
    await expect(service.request(alice, id, 30)).rejects.toThrow(StoreError);
    const noted = order.filter((operation) => operation === 'note-request');
    expect(noted).toHaveLength(3);
    expect(order).not.toContain('nudge');
  });

  it('who stops it again twice is confirmed all the same', async () => {
    const service = await serviceFor({});
    meanwhile = [1, 2].map((minutes) => () => stopAt(ahead(minutes)));
    expect(await service.request(alice, id, 30)).toMatchObject({ kind: 'confirmed' });
  });
});

describe('the end of a lease', () => {
  // It is 11:02 in Tokyo.
  it.each([
    ['11:33 Asia/Tokyo', 30, 30],
    ['11:32 Asia/Tokyo', 30, 30],
    ['11:31 Asia/Tokyo', 30, 29],
    ['11:03 Asia/Tokyo', 480, 1],
    ['11:02 Asia/Tokyo', 480, 480],
    ['02:32 UTC', 60, 30],
  ])('with the latest hour %s, for %i minutes, is in %i', async (latestHour, minutes, ends) => {
    const service = await serviceFor({ 'vpn-portal:off-at': latestHour });
    const outcome = await service.request(alice, id, minutes);
    expect(outcome).toMatchObject({ kind: 'confirmed', lease: { until: ahead(ends) } });
  });
});

describe('a release', () => {
  it('removes one’s own lease and nobody else’s, and starts the idle clock', async () => {
    const service = await serviceFor({});
    await service.request(alice, id, 30);
    await service.request(bob, id, 30);
    order = ['(begin)'];
    expect(await service.release(alice, id)).toEqual({ kind: 'released', revision: 3 });
    expect(writes()).toEqual(['remove-lease', 'note-release', 'nudge']);
    expect(stores.peek(id)).toMatchObject({
      leases: [{ personId: bob.id }],
      record: { lastReleaseAt: sampleNow },
    });
  });

  it('of a lease that is not there is a success, and begins no idle clock again', async () => {
    const service = await serviceFor({});
    await service.request(bob, id, 30);
    const before = stores.peek(id);
    order = ['(begin)'];
    expect(await service.release(alice, id)).toEqual({ kind: 'released', revision: 0 });
    expect(writes()).toEqual(['remove-lease']);
    expect(stores.peek(id)).toEqual(before);
  });

  it('of a lease that ended before, or was voided, begins no idle clock again', async () => {
    const service = await serviceFor({});
    await elsewhere.leases.extend(aLease(alice, -5), null);
    await elsewhere.leases.extend({ ...aLease(bob, 30), askedAt: ago(5) }, null);
    await elsewhere.endpoints.requestStop(id, { by: { id: carol.id, name: '' }, at: ago(1) });
    const before = stores.peek(id);
    for (const person of [alice, bob]) {
      expect(await service.release(person, id)).toEqual({ kind: 'released', revision: 0 });
    }
    expect(stores.peek(id)).toEqual(before);
  });

  it('a second time changes nothing', async () => {
    const service = await serviceFor({});
    await service.request(alice, id, 30);
    await service.release(alice, id);
    const once = stores.peek(id);
    expect(await service.release(alice, id)).toEqual({ kind: 'released', revision: 0 });
    expect(stores.peek(id)).toEqual(once);
  });

  it('is possible although the tags do not parse any more', async () => {
    const service = await serviceFor({ 'vpn-portal:idle-minutes': 'soon' });
    expect(await service.release(alice, id)).toMatchObject({ kind: 'released' });
  });

  it('of what one may not see, or by somebody who only looks, changes nothing', async () => {
    const service = await serviceFor({ 'vpn-portal:groups': 'tokyo' });
    expect(await service.release(alice, id)).toEqual({ kind: 'unknown-endpoint' });
    expect(await service.release(dave, id)).toEqual({ kind: 'not-permitted' });
    expect(writes()).toEqual([]);
  });
});
