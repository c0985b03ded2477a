import type { ConnectRequest } from '../../src/connect/connect-request.ts';
import type { ConnectSituation } from '../../src/connect/decide-connect.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { LoadedEndpoint } from '../../src/lease/endpoint-store.ts';
import type { Catalogue } from '../../src/vpn/catalogue.ts';
import { managedTag } from '../../src/vpn/endpoint.ts';
import { policyTags } from '../../src/vpn/policy.ts';
import { alice, anEndpoint, sampleIds, sampleNow } from './endpoint-for-person.ts';
import { connectionId } from './observation.ts';

/*
 * What the Client VPN service sends, by the field lists of its guide: `v1` without groups, `v2`
 * without the version of the AWS client.
 */
const common = {
  'connection-id': connectionId(9),
  'endpoint-id': sampleIds.endpoint,
  'common-name': 'laptop-7',
  username: alice.name,
  platform: 'win',
  'platform-version': '10.0.19045',
  'public-ip': '203.0.113.7',
  'client-openvpn-version': '2.6.12',
} as const;

export const connectEvents = {
  v1: { ...common, 'schema-version': 'v1' },
  v2: { ...common, groups: 'engineering, on-call', 'schema-version': 'v2' },
  v3: {
    ...common,
    groups: 'engineering, on-call',
    'aws-client-version': '5.2.1',
    'schema-version': 'v3',
  },
} as const;

/** Alice's, from Windows, in the newest version. */
export function aConnectRequest(overrides: Partial<ConnectRequest> = {}): ConnectRequest {
  return {
    schemaVersion: 'v3',
    isVersionKnown: true,
    endpointId: sampleIds.endpoint,
    connectionId: connectionId(9),
    person: alice.name,
    groups: ['engineering', 'on-call'],
    platform: 'win',
    platformVersion: '10.0.19045',
    clientVersion: '5.2.1',
    address: '203.0.113.7',
    ...overrides,
  };
}

/** The sample endpoint, managed and with these tags more, as it was listed at that time. */
export function aCatalogue(
  tags: Readonly<Record<string, string>> = {},
  readAt: Date = sampleNow,
): Catalogue {
  const all = { [managedTag]: 'true', [policyTags.subnets]: sampleIds.subnetA, ...tags };
  const endpoint = anEndpoint({ tags: new Map(Object.entries(all)) });
  return { readAt, schedule: { at: readAt, dryRun: false }, endpoints: [endpoint] };
}

export function loadedWith(
  record: Partial<EndpointRecord> = {},
  leases: LoadedEndpoint['leases'] = [],
): LoadedEndpoint {
  return { record: { ...newEndpointRecord(sampleIds.endpoint), ...record }, leases };
}

/** Nothing is known against it, and there are no conditions. */
export function aConnectSituation(overrides: Partial<ConnectSituation> = {}): ConnectSituation {
  return {
    now: sampleNow,
    request: aConnectRequest(),
    loaded: loadedWith(),
    catalogue: aCatalogue(),
    ...overrides,
  };
}
