import { EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createEc2ClientVpn } from '../../src/aws/ec2-client-vpn.ts';
import { associationStatuses } from '../../src/vpn/association.ts';
import { ClientVpnError } from '../../src/vpn/client-vpn.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import { connectionStatuses } from '../../src/vpn/connection.ts';
import {
  parseAssociationId,
  parseConnectionId,
  parseEndpointId,
  parseSubnetId,
} from '../../src/vpn/ids.ts';
import { sampleIds } from '../builders/endpoint-for-person.ts';
import { hostileText } from '../builders/hostile-text.ts';

/*
 * AWS's answers, as XML, through the real client: elements that are missing, doubled, empty, nested
 * where text belongs, or full of something else. Each is a reading with sound values, or a
 * `ClientVpnError`; nothing in between.
 */

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The adapter, for which AWS has one answer to everything. */
function answering({ body, status }: Answer): ClientVpn {
  const client = new EC2Client({
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' },
    maxAttempts: 1,
    requestHandler: {
      handle: () =>
        Promise.resolve({
          response: {
            statusCode: status,
            headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'request-1' },
            body: Buffer.from(body),
          },
        }),
    },
  });
  return createEc2ClientVpn(client);
}

function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}

/** What stands in an element: mostly what AWS would write. */
function anElement(name: string, sound: string): fc.Arbitrary<string> {
  const inside = (content: string): string => `<${name}>${content}</${name}>`;
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(inside(sound)) },
    { weight: 2, arbitrary: hostileText.map((text) => inside(escaped(text))) },
    { weight: 1, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constant(`<${name}/>`) },
    { weight: 1, arbitrary: fc.constant(inside(sound) + inside('twice')) },
    { weight: 1, arbitrary: fc.constant(inside('<item><x>nested</x></item>')) },
    { weight: 1, arbitrary: fc.constant(inside('<![CDATA[<hostile-1>]]>')) },
  );
}

/** Some rows of a listing, with the elements of each. */
function aListing(
  response: string,
  set: string,
  elements: Readonly<Record<string, string>>,
): fc.Arbitrary<string> {
  const row = fc
    .tuple(...Object.entries(elements).map(([name, sound]) => anElement(name, sound)))
    .map((parts) => `<item>${parts.join('')}</item>`);
  return fc
    .array(row, { maxLength: 3 })
    .map((rows) => `<${response}><${set}>${rows.join('')}</${set}></${response}>`);
}

const { associationA, connectionA, endpoint, subnetA } = sampleIds;
const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0;
const isTime = (value: Date | null): boolean => value === null || !Number.isNaN(value.getTime());

interface Reading {
  readonly what: string;
  readonly answers: fc.Arbitrary<string>;
  /** @returns for each row, whether it is sound */
  readonly read: (aws: ClientVpn) => Promise<readonly boolean[]>;
}

const readings: readonly Reading[] = [
  {
    what: 'endpoints',
    answers: aListing('DescribeClientVpnEndpointsResponse', 'clientVpnEndpoint', {
      clientVpnEndpointId: endpoint,
      description: 'Tokyo office',
      status: '<code>available</code>',
      clientCidrBlock: '10.100.0.0/22',
      splitTunnel: 'true',
      vpcId: 'vpc-0a1b2c3d',
      authenticationOptions: '<item><type>federated-authentication</type></item>',
      tagSet: '<item><key>vpn-portal:managed</key><value>true</value></item>',
    }),
    read: async (aws) =>
      (await aws.listEndpoints()).map(
        ({ authentication, description, id, splitTunnel, tags }) =>
          parseEndpointId(id) === id &&
          typeof description === 'string' &&
          typeof splitTunnel === 'boolean' &&
          Array.isArray(authentication) &&
          [...tags].flat().every((text) => typeof text === 'string'),
      ),
  },
  {
    what: 'associations',
    answers: aListing('DescribeClientVpnTargetNetworksResponse', 'clientVpnTargetNetworks', {
      associationId: associationA,
      targetNetworkId: subnetA,
      vpcId: 'vpc-0a1b2c3d',
      status: '<code>associated</code><message>x</message>',
    }),
    read: async (aws) =>
      (await aws.listAssociations(endpoint)).map(
        ({ id, message, status, subnetId }) =>
          parseAssociationId(id) === id &&
          (subnetId === null || parseSubnetId(subnetId) === subnetId) &&
          [...associationStatuses, 'unknown'].includes(status) &&
          typeof message === 'string',
      ),
  },
  {
    what: 'routes',
    answers: aListing('DescribeClientVpnRoutesResponse', 'routes', {
      destinationCidr: '0.0.0.0/0',
      targetSubnet: subnetA,
      origin: 'add-route',
      status: '<code>active</code>',
      description: 'internet',
    }),
    read: async (aws) =>
      (await aws.listRoutes(endpoint)).map(
        ({ description, destinationCidr, origin, subnetId }) =>
          parseSubnetId(subnetId) === subnetId &&
          typeof destinationCidr === 'string' &&
          typeof description === 'string' &&
          ['associate', 'add-route'].includes(origin),
      ),
  },
  {
    what: 'connections',
    answers: aListing('DescribeClientVpnConnectionsResponse', 'connections', {
      connectionId: connectionA,
      username: 'alice@example.com',
      connectionEstablishedTime: '2026-03-04 02:02:00',
      connectionEndTime: '-',
      clientIp: '10.100.0.2',
      ingressBytes: '7531',
      egressBytes: '15',
      status: '<code>active</code>',
    }),
    read: async (aws) =>
      (await aws.listConnections(endpoint)).map(
        ({ egressBytes, endedAt, establishedAt, id, ingressBytes, person, status }) =>
          parseConnectionId(id) === id &&
          isTime(establishedAt) &&
          isTime(endedAt) &&
          isCount(ingressBytes) &&
          isCount(egressBytes) &&
          typeof person === 'string' &&
          [...connectionStatuses, 'unknown'].includes(status),
      ),
  },
  {
    what: 'subnets',
    answers: aListing('DescribeSubnetsResponse', 'subnetSet', {
      subnetId: subnetA,
      vpcId: 'vpc-0a1b2c3d',
      cidrBlock: '10.0.1.0/24',
      availabilityZone: 'ap-northeast-1a',
      availableIpAddressCount: '250',
    }),
    read: async (aws) =>
      (await aws.findSubnets([subnetA])).map(
        ({ availableAddresses, cidr, id }) =>
          parseSubnetId(id) === id &&
          Number.isInteger(availableAddresses) &&
          typeof cidr === 'string',
      ),
  },
];

const aReading = fc.constantFrom(...readings.map(({ what }) => what));

function readingOf(what: string): Reading['read'] {
  const found = readings.find((reading) => reading.what === what);
  if (found === undefined) throw new Error(`nothing reads ${what}`);
  return found.read;
}

const kinds = ['busy', 'misconfigured', 'not-allowed', 'unreachable', 'unknown'];

/** What a reading came to: its rows, or `refused`; whatever else was thrown fails the property. */
async function outcomeOf(
  aws: ClientVpn,
  read: Reading['read'],
): Promise<'refused' | readonly boolean[]> {
  try {
    return await read(aws);
  } catch (error) {
    if (!(error instanceof ClientVpnError)) throw error;
    const isSound =
      kinds.includes(error.kind) &&
      typeof error.code === 'string' &&
      typeof error.message === 'string' &&
      (error.requestId === null || typeof error.requestId === 'string');
    if (isSound) return 'refused';
    throw new Error('a refusal whose parts are something else', { cause: error });
  }
}

describe('an answer of AWS', () => {
  it.each(readings.map((reading) => [reading.what, reading] as const))(
    'with %s has sound values, or is refused as a whole',
    async (_what, { answers, read }) => {
      const outcomes = new Set<string>();
      await fc.assert(
        fc.asyncProperty(answers, async (body) => {
          const outcome = await outcomeOf(answering({ status: 200, body }), read);
          expect(outcome === 'refused' ? [] : outcome).not.toContain(false);
          outcomes.add(outcome === 'refused' ? 'refused' : 'read');
        }),
        { numRuns: 300 },
      );
      expect([...outcomes].sort()).toEqual(['read', 'refused']);
    },
  );

  it('that is no listing at all is no rows, or refused', async () => {
    const bodies = fc.oneof(
      hostileText,
      hostileText.map((text) => `<html><body>${escaped(text)}</body></html>`),
      fc.constantFrom(
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><r><clientVpnEndpoint>&e;</clientVpnEndpoint></r>',
        `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(50)}">]><r>${'&b;'.repeat(50)}</r>`,
        `<r>${'<item>'.repeat(2000)}`,
        '{"Endpoints": []}',
      ),
    );
    await fc.assert(
      fc.asyncProperty(bodies, aReading, async (body, what) => {
        const outcome = await outcomeOf(answering({ status: 200, body }), readingOf(what));
        expect(outcome === 'refused' || outcome.length === 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a refusal of AWS', () => {
  const anError = fc
    .tuple(anElement('Code', 'RequestLimitExceeded'), anElement('Message', 'Slow down.'))
    .map(
      ([code, message]) =>
        `<Response><Errors><Error>${code}${message}</Error></Errors><RequestID>x</RequestID></Response>`,
    );
  const statuses = fc.constantFrom(400, 401, 403, 404, 429, 500, 502, 503, 599);

  it('is of a kind from the list, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anError, hostileText),
        statuses,
        aReading,
        async (body, status, what) => {
          expect(await outcomeOf(answering({ status, body }), readingOf(what))).toBe('refused');
        },
      ),
      { numRuns: 500 },
    );
  });
});
