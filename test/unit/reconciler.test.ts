import { beforeEach, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { StoreError } from '../../src/errors.ts';
import { createReconciler } from '../../src/reconcile/reconciler.ts';
import type { Reconciler, ReconcilerDependencies } from '../../src/reconcile/reconciler.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { Endpoint } from '../../src/vpn/endpoint.ts';
import type { Subnet } from '../../src/vpn/subnet.ts';
import { parseVpcId } from '../../src/vpn/ids.ts';
import {
  aLease,
  alice,
  anEndpoint,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import { anAssociation, anotherAssociation } from '../builders/observation.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { anAwsError, createScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import type { ScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

const id = sampleIds.endpoint;
const refuse = () => Promise.reject(anAwsError());
const tags = (subnets: string) =>
  new Map([
    ['vpn-portal:managed', 'true'],
    ['vpn-portal:subnets', subnets],
  ]);
const managed = anEndpoint({ tags: tags(`${sampleIds.subnetA} ${sampleIds.subnetB}`) });

let idsGiven = 0;
let clock: StoppedClock;
let log: RecordingLog;
let stores: MemoryStores;
let clientVpn: ScriptedClientVpn;

beforeEach(() => {
  clock = createStoppedClock();
  log = createRecordingLog();
  stores = createMemoryStores();
});

function subnet(overrides: Partial<Subnet>): Subnet {
  const vpcId = parseVpcId('vpc-0123456789abcdef0');
  if (vpcId === null) throw new Error('a sample id does not parse');
  return {
    id: sampleIds.subnetA,
    vpcId,
    cidr: '10.0.1.0/24',
    availabilityZone: 'a',
    availableAddresses: 200,
    ...overrides,
  };
}

const subnets = [subnet({}), subnet({ id: sampleIds.subnetB, availabilityZone: 'c' })];

function reconcilerOver(
  answers: Partial<ClientVpn> = {},
  deps: Partial<ReconcilerDependencies> = {},
): Reconciler {
  clientVpn = createScriptedClientVpn({
    findEndpoint: () => Promise.resolve(managed),
    listEndpoints: () => Promise.resolve([managed]),
    findSubnets: () => Promise.resolve(subnets),
    ...answers,
  });
  return createReconciler({
    clientVpn,
    endpoints: stores.endpoints,
    catalogue: stores.catalogue,
    clock,
    log,
    newId: () => `id-${(idsGiven += 1)}`,
    mayDisassociate: true,
    ...deps,
  });
}

const passed = () => stores.peek(id).record;
const request = async () => {
  await stores.leases.extend({ ...aLease(alice, 30), requestedAt: sampleNow });
  await stores.endpoints.noteRequest(id, clock.now());
};

describe('a pass', () => {
  it('reads, decides, acts and records', async () => {
    await request();
    expect(await reconcilerOver().pass(id)).toBe(true);
    expect(clientVpn.calls.map(([method]) => method)).toEqual([
      'findEndpoint',
      'listAssociations',
      'findSubnets',
      'associate',
      'associate',
    ]);
    expect(passed()).toMatchObject({
      intent: { kind: 'start', since: sampleNow },
      lastPass: { at: sampleNow, state: 'starting' },
      schedule: {
        lastPassAt: sampleNow,
        nextPassAt: secondsAfter(sampleNow, 5),
        claimedUntil: null,
      },
    });
    expect(log.lines.at(-1)).toMatchObject({
      message: 'pass',
      fields: { state: 'starting', before: null, reason: 'lease-held', outcome: 'done' },
    });
  });

  it('is not done while another one is under way', async () => {
    const reconciler = reconcilerOver();
    const both = await Promise.all([reconciler.pass(id), reconciler.pass(id)]);
    expect(both).toEqual([true, false]);
    expect(clientVpn.asked('listAssociations')).toHaveLength(1);
  });

  it('is not done again within five seconds, even where one is asked for', async () => {
    const reconciler = reconcilerOver();
    await request();
    await reconciler.pass(id);
    await request();
    clock.advance(4.999);
    expect(await reconciler.pass(id)).toBe(false);
    clock.advance(0.001);
    expect(await reconciler.pass(id)).toBe(true);
  });

  it('is not done before it is due', async () => {
    const reconciler = reconcilerOver();
    await reconciler.pass(id);
    clock.advance(54);
    expect(await reconciler.pass(id)).toBe(false);
    clock.advance(1);
    expect(await reconciler.pass(id)).toBe(true);
  });

  it('is taken over when its process has died', async () => {
    const broken = reconcilerOver({ listAssociations: () => Promise.reject(new TypeError('!')) });
    await expect(broken.pass(id)).rejects.toThrow(TypeError);
    clock.advance(29.9);
    expect(await reconcilerOver().pass(id)).toBe(false);
    clock.advance(0.1);
    expect(await reconcilerOver().pass(id)).toBe(true);
  });

  it('gives up without a fault where another one has taken over', async () => {
    await request();
    const slow = reconcilerOver({
      listAssociations: async () => {
        clock.advance(31);
        await reconcilerOver().pass(id);
        return [];
      },
    });
    expect(await slow.pass(id)).toBe(true);
    expect(log.lines.at(-1)?.message).toBe('pass given up');
    expect(passed().lastPass?.at).toEqual(secondsAfter(sampleNow, 31));
  });

  it('asks AWS for nothing once it has taken too long', async () => {
    await request();
    const slow = reconcilerOver({
      listAssociations: () => {
        clock.advance(20);
        return Promise.resolve([]);
      },
    });
    const vpn = clientVpn;
    await slow.pass(id);
    expect(vpn.asked('associate')).toEqual([]);
    expect(log.lines.at(-1)?.fields).toMatchObject({ outcome: 'out-of-time' });
  });

  it('throws what is wrong with the table', async () => {
    const endpoints = {
      ...stores.endpoints,
      recordPass: () => Promise.reject(new StoreError('no table')),
    };
    await expect(reconcilerOver({}, { endpoints }).pass(id)).rejects.toThrow(StoreError);
  });

  it.each<[string, Endpoint | null]>([
    ['gone', null],
    ['no longer managed', anEndpoint()],
  ])('does nothing to an endpoint that is %s', async (_, endpoint) => {
    await request();
    const reconciler = reconcilerOver({ findEndpoint: () => Promise.resolve(endpoint) });
    expect(await reconciler.pass(id)).toBe(true);
    expect(clientVpn.calls.map(([method]) => method)).toEqual(['findEndpoint']);
    expect(log.messages()).toEqual(['endpoint is gone or no longer managed']);
  });

  it.each<[string, Partial<ClientVpn>]>([
    ['the endpoint', { findEndpoint: refuse }],
    ['the associations', { listAssociations: refuse }],
    ['the subnets', { findSubnets: refuse }],
  ])('changes nothing where %s cannot be read, and says why', async (_, answers) => {
    await request();
    const reconciler = reconcilerOver(answers);
    expect(await reconciler.pass(id)).toBe(true);
    expect(clientVpn.asked('associate')).toEqual([]);
    expect(passed().lastPass).toMatchObject({
      state: 'off',
      reason: { code: 'reading-incomplete', problem: { code: 'ServiceUnavailable' } },
      seen: null,
    });
    expect(log.lines.at(-1)?.fields).toMatchObject({ problem: { code: 'ServiceUnavailable' } });
  });

  it('does not pass a fault of ours in reading the endpoint for one of AWS', async () => {
    const broken = () => Promise.reject(new TypeError('!'));
    await expect(reconcilerOver({ findEndpoint: broken }).pass(id)).rejects.toThrow(TypeError);
    await expect(
      reconcilerOver({ findSubnets: broken }).pass(sampleIds.otherEndpoint),
    ).rejects.toThrow(TypeError);
  });

  it('needs attention where the tags do not parse, and looks no subnet up', async () => {
    const endpoint = anEndpoint({ tags: tags('subnet-of-mine') });
    await reconcilerOver({ findEndpoint: () => Promise.resolve(endpoint) }).pass(id);
    expect(clientVpn.asked('findSubnets')).toEqual([]);
    expect(passed().lastPass).toMatchObject({
      state: 'needs-attention',
      reason: { code: 'policy-invalid' },
    });
  });
});

describe('the look at the subnets', () => {
  const lookUps = async (seconds: number, answers: Partial<ClientVpn> = {}) => {
    clock.advance(seconds);
    const reconciler = reconcilerOver(answers);
    expect(await reconciler.pass(id)).toBe(true);
    return clientVpn.asked('findSubnets').length;
  };

  it('comes before anybody asks, and not again in every pass', async () => {
    expect(await lookUps(0)).toBe(1);
    expect(await lookUps(600)).toBe(0);
  });

  it('comes again before a start, unless it has just been', async () => {
    await lookUps(0);
    await request();
    expect(await lookUps(300, { associate: refuse })).toBe(0);
    expect(await lookUps(60, { associate: refuse })).toBe(1);
  });

  it('comes again while something is wrong, until it is mended', async () => {
    const answers = { findSubnets: () => Promise.resolve([]) };
    expect(await lookUps(0, answers)).toBe(1);
    expect(passed().lastPass?.reason).toMatchObject({ code: 'subnets-invalid' });
    expect(await lookUps(60)).toBe(1);
    expect(passed().lastPass?.state).toBe('off');
    expect(await lookUps(60)).toBe(0);
  });

  it('comes again when the tag has changed', async () => {
    await lookUps(0);
    const endpoint = anEndpoint({ tags: tags(sampleIds.subnetA) });
    expect(await lookUps(60, { findEndpoint: () => Promise.resolve(endpoint) })).toBe(1);
  });

  it('does not come where every wanted network is there', async () => {
    const listAssociations = () => Promise.resolve([anAssociation(), anotherAssociation()]);
    expect(await lookUps(0, { listAssociations })).toBe(0);
  });

  it('comes where one is only listed because it was there', async () => {
    const gone = [anAssociation(), anotherAssociation({ status: 'disassociated' })];
    expect(await lookUps(0, { listAssociations: () => Promise.resolve(gone) })).toBe(1);
  });

  it('does not mind how few addresses a network has left that is there already', async () => {
    await request();
    const few = subnets.map((each) => ({ ...each, availableAddresses: 5 }));
    const answers = { findSubnets: () => Promise.resolve(few) };
    const there = { listAssociations: () => Promise.resolve([anAssociation()]) };
    await lookUps(0, { ...answers, ...there });
    expect(passed().subnetCheck?.problems).toEqual([
      { code: 'too-few-addresses', subnetId: sampleIds.subnetB, detail: '5' },
    ]);
    expect(clientVpn.asked('associate')).toEqual([]);
  });
});

describe('the run of the schedule', () => {
  const other = { ...managed, id: sampleIds.otherEndpoint };

  it('passes every managed endpoint, and keeps the listing of them', async () => {
    const foreign = anEndpoint();
    const listEndpoints = () => Promise.resolve([managed, foreign, other]);
    await reconcilerOver({ listEndpoints }).passAll();
    expect(clientVpn.asked('listAssociations')).toEqual([managed.id, other.id]);
    expect(clientVpn.asked('findEndpoint')).toEqual([]);
    expect(await stores.catalogue.get()).toEqual({
      readAt: sampleNow,
      endpoints: [managed, other],
    });
  });

  it('goes on where one endpoint fails, and throws everything at the end', async () => {
    const ids = [managed.id, other.id];
    const endpoints = {
      ...stores.endpoints,
      claimPass: (claim: Parameters<typeof stores.endpoints.claimPass>[0]) =>
        claim.endpointId === managed.id
          ? Promise.reject(new StoreError('no table'))
          : stores.endpoints.claimPass(claim),
    };
    const listEndpoints = () => Promise.resolve([managed, other]);
    const running = reconcilerOver({ listEndpoints }, { endpoints }).passAll();
    await expect(running).rejects.toMatchObject({
      name: 'AggregateError',
      message: '1 endpoints could not be passed',
      errors: [{ message: `passing the endpoint ${id}`, cause: { name: 'StoreError' } }],
    });
    expect(clientVpn.asked('listAssociations')).toEqual(ids.slice(1));
  });

  it('passes four at a time, and every one of them', async () => {
    const many = Array.from({ length: 9 }, () => other);
    let atOnce = 0;
    let most = 0;
    const endpoints = {
      ...stores.endpoints,
      claimPass: async () => {
        most = Math.max(most, (atOnce += 1));
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        return null;
      },
    };
    const listEndpoints = () => Promise.resolve(many);
    await reconcilerOver({ listEndpoints }, { endpoints }).passAll();
    expect(most).toBe(4);
  });

  it('passes nothing where the endpoints cannot be listed', async () => {
    await expect(reconcilerOver({ listEndpoints: refuse }).passAll()).rejects.toThrow(
      'the service is not available',
    );
    expect(await stores.catalogue.get()).toBeNull();
  });
});

describe('a new listing', () => {
  it('is made by one process of many', async () => {
    const reconciler = reconcilerOver();
    await Promise.all([reconciler.refreshCatalogue(), reconciler.refreshCatalogue()]);
    expect(clientVpn.asked('listEndpoints')).toHaveLength(1);
    expect(await stores.catalogue.get()).toMatchObject({ readAt: sampleNow });
  });

  it('is made by another one where that process has died', async () => {
    const broken = reconcilerOver({ listEndpoints: refuse });
    await expect(broken.refreshCatalogue()).rejects.toThrow('not available');
    clock.advance(15);
    await reconcilerOver().refreshCatalogue();
    expect(await stores.catalogue.get()).not.toBeNull();
  });
});
