import { beforeEach, describe, expect, it } from '@jest/globals';

import { StoreError } from '../../src/errors.ts';
import { createEndpointDirectory } from '../../src/lease/endpoint-directory.ts';
import type { LeaseStore } from '../../src/lease/lease-store.ts';
import { createLeaseService } from '../../src/lease/lease-service.ts';
import type { LeaseService } from '../../src/lease/lease-service.ts';
import {
  alice,
  anEndpoint,
  bob,
  dave,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import { ahead } from '../builders/endpoint-record.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

const id = sampleIds.endpoint;
const clock = createStoppedClock();
let stores: MemoryStores;
let order: string[];
let log: RecordingLog;

beforeEach(() => {
  order = [];
  log = createRecordingLog();
  stores = createMemoryStores((request, effect) => {
    order.push(request.operation);
    return new Promise((resolve) => {
      resolve(effect());
    });
  });
});

async function serviceFor(
  tags: Readonly<Record<string, string>>,
  leases: Partial<LeaseStore> = {},
): Promise<LeaseService> {
  const all = { 'vpn-portal:subnets': sampleIds.subnetA, ...tags };
  const endpoint = anEndpoint({ tags: new Map(Object.entries(all)) });
  await stores.catalogue.put({ readAt: clock.now(), endpoints: [endpoint] });
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

describe('a request', () => {
  it('stores the lease, then raises the revision, then nudges, and only then says yes', async () => {
    const service = await serviceFor({});
    const outcome = await service.request(alice, id, 60);
    const lease = {
      endpointId: id,
      personId: alice.id,
      personName: alice.name,
      requestedAt: sampleNow,
      until: ahead(60),
    };
    expect(outcome).toEqual({ kind: 'confirmed', lease, revision: 1 });
    expect(writes()).toEqual(['extend-lease', 'extend-lease', 'note-request', 'nudge']);
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

  it('of a lease that is not there is a success', async () => {
    const service = await serviceFor({});
    expect(await service.release(alice, id)).toEqual({ kind: 'released', revision: 1 });
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
