import { describe, expect, it } from '@jest/globals';

import { parseVpcId } from '../../src/vpn/ids.ts';
import { checkSubnets } from '../../src/vpn/subnet.ts';
import type { Subnet } from '../../src/vpn/subnet.ts';
import { subnetIds } from '../builders/arbitraries.ts';

const [first, second, third] = subnetIds;

function vpc(digit: string) {
  const id = parseVpcId(`vpc-${digit.repeat(8)}`);
  if (id === null) throw new Error('a sample id does not parse');
  return id;
}

function subnetOf(index: number, overrides: Partial<Subnet> = {}): Subnet {
  const id = subnetIds[index];
  if (id === undefined) throw new Error('no such sample subnet');
  return {
    id,
    vpcId: vpc('a'),
    cidr: `10.0.${index}.0/27`,
    availabilityZone: `zone-${index}`,
    availableAddresses: 20,
    ...overrides,
  };
}

describe('the check of the subnets', () => {
  it('has nothing against subnets of one VPC in different zones, just large enough', () => {
    expect(checkSubnets(subnetIds, [subnetOf(2), subnetOf(0), subnetOf(1)])).toEqual([]);
  });

  it('does not look at what is not wanted', () => {
    const small = subnetOf(1, { cidr: '10.0.1.0/28', availabilityZone: 'zone-0' });
    expect(checkSubnets(subnetIds.slice(0, 1), [subnetOf(0), small])).toEqual([]);
  });

  it('names a subnet that does not exist, and goes on', () => {
    const problems = checkSubnets(subnetIds, [subnetOf(1), subnetOf(2, { cidr: '10.0.2.0/28' })]);
    expect(problems).toEqual([
      { code: 'subnet-not-found', subnetId: first, detail: '' },
      { code: 'subnet-too-small', subnetId: third, detail: '10.0.2.0/28' },
    ]);
  });

  it('names the neighbour in one zone', () => {
    const found = [subnetOf(0), subnetOf(1), subnetOf(2, { availabilityZone: 'zone-1' })];
    expect(checkSubnets(subnetIds, found)).toEqual([
      { code: 'subnets-in-one-zone', subnetId: third, detail: second },
    ]);
  });

  it('names the subnet of another VPC, once, although its zone is taken too', () => {
    const found = [subnetOf(0), subnetOf(1, { vpcId: vpc('b'), availabilityZone: 'zone-0' })];
    expect(checkSubnets(subnetIds.slice(0, 2), found)).toEqual([
      { code: 'subnets-in-two-vpcs', subnetId: second, detail: first },
    ]);
  });

  it('names the figure that is too small', () => {
    const problems = (overrides: Partial<Subnet>) =>
      checkSubnets(subnetIds.slice(0, 1), [subnetOf(0, overrides)]);
    expect(problems({ availableAddresses: 19 })).toEqual([
      { code: 'too-few-addresses', subnetId: first, detail: '19' },
    ]);
    const small = { cidr: '10.0.0.0/28', availableAddresses: 11 };
    expect(problems(small)).toMatchObject([{ code: 'subnet-too-small' }]);
    expect(problems({ cidr: '' })).toMatchObject([{ code: 'subnet-too-small', detail: '' }]);
  });
});
