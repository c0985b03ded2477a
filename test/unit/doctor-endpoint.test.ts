import { describe, expect, it } from '@jest/globals';

import { blocksOverlap } from '../../scripts/doctor/address-block.ts';
import {
  associationType,
  endpointType,
  judgeDeclarations,
} from '../../scripts/doctor/declarations.ts';
import type { Declarations } from '../../scripts/doctor/declarations.ts';
import { judgeSubnets, wantedSubnets } from '../../scripts/doctor/subnets.ts';
import {
  judgeAuthentication,
  judgeAuthorizationRules,
  judgeEndpoint,
  judgeEndpoints,
  judgePolicy,
} from '../../scripts/doctor/vpn-endpoint.ts';
import {
  aSubnet,
  anEndpoint,
  endpointId,
  onlyOf,
  otherVpc,
  outcomesOf,
  subnetA,
  subnetC,
  vpc,
} from './doctor-samples.ts';

const tags = (...entries: readonly (readonly [string, string])[]) => ({ tags: new Map(entries) });
const managed = ['vpn-portal:managed', 'true'] as const;

describe('an endpoint', () => {
  it('is right when it carries the tag', () => {
    expect(outcomesOf(judgeEndpoint(endpointId, anEndpoint()))).toEqual(['ok']);
  });

  it.each([
    ['is not there', null, 'There is no endpoint'],
    ['has no tag', anEndpoint(tags()), 'has no tag vpn-portal:managed'],
    ['has another value', anEndpoint(tags(['vpn-portal:managed', 'True'])), 'has "True"'],
    ['is going', anEndpoint({ status: 'deleting' }), 'is being deleted'],
  ])('is a problem when it %s', (_what, found, words) => {
    const wrong = onlyOf(judgeEndpoint(endpointId, found));
    expect(wrong.outcome).toBe('problem');
    expect(wrong.sentence).toContain(words);
  });
});

describe('all endpoints together', () => {
  it('are counted', () => {
    expect(onlyOf(judgeEndpoints([anEndpoint(), anEndpoint(tags())]))).toEqual({
      outcome: 'ok',
      sentence: '1 endpoint is managed.',
      fix: null,
    });
  });

  it('are a problem when none is managed', () => {
    expect(outcomesOf(judgeEndpoints([anEndpoint(tags())]))).toEqual(['problem']);
  });

  it('are worth a warning when one has tags of the portal, and not the first of them', () => {
    const forgotten = anEndpoint(tags(['vpn-portal:name', 'Osaka']));
    const { fix, outcome } = onlyOf(judgeEndpoints([anEndpoint(), forgotten]));
    expect(outcome).toBe('warning');
    expect(fix).toContain('Key=vpn-portal:managed,Value=true');
  });

  it('do not count one that is being deleted', () => {
    const going = anEndpoint({ status: 'deleting' });
    expect(outcomesOf(judgeEndpoints([anEndpoint(), going]))).toEqual(['ok']);
  });
});

describe('the policy', () => {
  it('is right when the tags can be read', () => {
    expect(onlyOf(judgePolicy(anEndpoint())).sentence).toContain('"Tokyo", 2 subnets');
  });

  it('is a problem for each tag that cannot, with the command that mends it', () => {
    const found = judgePolicy(
      anEndpoint(tags(managed, ['vpn-portal:subnets', 'x'], ['vpn-portal:idle-minutes', 'soon'])),
    );
    expect(outcomesOf(found)).toEqual(['problem', 'problem']);
    expect(found[0]?.sentence).toContain('contains “x”');
    expect(found[0]?.fix).toContain(`--resources ${endpointId} --tags "Key=vpn-portal:subnets`);
    expect(found[1]?.fix).toContain('Key=vpn-portal:idle-minutes,Value=30');
  });

  it('is a problem at a Transit Gateway, which tags do not mend', () => {
    const { fix } = onlyOf(judgePolicy(anEndpoint({ transitGateway: true })));
    expect(fix).toContain('delete-tags');
  });
});

describe('the subnets', () => {
  const { endpoint } = anEndpoint();
  const a = aSubnet();
  const c = aSubnet({ id: subnetC, cidr: '10.0.2.0/24', availabilityZone: 'ap-northeast-1c' });
  const judge = (...found: Parameters<typeof judgeSubnets>[2]) =>
    judgeSubnets(endpoint, [subnetA, subnetC], found);

  it('are right in two zones of one VPC', () => {
    expect(onlyOf(judge(a, c)).sentence).toBe(
      'All 2 can be associated, in ap-northeast-1a, ap-northeast-1c.',
    );
  });

  it('are right at the smallest that AWS takes', () => {
    const small = { ...c, cidr: '10.0.2.0/27', availableAddresses: 20 };
    expect(outcomesOf(judge(a, small))).toEqual(['ok']);
  });

  it('are right when one is enough', () => {
    expect(onlyOf(judgeSubnets(endpoint, [subnetA], [a])).sentence).toBe(
      'It can be associated, in ap-northeast-1a.',
    );
  });

  it.each([
    ['one is missing', [a], 'does not exist'],
    ['they share a zone', [a, { ...c, availabilityZone: a.availabilityZone }], 'same Availability'],
    ['they are in two VPCs', [a, { ...c, vpcId: otherVpc }], 'different VPCs'],
    ['one is too small', [a, { ...c, cidr: '10.0.2.0/28' }], 'too small'],
    ['one is full', [a, { ...c, availableAddresses: 19 }], 'only 19 free'],
    ['one has the addresses of clients', [a, { ...c, cidr: '10.250.2.0/24' }], 'overlaps with'],
  ])('are a problem when %s', (_what, found, words) => {
    const wrong = onlyOf(judge(...found));
    expect(wrong.outcome).toBe('problem');
    expect(wrong.sentence).toContain(words);
    expect(wrong.fix).toContain(endpointId);
  });

  it('are a problem in another VPC than the endpoint is bound to', () => {
    const bound = { ...endpoint, vpcId: otherVpc };
    expect(outcomesOf(judgeSubnets(bound, [subnetA, subnetC], [a, c]))).toEqual([
      'problem',
      'problem',
    ]);
    const right = { ...endpoint, vpcId: vpc };
    expect(outcomesOf(judgeSubnets(right, [subnetA, subnetC], [a, c]))).toEqual(['ok']);
  });

  it('are not checked for an overlap that cannot be told', () => {
    const strange = { ...endpoint, clientCidr: 'fd00::/64' };
    expect(outcomesOf(judgeSubnets(strange, [subnetA], [a]))).toEqual(['not-checked']);
  });

  it('overlap with nothing where clients get no IPv4 addresses', () => {
    const without = { ...endpoint, clientCidr: null };
    expect(outcomesOf(judgeSubnets(without, [subnetA], [a]))).toEqual(['ok']);
  });

  it('are those of the tags, and none where the tags cannot be read', () => {
    expect(wantedSubnets(endpoint)).toEqual([subnetA, subnetC]);
    expect(wantedSubnets(anEndpoint(tags(managed)).endpoint)).toBeNull();
  });
});

describe('two blocks of addresses', () => {
  it.each([
    ['10.0.0.0/16', '10.0.255.0/24', true],
    ['10.0.255.0/24', '10.0.0.0/16', true],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['0.0.0.0/0', '203.0.113.7/32', true],
    ['10.0.0.9/24', '10.0.0.0/24', true],
    ['10.0.0.0/33', '10.0.0.0/24', null],
    ['10.0.0.256/24', '10.0.0.0/24', null],
    ['10.0.0.0', '10.0.0.0/24', null],
    ['10.0.0/24', '10.0.0.0/24', null],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect(blocksOverlap(one, other)).toBe(expected);
  });
});

describe('the authentication', () => {
  it('is right when it is federated, with the self-service portal', () => {
    expect(outcomesOf(judgeAuthentication(anEndpoint()))).toEqual(['ok']);
  });

  it('is right with a directory', () => {
    const directory = anEndpoint({ authentication: ['directory-service'] });
    expect(outcomesOf(judgeAuthentication(directory))).toEqual(['ok']);
  });

  it.each([
    ['by certificate alone', anEndpoint({ authentication: ['certificate'] }), 'certificate alone'],
    [
      'without the self-service portal',
      anEndpoint({}, { hasSelfServicePortal: false }),
      'self-service portal of',
    ],
  ])('is worth a warning %s', (_what, found, words) => {
    const { outcome, sentence } = onlyOf(judgeAuthentication(found));
    expect(outcome).toBe('warning');
    expect(sentence).toContain(words);
  });

  it.each([
    ['of a kind that is not known', anEndpoint({ authentication: [] })],
    ['federated without a provider', anEndpoint({}, { samlProviderArns: [] })],
  ])('is a problem when it is %s', (_what, found) => {
    expect(outcomesOf(judgeAuthentication(found))).toEqual(['problem']);
  });
});

describe('the authorization rules', () => {
  it.each([
    [1, 'ok', '1 rule lets'],
    [3, 'ok', '3 rules let'],
    [0, 'problem', 'no authorization rule'],
  ])('%i of them are: %s', (count, outcome, words) => {
    const found = onlyOf(judgeAuthorizationRules(endpointId, count));
    expect(found.outcome).toBe(outcome);
    expect(found.sentence).toContain(words);
  });
});

describe('what stacks declare', () => {
  const association = (physicalId: string, stack = 'network') => ({
    stack,
    logicalId: 'Office',
    type: associationType,
    physicalId,
  });
  const endpoint = (physicalId: string, stack = 'network') => ({
    stack,
    logicalId: 'Vpn',
    type: endpointType,
    physicalId,
  });
  const judge = (
    resources: Declarations['resources'],
    associations: Readonly<Record<string, readonly string[]>> = {},
    unread: readonly string[] = [],
  ) => judgeDeclarations(endpointId, { resources, unread }, new Map(Object.entries(associations)));

  it('is right when no stack knows the endpoint', () => {
    expect(outcomesOf(judge([]))).toEqual(['ok']);
  });

  it('is right when a stack declares the endpoint, and no association', () => {
    expect(outcomesOf(judge([endpoint(endpointId)]))).toEqual(['ok']);
  });

  it('is a problem when a stack declares an association that is there', () => {
    const { outcome, sentence } = onlyOf(
      judge([association('cvpn-assoc-1')], { [endpointId]: ['cvpn-assoc-1'] }),
    );
    expect(outcome).toBe('problem');
    expect(sentence).toContain('The stack network declares the association cvpn-assoc-1 as Office');
  });

  it('is a problem when it declares the endpoint as well, on or off', () => {
    const both = [endpoint(endpointId), association('cvpn-assoc-1')];
    expect(outcomesOf(judge(both))).toEqual(['problem']);
  });

  it('is not checked when whose the association was cannot be told', () => {
    const { fix, outcome } = onlyOf(judge([association('cvpn-assoc-1')]));
    expect(outcome).toBe('not-checked');
    expect(fix).toContain('get-template --stack-name network');
  });

  it('is right when the association is of another endpoint', () => {
    const others = { 'cvpn-endpoint-other': ['cvpn-assoc-1'] };
    expect(outcomesOf(judge([association('cvpn-assoc-1')], others))).toEqual(['ok']);
  });

  it('is not checked to the end where there are too many stacks', () => {
    const { fix, outcome } = onlyOf(judge([], {}, ['last-one']));
    expect(outcome).toBe('not-checked');
    expect(fix).toContain('last-one');
  });
});
