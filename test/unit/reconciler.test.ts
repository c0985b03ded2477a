import { beforeEach, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { StoreError } from '../../src/errors.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { Endpoint } from '../../src/vpn/endpoint.ts';
import { anEndpoint, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { anAssociation, anotherAssociation } from '../builders/observation.ts';
import { createReconcilerUnderTest, id, refuse, subnets, tags } from './reconciler-under-test.ts';
import type { ReconcilerUnderTest } from './reconciler-under-test.ts';

let under: ReconcilerUnderTest;

beforeEach(() => {
  under = createReconcilerUnderTest();
});

describe('a pass', () => {
  it('reads, decides, acts and records', async () => {
    await under.request();
    expect(await under.reconcilerOver().pass(id)).toEqual({ kind: 'passed' });
    expect(under.clientVpn().calls.map(([method]) => method)).toEqual([
      'findEndpoint',
      'listAssociations',
      'findSubnets',
      'associate',
      'associate',
    ]);
    expect(under.record()).toMatchObject({
      intent: { kind: 'start', since: sampleNow },
      lastPass: { at: sampleNow, state: 'starting' },
      schedule: {
        lastPassAt: sampleNow,
        nextPassAt: secondsAfter(sampleNow, 5),
        claimedUntil: null,
      },
    });
    expect(under.log.lines.at(-1)).toMatchObject({
      message: 'pass',
      fields: { state: 'starting', before: null, reason: 'lease-held', outcome: 'done' },
    });
  });

  it('is not done while another one is under way', async () => {
    const reconciler = under.reconcilerOver();
    const both = await Promise.all([reconciler.pass(id), reconciler.pass(id)]);
    expect(both).toEqual([{ kind: 'passed' }, { kind: 'not-taken' }]);
    expect(under.clientVpn().asked('listAssociations')).toHaveLength(1);
  });

  it('is not done again within five seconds, even where one is asked for', async () => {
    const reconciler = under.reconcilerOver();
    await under.request();
    await reconciler.pass(id);
    await under.request();
    under.clock.advance(4.999);
    expect(await reconciler.pass(id)).toEqual({ kind: 'not-taken' });
    under.clock.advance(0.001);
    expect(await reconciler.pass(id)).toEqual({ kind: 'passed' });
  });

  it('is not done before it is due', async () => {
    const reconciler = under.reconcilerOver();
    await reconciler.pass(id);
    under.clock.advance(54);
    expect(await reconciler.pass(id)).toEqual({ kind: 'not-taken' });
    under.clock.advance(1);
    expect(await reconciler.pass(id)).toEqual({ kind: 'passed' });
  });

  it('is taken over when its process has died', async () => {
    const broken = under.reconcilerOver({
      listAssociations: () => Promise.reject(new TypeError('!')),
    });
    await expect(broken.pass(id)).rejects.toThrow(TypeError);
    under.clock.advance(29.9);
    expect(await under.reconcilerOver().pass(id)).toEqual({ kind: 'not-taken' });
    under.clock.advance(0.1);
    expect(await under.reconcilerOver().pass(id)).toEqual({ kind: 'passed' });
  });

  it('gives up without a fault where another one has taken over', async () => {
    await under.request();
    const slow = under.reconcilerOver({
      listAssociations: async () => {
        under.clock.advance(31);
        await under.reconcilerOver().pass(id);
        return [];
      },
    });
    expect(await slow.pass(id)).toEqual({ kind: 'passed' });
    expect(under.log.lines.at(-1)?.message).toBe('pass given up');
    expect(under.record().lastPass?.at).toEqual(secondsAfter(sampleNow, 31));
  });

  it('asks AWS for nothing once it has taken too long', async () => {
    await under.request();
    const slow = under.reconcilerOver({
      listAssociations: () => {
        under.clock.advance(20);
        return Promise.resolve([]);
      },
    });
    const vpn = under.clientVpn();
    await slow.pass(id);
    expect(vpn.asked('associate')).toEqual([]);
    expect(under.log.lines.at(-1)?.fields).toMatchObject({ outcome: 'out-of-time' });
  });

  it('throws what is wrong with the table', async () => {
    const endpoints = {
      ...under.stores.endpoints,
      recordPass: () => Promise.reject(new StoreError('no table')),
    };
    await expect(under.reconcilerOver({}, { endpoints }).pass(id)).rejects.toThrow(StoreError);
  });

  it.each<[string, Endpoint | null]>([
    ['gone', null],
    ['no longer managed', anEndpoint()],
  ])('does nothing to an endpoint that is %s', async (_, endpoint) => {
    await under.request();
    const reconciler = under.reconcilerOver({ findEndpoint: () => Promise.resolve(endpoint) });
    expect(await reconciler.pass(id)).toEqual({ kind: 'passed' });
    expect(under.clientVpn().calls.map(([method]) => method)).toEqual(['findEndpoint']);
    expect(under.log.messages()).toEqual(['endpoint is gone or no longer managed']);
  });

  it.each<[string, Partial<ClientVpn>]>([
    ['the endpoint', { findEndpoint: refuse }],
    ['the associations', { listAssociations: refuse }],
    ['the subnets', { findSubnets: refuse }],
  ])('changes nothing where %s cannot be read, and says why', async (_, answers) => {
    await under.request();
    const reconciler = under.reconcilerOver(answers);
    expect(await reconciler.pass(id)).toMatchObject({
      kind: 'failed',
      problem: { code: 'ServiceUnavailable' },
    });
    expect(under.clientVpn().asked('associate')).toEqual([]);
    expect(under.record().lastPass).toMatchObject({
      state: 'off',
      reason: { code: 'reading-incomplete', problem: { code: 'ServiceUnavailable' } },
      seen: null,
    });
    expect(under.log.lines.at(-1)?.fields).toMatchObject({
      problem: { code: 'ServiceUnavailable' },
    });
  });

  it('does not pass a fault of ours in reading the endpoint for one of AWS', async () => {
    const broken = () => Promise.reject(new TypeError('!'));
    await expect(under.reconcilerOver({ findEndpoint: broken }).pass(id)).rejects.toThrow(
      TypeError,
    );
    await expect(
      under.reconcilerOver({ findSubnets: broken }).pass(sampleIds.otherEndpoint),
    ).rejects.toThrow(TypeError);
  });

  it('needs attention where the tags do not parse, and looks no subnet up', async () => {
    const endpoint = anEndpoint({ tags: tags('subnet-of-mine') });
    await under.reconcilerOver({ findEndpoint: () => Promise.resolve(endpoint) }).pass(id);
    expect(under.clientVpn().asked('findSubnets')).toEqual([]);
    expect(under.record().lastPass).toMatchObject({
      state: 'needs-attention',
      reason: { code: 'policy-invalid' },
    });
  });
});

describe('the look at the subnets', () => {
  const lookUps = async (seconds: number, answers: Partial<ClientVpn> = {}) => {
    under.clock.advance(seconds);
    const reconciler = under.reconcilerOver(answers);
    expect(await reconciler.pass(id)).not.toEqual({ kind: 'not-taken' });
    return under.clientVpn().asked('findSubnets').length;
  };

  it('comes before anybody asks, and not again in every pass', async () => {
    expect(await lookUps(0)).toBe(1);
    expect(await lookUps(600)).toBe(0);
  });

  it('comes again before a start, unless it has just been', async () => {
    await lookUps(0);
    await under.request();
    expect(await lookUps(300, { associate: refuse })).toBe(0);
    expect(await lookUps(60, { associate: refuse })).toBe(1);
  });

  it('comes again while something is wrong, until it is mended', async () => {
    const answers = { findSubnets: () => Promise.resolve([]) };
    expect(await lookUps(0, answers)).toBe(1);
    expect(under.record().lastPass?.reason).toMatchObject({ code: 'subnets-invalid' });
    expect(await lookUps(60, answers)).toBe(0);
    expect(await lookUps(300)).toBe(1);
    expect(under.record().lastPass?.state).toBe('off');
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
    await under.request();
    const few = subnets.map((each) => ({ ...each, availableAddresses: 5 }));
    const answers = { findSubnets: () => Promise.resolve(few) };
    const there = { listAssociations: () => Promise.resolve([anAssociation()]) };
    await lookUps(0, { ...answers, ...there });
    expect(under.record().subnetCheck?.problems).toEqual([
      { code: 'too-few-addresses', subnetId: sampleIds.subnetB, detail: '5' },
    ]);
    expect(under.clientVpn().asked('associate')).toEqual([]);
  });
});
