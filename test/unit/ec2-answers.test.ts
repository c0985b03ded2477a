import { describe, expect, it } from '@jest/globals';

import {
  readAssociation,
  readConnection,
  readEndpoint,
  readRoute,
  readSubnet,
} from '../../src/aws/ec2-answers.ts';
import { sampleIds } from '../builders/endpoint-for-person.ts';
import { connectionId } from '../builders/observation.ts';

const connection = {
  ConnectionId: connectionId(1),
  ConnectionEstablishedTime: '2018-12-13 18:32:49',
};
/** A status newer than this code, in the place of one that the types of the SDK know. */
const newer = (code: string) => ({ Status: { Code: code as never } });

describe('an answer of AWS that has a hole in it', () => {
  it.each<[string, () => unknown]>([
    ['an endpoint without its id', () => readEndpoint({})],
    ['an endpoint of another id', () => readEndpoint({ ClientVpnEndpointId: 'vpce-1' })],
    ['an association without its id', () => readAssociation({})],
    ['a connection without its id', () => readConnection({ ...connection, ConnectionId: '' })],
    [
      'a connection without its time',
      () => readConnection({ ...connection, ConnectionEstablishedTime: '-' }),
    ],
    [
      'a connection with no possible time',
      () => readConnection({ ...connection, ConnectionEstablishedTime: '2018-13-45 18:32:49' }),
    ],
    ['a connection that sent some', () => readConnection({ ...connection, IngressBytes: 'some' })],
    ['a connection that got -1', () => readConnection({ ...connection, EgressBytes: '-1' })],
    ['a connection that got 1e309', () => readConnection({ ...connection, EgressBytes: '1e309' })],
    [
      'a subnet with addresses that are no number',
      () =>
        readSubnet({
          SubnetId: sampleIds.subnetA,
          VpcId: 'vpc-0a1b2c3d',
          AvailableIpAddressCount: NaN,
        }),
    ],
    ['a subnet without its id', () => readSubnet({ VpcId: 'vpc-0a1b2c3d' })],
    ['a subnet without its VPC', () => readSubnet({ SubnetId: sampleIds.subnetA })],
  ])('makes the whole answer unusable: %s', (_, read) => {
    expect(read).toThrow(/^AWS answered no usable /);
  });
});

describe('an answer of AWS', () => {
  it('may have a status that is newer than this code', () => {
    const endpoint = { ClientVpnEndpointId: sampleIds.endpoint, ...newer('paused') };
    expect(readEndpoint(endpoint).status).toBe('unknown');
    const association = { AssociationId: sampleIds.associationA, ...newer('updating') };
    expect(readAssociation(association).status).toBe('unknown');
    expect(readConnection({ ...connection, ...newer('parked') }).status).toBe('unknown');
    expect(readConnection(connection).status).toBe('unknown');
  });

  it('names the person in either of two fields', () => {
    const person = (fields: Parameters<typeof readConnection>[0]) =>
      readConnection({ ...connection, ...fields }).person;
    expect(person({ Username: 'alice', CommonName: 'laptop' })).toBe('alice');
    expect(person({ Username: '', CommonName: 'laptop' })).toBe('laptop');
    expect(person({ Username: 'N/A', CommonName: 'laptop' })).toBe('laptop');
    expect(person({ Username: 'N/A', CommonName: 'N/A' })).toBe('');
    expect(person({})).toBe('');
  });

  it('has its times in UTC, and none where a connection goes on', () => {
    const read = readConnection({ ...connection, ConnectionEndTime: '-' });
    expect(read).toMatchObject({
      establishedAt: new Date('2018-12-13T18:32:49Z'),
      endedAt: null,
      clientAddress: '',
      ingressBytes: 0,
      egressBytes: 0,
    });
    const ended = { ...connection, ConnectionEndTime: '2018-12-13 19:00:00' };
    expect(readConnection(ended).endedAt).toEqual(new Date('2018-12-13T19:00:00Z'));
  });

  it('counts bytes in digits, and has none of a connection that has just begun', () => {
    const bytes = (IngressBytes: string) => readConnection({ ...connection, IngressBytes });
    expect(bytes('7531').ingressBytes).toBe(7531);
    expect(bytes('-').ingressBytes).toBe(0);
    expect(bytes('').ingressBytes).toBe(0);
  });

  it('may leave out what is not essential', () => {
    expect(readEndpoint({ ClientVpnEndpointId: sampleIds.endpoint })).toEqual({
      id: sampleIds.endpoint,
      status: 'unknown',
      description: '',
      authentication: [],
      clientCidr: null,
      splitTunnel: false,
      vpcId: null,
      transitGateway: false,
      tags: new Map(),
    });
    expect(readSubnet({ SubnetId: sampleIds.subnetA, VpcId: 'vpc-0a1b2c3d' })).toMatchObject({
      cidr: '',
      availabilityZone: '',
      availableAddresses: 0,
    });
  });

  it('leaves out kinds of authentication that this code does not know', () => {
    const AuthenticationOptions = [
      { Type: 'certificate-authentication' as const },
      { Type: 'palm-reading' as never },
      { Type: 'federated-authentication' as const },
      {},
    ];
    const endpoint = { ClientVpnEndpointId: sampleIds.endpoint, AuthenticationOptions };
    expect(readEndpoint(endpoint).authentication).toEqual(['certificate', 'federated']);
  });

  it('has routes that the portal could put back, and others', () => {
    const through = { DestinationCidr: '0.0.0.0/0', TargetSubnet: sampleIds.subnetA };
    expect(readRoute({ ...through, Origin: 'associate' })).toEqual({
      destinationCidr: '0.0.0.0/0',
      subnetId: sampleIds.subnetA,
      description: '',
      status: 'unknown',
      message: '',
      origin: 'associate',
    });
    expect(readRoute({ ...through, Origin: 'add-route' })).toMatchObject({ origin: 'add-route' });
    expect(readRoute({ ...through, TargetSubnet: 'tgw-attach-1' })).toBeNull();
    expect(readRoute({ TargetSubnet: sampleIds.subnetA })).toBeNull();
    expect(readRoute({ DestinationCidr: '0.0.0.0/0' })).toBeNull();
  });
});
