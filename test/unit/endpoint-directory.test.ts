import { beforeEach, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { NotReadYetError } from '../../src/errors.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { createEndpointDirectory } from '../../src/lease/endpoint-directory.ts';
import type { EndpointDirectory } from '../../src/lease/endpoint-directory.ts';
import type { PassRecord } from '../../src/lease/endpoint-record.ts';
import type { Endpoint } from '../../src/vpn/endpoint.ts';
import {
  aHold,
  aLease,
  aPrincipal,
  alice,
  anEndpoint,
  bob,
  dave,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import { aPass, aRecord, seenFrom } from '../builders/endpoint-record.ts';
import { anAssociation, anObservation } from '../builders/observation.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

const id = sampleIds.endpoint;
const tokyo: Principal = { ...alice, groups: ['tokyo'] };
const osaka: Principal = { ...bob, groups: ['osaka'] };
const admin = aPrincipal('carol@example.com', ['endpoint:use', 'endpoint:see-all']);

let clock: StoppedClock;
let stores: MemoryStores;
let asked: string[];
let due: string[];
let listingsDue: number;

beforeEach(() => {
  clock = createStoppedClock();
  asked = [];
  due = [];
  listingsDue = 0;
  stores = createMemoryStores((request, effect) => {
    asked.push(request.operation);
    return new Promise((resolve) => {
      resolve(effect());
    });
  });
});

function endpointWith(tags: Readonly<Record<string, string>>, overrides: Partial<Endpoint> = {}) {
  const all = { 'vpn-portal:subnets': sampleIds.subnetA, ...tags };
  return anEndpoint({ tags: new Map(Object.entries(all)), ...overrides });
}

async function directoryOf(...endpoints: readonly Endpoint[]): Promise<EndpointDirectory> {
  await stores.catalogue.put({ readAt: clock.now(), endpoints }, null);
  asked = [];
  return emptyDirectory();
}

function emptyDirectory(): EndpointDirectory {
  return createEndpointDirectory({
    endpoints: stores.endpoints,
    catalogue: stores.catalogue,
    clock,
    passIsDue: (endpointId) => due.push(endpointId),
    listingIsDue: () => (listingsDue += 1),
  });
}

describe('who sees an endpoint', () => {
  it('is everyone where its tags name no group', async () => {
    const directory = await directoryOf(endpointWith({ 'vpn-portal:name': 'Tokyo' }));
    const found = await directory.find(osaka, id);
    expect(found).toMatchObject({ name: 'Tokyo', mayUse: true, policy: { ok: true } });
  });

  it('is whoever is in one of its groups, and it does not exist for anybody else', async () => {
    const directory = await directoryOf(endpointWith({ 'vpn-portal:groups': 'kyoto tokyo' }));
    expect(await directory.find(tokyo, id)).toMatchObject({ mayUse: true });
    expect(await directory.find(osaka, id)).toBeNull();
    expect((await directory.list(osaka))?.endpoints).toEqual([]);
    expect((await directory.list(tokyo))?.endpoints).toHaveLength(1);
  });

  it('is an administrator, who may use it, and an auditor, who may not', async () => {
    const directory = await directoryOf(endpointWith({ 'vpn-portal:groups': 'kyoto' }));
    expect(await directory.find(admin, id)).toMatchObject({ mayUse: true });
    expect(await directory.find(dave, id)).toMatchObject({ mayUse: false });
  });

  it('does not change because the rest of its tags do not parse, but nobody may use it', async () => {
    const tags = { 'vpn-portal:groups': 'tokyo', 'vpn-portal:subnets': 'mine' };
    const directory = await directoryOf(endpointWith(tags));
    expect(await directory.find(osaka, id)).toBeNull();
    expect(await directory.find(tokyo, id)).toMatchObject({ mayUse: false, policy: { ok: false } });
    expect(await directory.find(admin, id)).toMatchObject({ mayUse: false });
  });

  it('is nobody but those who see all where the groups themselves are empty', async () => {
    const directory = await directoryOf(endpointWith({ 'vpn-portal:groups': ' ' }));
    expect(await directory.find(tokyo, id)).toBeNull();
    expect(await directory.find(dave, id)).not.toBeNull();
  });

  it('is nobody where there is no such endpoint; before the first listing it is not known', async () => {
    const directory = await directoryOf();
    expect(await directory.find(admin, id)).toBeNull();
    stores = createMemoryStores();
    await expect(emptyDirectory().find(admin, id)).rejects.toThrow(NotReadYetError);
    expect(await emptyDirectory().list(admin)).toBeNull();
  });
});

describe('what a person reads', () => {
  it('is sorted by name, with the time of the listing', async () => {
    const names = ['Osaka', 'kyoto', 'Tokyo'];
    const endpoints = names.map((name) => endpointWith({ 'vpn-portal:name': name }));
    const directory = await directoryOf(...endpoints);
    const listing = await directory.list(tokyo);
    expect(listing?.readAt).toEqual(sampleNow);
    expect(listing?.endpoints.map(({ name }) => name)).toEqual(['kyoto', 'Osaka', 'Tokyo']);
  });

  it('names their own held lease, and nobody else’s', async () => {
    const directory = await directoryOf(endpointWith({}));
    await stores.leases.extend({ ...aLease(alice, 30), requestedAt: sampleNow }, null);
    expect(await directory.find(tokyo, id)).toMatchObject({ ownLease: { personId: alice.id } });
    expect(await directory.find(osaka, id)).toMatchObject({
      ownLease: null,
      status: { leases: [{ personId: alice.id }] },
    });
  });
});

describe('the connections that an administrator wants ended', () => {
  it('are told until they are', async () => {
    const directory = await directoryOf(endpointWith({}));
    expect(await directory.find(tokyo, id)).toMatchObject({ ending: [] });
    const by = { id: admin.id, name: admin.name };
    const wish = { connectionId: sampleIds.connectionA, by, at: sampleNow };
    const { revision } = await stores.endpoints.requestTermination(id, wish);
    expect(await directory.find(tokyo, id, revision)).toMatchObject({
      ending: [sampleIds.connectionA],
    });
  });
});

describe('the schedule', () => {
  it('tells since when the runs of the schedule fail, where they do', async () => {
    const { catalogue: kept } = stores;
    const directory = await directoryOf(endpointWith({}));
    expect(await directory.list(tokyo)).not.toHaveProperty('failingSince');
    const catalogue = {
      ...kept,
      get: async () => {
        const found = await kept.get();
        return found === null ? null : { ...found, failingSince: sampleNow };
      },
    };
    const failing = createEndpointDirectory({
      endpoints: stores.endpoints,
      catalogue,
      clock,
      passIsDue: () => undefined,
      listingIsDue: () => undefined,
    });
    expect(await failing.list(tokyo)).toMatchObject({ failingSince: sampleNow });
  });

  it('is told with each endpoint and with the listing, and before it has run that it has not', async () => {
    const directory = await directoryOf(endpointWith({}));
    expect(await directory.find(tokyo, id)).toMatchObject({ schedule: null });
    expect(await directory.list(tokyo)).toMatchObject({
      schedule: null,
      endpoints: [{ schedule: null }],
    });
    const schedule = { at: sampleNow, dryRun: false };
    await stores.catalogue.put({ readAt: sampleNow, endpoints: [endpointWith({})] }, schedule);
    expect(await emptyDirectory().find(tokyo, id)).toMatchObject({ schedule });
    expect(await emptyDirectory().list(tokyo)).toMatchObject({
      schedule,
      endpoints: [{ schedule }],
    });
  });

  it.each([
    [true, { state: 'on', reason: { code: 'dry-run', since: sampleNow } }],
    [false, { state: 'needs-attention', reason: { code: 'stop-overdue', since: sampleNow } }],
  ])('with a dry run (%p) is why nothing is turned off', async (dryRun, told) => {
    const pass = { endpointId: id, passId: 'pass', at: sampleNow, notIfPassedSince: sampleNow };
    const claimedUntil = secondsAfter(sampleNow, 30);
    await stores.endpoints.claimPass({ ...pass, claimedUntil });
    const lastPass = aPass({
      state: 'needs-attention',
      reason: { code: 'stop-overdue', since: sampleNow },
    });
    const found = { ...aRecord({ lastPass }), nextPassAt: secondsAfter(sampleNow, 55) };
    await stores.endpoints.recordPass(pass, found);
    const listing = { readAt: sampleNow, endpoints: [endpointWith({})] };
    await stores.catalogue.put(listing, { at: sampleNow, dryRun });
    expect(await emptyDirectory().find(tokyo, id)).toMatchObject({ status: told });
  });
});

describe('the readings of the store', () => {
  const loads = () => asked.filter((operation) => operation === 'load').length;
  const listings = () => asked.filter((operation) => operation === 'get-catalogue').length;

  it('are shared by everybody who looks in the same second', async () => {
    const directory = await directoryOf(endpointWith({}));
    await Promise.all(Array.from({ length: 50 }, () => directory.list(tokyo)));
    await directory.find(osaka, id);
    expect([listings(), loads()]).toEqual([1, 1]);
    clock.advance(1);
    await directory.find(osaka, id);
    expect([listings(), loads()]).toEqual([2, 2]);
  });

  it('are made again for somebody who must know of more', async () => {
    const directory = await directoryOf(endpointWith({}));
    await directory.find(tokyo, id);
    await stores.leases.extend({ ...aLease(alice, 30), requestedAt: sampleNow }, null);
    const { revision } = await stores.endpoints.noteRequest(id, sampleNow);
    expect(await directory.find(tokyo, id)).toMatchObject({ status: { state: 'off' } });
    expect(await directory.find(tokyo, id, revision)).toMatchObject({
      status: { state: 'starting' },
    });
    await directory.find(tokyo, id, revision);
    expect(loads()).toBe(2);
  });

  it('are not made of endpoints that a person may not see', async () => {
    const directory = await directoryOf(endpointWith({ 'vpn-portal:groups': 'tokyo' }));
    await directory.list(osaka);
    expect(loads()).toBe(0);
  });
});

describe('a listing', () => {
  it.each([
    [90, 0],
    [90.001, 1],
  ])('that is %d seconds old is due %i times', async (age, times) => {
    const directory = await directoryOf();
    clock.advance(age);
    await directory.list(tokyo);
    expect(listingsDue).toBe(times);
  });

  it('that was never made, or that is of the future, is due', async () => {
    await emptyDirectory().list(tokyo);
    expect(listingsDue).toBe(1);
    const directory = await directoryOf();
    clock.advance(-100);
    await directory.list(tokyo);
    expect(listingsDue).toBe(2);
  });
});

describe('a pass', () => {
  /** Recorded at the sample's now, and due in ten seconds. */
  async function recorded(pass: Partial<PassRecord>, onSince: Date | null = null): Promise<void> {
    const claim = { endpointId: id, passId: 'pass', at: sampleNow };
    const claimedUntil = secondsAfter(sampleNow, 30);
    await stores.endpoints.claimPass({ ...claim, claimedUntil, notIfPassedSince: sampleNow });
    const record = aRecord({ lastPass: aPass(pass), onSince });
    await stores.endpoints.recordPass(claim, {
      ...record,
      nextPassAt: secondsAfter(sampleNow, 10),
    });
  }

  /** Whether it is due so many seconds after the last one. */
  async function isDueAfter(seconds: number): Promise<boolean> {
    clock = createStoppedClock(secondsAfter(sampleNow, seconds));
    due = [];
    const directory = await directoryOf(endpointWith({}));
    await directory.find(tokyo, id);
    return due.length > 0;
  }

  it('is due where there was none', async () => {
    expect(await isDueAfter(0)).toBe(true);
    expect(due).toEqual([id]);
  });

  it('is not due while one is under way', async () => {
    const claimedUntil = secondsAfter(sampleNow, 30);
    const claim = { endpointId: id, passId: 'pass', at: sampleNow, notIfPassedSince: sampleNow };
    await stores.endpoints.claimPass({ ...claim, claimedUntil });
    await stores.leases.extend({ ...aLease(alice, 30), requestedAt: sampleNow }, null);
    await stores.endpoints.noteRequest(id, sampleNow);
    expect(await isDueAfter(29)).toBe(false);
    expect(await isDueAfter(30)).toBe(true);
  });

  it('is due for a request that has not been made yet', async () => {
    await stores.endpoints.noteRequest(id, sampleNow);
    await stores.leases.extend({ ...aLease(alice, 30), requestedAt: sampleNow }, null);
    expect(await isDueAfter(0)).toBe(true);
  });

  it('is not due within five seconds of the last one', async () => {
    await recorded({ state: 'starting', reason: { code: 'associating' } });
    await stores.leases.extend({ ...aLease(alice, 30), requestedAt: sampleNow }, null);
    await stores.endpoints.noteRequest(id, sampleNow);
    expect(await isDueAfter(4.9)).toBe(false);
    expect(await isDueAfter(5)).toBe(true);
  });

  it.each<[string, Partial<PassRecord>]>([
    ['starting', { state: 'starting', reason: { code: 'associating' } }],
    ['starting, and nothing could be read', { state: 'starting', seen: null }],
    ['stopping', { state: 'stopping', reason: { code: 'disassociating' } }],
  ])('is taken as soon as it is due while it is %s', async (_, pass) => {
    await recorded(pass);
    expect(await isDueAfter(9.9)).toBe(false);
    expect(await isDueAfter(10)).toBe(true);
  });

  const failed = seenFrom(
    anObservation({ associations: [anAssociation({ status: 'association-failed' })] }),
  );

  it.each<[string, Partial<PassRecord>]>([
    ['off', { state: 'off' }],
    ['on', { state: 'on' }],
    ['in need of attention', { state: 'needs-attention' }],
    ['starting, but has an association to be removed', { state: 'starting', seen: failed }],
    [
      'about to be stopped',
      { state: 'stopping', reason: { code: 'idle', since: sampleNow, silent: 0 } },
    ],
  ])('is left to the schedule, unless that is late, while it is %s', async (_, pass) => {
    await recorded(pass);
    expect(await isDueAfter(39.9)).toBe(false);
    expect(await isDueAfter(40)).toBe(true);
  });

  it('is left to the schedule where an administrator has just ordered the stop', async () => {
    await recorded({ state: 'on', reason: { code: 'connected', connected: 1 } }, sampleNow);
    const by = { id: admin.id, name: admin.name };
    const at = secondsAfter(sampleNow, 10);
    await stores.endpoints.requestStop(id, { by, at });
    expect(await isDueAfter(39.9)).toBe(false);
    expect(await isDueAfter(40)).toBe(true);
  });

  it('is taken as soon as it is due where an administrator holds on what is off', async () => {
    await recorded({ state: 'off' });
    await stores.endpoints.setHold(id, aHold('on'), secondsAfter(sampleNow, 6));
    expect(await isDueAfter(5.9)).toBe(false);
    expect(await isDueAfter(6)).toBe(true);
  });

  it('is not left to the schedule where somebody asks for what was about to be stopped', async () => {
    await recorded({ state: 'stopping', reason: { code: 'idle', since: sampleNow, silent: 0 } });
    await stores.leases.extend({ ...aLease(alice, 30), requestedAt: sampleNow }, null);
    expect(await isDueAfter(10)).toBe(true);
  });
});
