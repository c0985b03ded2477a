import { describe, expect, it } from '@jest/globals';

import {
  parseAssociationId,
  parseConnectionId,
  parseEndpointId,
  parseSubnetId,
  parseVpcId,
} from '../../src/vpn/ids.ts';
import { isManaged } from '../../src/vpn/endpoint.ts';
import { anEndpoint } from '../builders/endpoint-for-person.ts';

const parsers = [
  ['cvpn-endpoint', parseEndpointId],
  ['cvpn-assoc', parseAssociationId],
  ['subnet', parseSubnetId],
  ['vpc', parseVpcId],
  ['cvpn-connection', parseConnectionId],
] as const;

describe.each(parsers)('an id of the kind %s', (prefix, parse) => {
  it.each(['0a1b2c3d', '0123456789abcdef0'])('may end in %s', (digits) => {
    expect(parse(`${prefix}-${digits}`)).toBe(`${prefix}-${digits}`);
  });

  it.each([
    '',
    prefix,
    `${prefix}-`,
    `${prefix}-0a1b2c3`,
    `${prefix}-0a1b2c3d4`,
    `${prefix}-0123456789ABCDEF0`,
    `${prefix}-0123456789abcdefg`,
    `${prefix}-0123456789abcdef01`,
    `${prefix}-0a1b2c3d\n`,
    ` ${prefix}-0a1b2c3d`,
    `x${prefix}-0a1b2c3d`,
    `${prefix}_0a1b2c3d`,
    `other-0a1b2c3d`,
  ])('is not %j', (text) => {
    expect(parse(text)).toBeNull();
  });

  it('is not one of another kind', () => {
    const others = parsers.filter(([other]) => other !== prefix);
    expect(others.map(([other]) => parse(`${other}-0a1b2c3d`))).toEqual([null, null, null, null]);
  });
});

describe('an endpoint', () => {
  const tags = (value: string) => new Map([['vpn-portal:managed', value]]);

  it('is managed when its tag says so, and not while it is being deleted', () => {
    expect(isManaged(anEndpoint({ tags: tags('true') }))).toBe(true);
    expect(isManaged(anEndpoint({ tags: tags('true'), status: 'unknown' }))).toBe(true);
    expect(isManaged(anEndpoint({ tags: tags('true'), status: 'deleting' }))).toBe(false);
    expect(isManaged(anEndpoint({ tags: tags('true'), status: 'deleted' }))).toBe(false);
  });

  it.each(['false', 'True', '', ' true'])(
    'is not managed by the tag %j, nor without one',
    (value) => {
      expect(isManaged(anEndpoint({ tags: tags(value) }))).toBe(false);
      expect(isManaged(anEndpoint())).toBe(false);
    },
  );
});
