import { describe, expect, it } from '@jest/globals';

import type { EndpointRecord, SubnetCheck } from '../../src/lease/endpoint-record.ts';
import type { Lease } from '../../src/lease/lease.ts';
import { createReader } from '../../src/reconcile/reader.ts';
import { newUsageCursor } from '../../src/usage/on-period.ts';
import type { Association } from '../../src/vpn/association.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { Endpoint } from '../../src/vpn/endpoint.ts';
import { managedTag } from '../../src/vpn/endpoint.ts';
import { parseVpcId } from '../../src/vpn/ids.ts';
import type { Observation } from '../../src/vpn/observation.ts';
import { policyTags } from '../../src/vpn/policy.ts';
import type { Subnet } from '../../src/vpn/subnet.ts';
import {
  aHold,
  aLease,
  alice,
  anEndpoint,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import { aRecord, aStopRequest, ago } from '../builders/endpoint-record.ts';
import {
  anAssociation,
  anIncompleteObservation,
  anObservation,
  anOnObservation,
  anotherAssociation,
} from '../builders/observation.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import { anAwsError, createScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';

const tags = new Map([
  [managedTag, 'true'],
  [policyTags.subnets, `${sampleIds.subnetA} ${sampleIds.subnetB}`],
]);
const endpoint = anEndpoint({ tags });
const both = [anAssociation(), anotherAssociation()];
const held = [aLease(alice, 30)];
const refuse = () => Promise.reject(anAwsError());

function aVpcId() {
  const id = parseVpcId('vpc-0a1b2c3d');
  if (id === null) throw new Error('a sample VPC id does not parse');
  return id;
}

/** One in each zone; of the addresses that AWS asks for the second one has too few. */
const found: readonly Subnet[] = [
  { zone: 'a', id: sampleIds.subnetA, availableAddresses: 99 },
  { zone: 'b', id: sampleIds.subnetB, availableAddresses: 3 },
].map(({ zone, ...rest }) => ({
  ...rest,
  vpcId: aVpcId(),
  cidr: '10.0.0.0/24',
  availabilityZone: zone,
}));
const findSubnets = () => Promise.resolve(found);
const tooFew = { code: 'too-few-addresses', subnetId: sampleIds.subnetB, detail: '3' } as const;
const subnets = [sampleIds.subnetA, sampleIds.subnetB];
const check = (minutesAgo: number, overrides: Partial<SubnetCheck> = {}): SubnetCheck => ({
  at: ago(minutesAgo),
  subnets,
  problems: [],
  ...overrides,
});

function createWorld(answers: Partial<ClientVpn> = {}) {
  const clientVpn = createScriptedClientVpn(answers);
  const pauses = { get: () => Promise.resolve(null) };
  const log = createRecordingLog();
  const reader = createReader({ clientVpn, pauses, clock: createStoppedClock(), log });
  return {
    log,
    asked: () => clientVpn.calls.map(([method]) => method),
    read: (
      record: Partial<EndpointRecord> = {},
      leases: readonly Lease[] = [],
      found: Endpoint | null = endpoint,
    ) => reader.read({ record: aRecord(record), leases }, () => Promise.resolve(found)),
    reader,
  };
}

describe('what a pass reads', () => {
  it('is the endpoint’s networks, and its policy from its tags', async () => {
    const listAssociations = () => Promise.resolve(both);
    const { asked, read } = createWorld({ listAssociations });
    expect(await read()).toMatchObject({
      observation: { complete: true, endpoint, associations: both },
      policy: { ok: true, policy: { subnets } },
      subnetCheck: null,
    });
    expect(asked()).toEqual(['listAssociations', 'listRoutes', 'listConnections']);
  });

  it.each<[string, Endpoint | null]>([
    ['is gone', null],
    ['is not in the portal’s hands', anEndpoint()],
    ['is being deleted', { ...endpoint, status: 'deleting' }],
  ])('is nothing of an endpoint that %s', async (_, now) => {
    const { asked, read } = createWorld();
    expect(await read({}, held, now)).toBeNull();
    expect(asked()).toEqual([]);
  });

  it.each([
    ['some were connected before', { recordedAt: ago(1), connectionsOpen: true }, true],
    ['nobody has looked for a while', { recordedAt: ago(6), connectionsOpen: false }, true],
    ['somebody has just looked', { recordedAt: ago(1), connectionsOpen: false }, false],
    ['nobody ever has looked', { recordedAt: null, connectionsOpen: false }, false],
  ])('of an endpoint that is off, who was connected, where %s: %j', async (_, cursor, isAsked) => {
    const { asked, read } = createWorld({
      listAssociations: () => Promise.resolve([]),
      findSubnets,
    });
    await read({ usage: { ...newUsageCursor, ...cursor } });
    expect(asked().includes('listConnections')).toBe(isAsked);
  });

  it('is not complete where the endpoint itself cannot be read', async () => {
    const { asked, reader } = createWorld();
    const loaded = { record: aRecord({ subnetCheck: check(1) }), leases: held };
    expect(await reader.read(loaded, refuse)).toMatchObject({
      observation: { complete: false, problem: { kind: 'unreachable' } },
      policy: { ok: false },
      subnetCheck: check(1),
    });
    expect(asked()).toEqual([]);
  });

  it('is not complete where a listing cannot be read, and no subnet is looked up', async () => {
    const { asked, read } = createWorld({ listAssociations: refuse });
    expect(await read({}, held)).toMatchObject({
      observation: { complete: false, at: sampleNow },
      policy: { ok: true },
    });
    expect(asked()).toEqual(['listAssociations']);
  });

  it('is not complete where the subnets cannot be read, and keeps what was known', async () => {
    const subnetCheck = check(6);
    const { read } = createWorld({ findSubnets: refuse });
    expect(await read({ subnetCheck }, held)).toMatchObject({
      observation: { complete: false, problem: { kind: 'unreachable' } },
      policy: { ok: true },
      subnetCheck,
    });
  });

  it('holds no subnets under tags that do not parse', async () => {
    const { asked, read } = createWorld();
    const broken = anEndpoint({ tags: new Map([[managedTag, 'true']]) });
    expect(await read({}, held, broken)).toMatchObject({ policy: { ok: false } });
    expect(asked()).toEqual(['listAssociations']);
  });

  it('does not take a fault of ours for one of AWS', async () => {
    const broken = () => Promise.reject(new TypeError('x is not a function'));
    await expect(createWorld({ listAssociations: broken }).read()).rejects.toThrow(TypeError);
    await expect(createWorld({ findSubnets: broken }).read()).rejects.toThrow(TypeError);
    const loaded = { record: aRecord(), leases: [] };
    await expect(createWorld().reader.read(loaded, broken)).rejects.toThrow(TypeError);
  });
});

describe('the subnets', () => {
  const looksUp = async (
    record: Partial<EndpointRecord>,
    leases: readonly Lease[] = [],
    associations: readonly Association[] = [],
  ): Promise<boolean> => {
    const listAssociations = () => Promise.resolve(associations);
    const { asked, read } = createWorld({ listAssociations, findSubnets });
    await read(record, leases);
    return asked().includes('findSubnets');
  };

  it('are looked up the first time, and what is wrong with them is kept', async () => {
    const { read } = createWorld({ findSubnets });
    const reading = await read();
    expect(reading?.subnetCheck).toEqual({ at: sampleNow, subnets, problems: [tooFew] });
  });

  it('are looked up in every pass while what is wrong with them keeps somebody waiting', async () => {
    expect(await looksUp({ subnetCheck: check(1, { problems: [tooFew] }) }, held)).toBe(true);
  });

  it('are looked up every five minutes while something is wrong, and nobody waits', async () => {
    expect(await looksUp({ subnetCheck: check(5, { problems: [tooFew] }) })).toBe(false);
    expect(await looksUp({ subnetCheck: check(5.1, { problems: [tooFew] }) })).toBe(true);
  });

  it('are looked up again when the tag has changed', async () => {
    expect(await looksUp({ subnetCheck: check(1, { subnets: subnets.slice(1) }) })).toBe(true);
  });

  it('are looked up again before a start, after five minutes', async () => {
    expect(await looksUp({ subnetCheck: check(5.1) }, held)).toBe(true);
    expect(await looksUp({ subnetCheck: check(5.1), hold: aHold('on') })).toBe(true);
    expect(await looksUp({ subnetCheck: check(5) }, held)).toBe(false);
  });

  it('are not looked up again where nothing will be started', async () => {
    const subnetCheck = check(600);
    expect(await looksUp({ subnetCheck })).toBe(false);
    expect(await looksUp({ subnetCheck, hold: aHold('off') }, held)).toBe(false);
    expect(await looksUp({ subnetCheck, stopRequest: aStopRequest(1) }, held)).toBe(false);
  });

  it('are not looked up where they are all there', async () => {
    expect(await looksUp({}, held, both)).toBe(false);
    const gone = [anAssociation(), anotherAssociation({ status: 'disassociated' })];
    expect(await looksUp({}, held, gone)).toBe(true);
  });

  it('that are associated have given their addresses already', async () => {
    const listAssociations = () => Promise.resolve([anotherAssociation()]);
    const { read } = createWorld({ listAssociations, findSubnets });
    expect((await read())?.subnetCheck?.problems).toEqual([]);
  });
});

describe('the authorization rules', () => {
  const counted = { at: sampleNow, count: 1 };
  const before = (minutesAgo: number) => ({ at: ago(minutesAgo), count: 7 });
  const on = anOnObservation();
  const count = (
    rulesCheck: EndpointRecord['rulesCheck'],
    observation: Observation = on,
    answers: Partial<ClientVpn> = {},
  ) => createWorld(answers).reader.countRules(aRecord({ rulesCheck }), observation);

  it('are counted while a network is there, every fifteen minutes', async () => {
    expect(await count(null)).toEqual(counted);
    expect(await count(before(15))).toEqual(counted);
    expect(await count(before(14.9))).toEqual(before(14.9));
  });

  it.each<[string, Observation]>([
    ['nothing is associated', anObservation()],
    [
      'nothing is associated yet',
      anObservation({ associations: [anAssociation({ status: 'associating' })] }),
    ],
    ['the reading is not complete', anIncompleteObservation()],
  ])('are not counted where %s', async (_, observation) => {
    expect(await count(before(99), observation)).toEqual(before(99));
    expect(await count(null, observation)).toBeNull();
  });

  it('stand as last counted where they cannot be read, which the log tells', async () => {
    const { log, reader } = createWorld({ countAuthorizationRules: refuse });
    const record = aRecord({ rulesCheck: before(99) });
    expect(await reader.countRules(record, on)).toEqual(before(99));
    expect(log.messages()).toEqual(['authorization rules not counted']);
  });

  it('do not take a fault of ours for one of AWS', async () => {
    const countAuthorizationRules = () => Promise.reject(new TypeError('x is not a function'));
    await expect(count(null, on, { countAuthorizationRules })).rejects.toThrow(TypeError);
  });
});
