import { sampleGroups } from './alb/people.ts';
import type { NewEndpoint } from './client-vpn/set-up.ts';
import type { SimulatedClientVpn } from './client-vpn/simulated-client-vpn.ts';

export const sampleRegion = 'ap-northeast-1';
export const sampleAccountId = '111122223333';

/** Fixed, so that documents and tests can name them. */
export const sampleEndpoints = {
  tokyoOffice: 'cvpn-endpoint-0a1b2c3d4e5f60001',
  osakaLab: 'cvpn-endpoint-0a1b2c3d4e5f60002',
  buildNetwork: 'cvpn-endpoint-0a1b2c3d4e5f60003',
  nagoyaPlant: 'cvpn-endpoint-0a1b2c3d4e5f60004',
} as const;

export const sampleSubnets = {
  tokyoA: 'subnet-0a1b2c3d4e5f61001',
  tokyoC: 'subnet-0a1b2c3d4e5f61002',
  osakaA: 'subnet-0a1b2c3d4e5f62001',
  nagoyaA: 'subnet-0a1b2c3d4e5f64001',
} as const;

const sampleVpcs = {
  tokyo: 'vpc-0a1b2c3d4e5f63001',
  osaka: 'vpc-0a1b2c3d4e5f63002',
  nagoya: 'vpc-0a1b2c3d4e5f63003',
} as const;

/** A route that an administrator added in the console. */
export interface SampleRoute {
  readonly endpointId: string;
  readonly destinationCidr: string;
  readonly subnetId: string;
  readonly description: string;
}

/** What the sample endpoints had beyond their automatic routes when they were last on. */
export const sampleRoutes: readonly SampleRoute[] = [
  {
    endpointId: sampleEndpoints.tokyoOffice,
    destinationCidr: '10.20.0.0/16',
    subnetId: sampleSubnets.tokyoA,
    description: 'Data centre',
  },
  {
    endpointId: sampleEndpoints.tokyoOffice,
    destinationCidr: '10.20.0.0/16',
    subnetId: sampleSubnets.tokyoC,
    description: 'Data centre',
  },
  {
    endpointId: sampleEndpoints.tokyoOffice,
    destinationCidr: '172.31.0.0/16',
    subnetId: sampleSubnets.tokyoA,
    description: 'Shared services',
  },
];

/**
 * Three sites and four endpoints under different policies: one is tagged wrongly, and one has a
 * latest hour and is for whoever has a client certificate.
 */
export function addSampleWorld(clientVpn: SimulatedClientVpn): void {
  clientVpn.addVpc({ id: sampleVpcs.tokyo, cidr: '10.10.0.0/16' });
  clientVpn.addSubnet({
    id: sampleSubnets.tokyoA,
    vpcId: sampleVpcs.tokyo,
    cidr: '10.10.0.0/24',
    availabilityZone: `${sampleRegion}a`,
    tags: { Name: 'tokyo-a' },
  });
  clientVpn.addSubnet({
    id: sampleSubnets.tokyoC,
    vpcId: sampleVpcs.tokyo,
    cidr: '10.10.1.0/24',
    availabilityZone: `${sampleRegion}c`,
    tags: { Name: 'tokyo-c' },
  });
  clientVpn.addVpc({ id: sampleVpcs.osaka, cidr: '10.30.0.0/16' });
  clientVpn.addSubnet({
    id: sampleSubnets.osakaA,
    vpcId: sampleVpcs.osaka,
    cidr: '10.30.0.0/24',
    availabilityZone: `${sampleRegion}a`,
    tags: { Name: 'osaka-a' },
  });
  clientVpn.addVpc({ id: sampleVpcs.nagoya, cidr: '10.50.0.0/16' });
  clientVpn.addSubnet({
    id: sampleSubnets.nagoyaA,
    vpcId: sampleVpcs.nagoya,
    cidr: '10.50.0.0/24',
    availabilityZone: `${sampleRegion}a`,
    tags: { Name: 'nagoya-a' },
  });

  addEndpoint(clientVpn, sampleEndpoints.tokyoOffice, 'Tokyo office', '10.250.0.0/22', {
    'vpn-portal:subnets': `${sampleSubnets.tokyoA} ${sampleSubnets.tokyoC}`,
    'vpn-portal:groups': sampleGroups.tokyo,
  });
  addEndpoint(clientVpn, sampleEndpoints.osakaLab, 'Osaka lab', '10.250.4.0/22', {
    'vpn-portal:subnets': sampleSubnets.osakaA,
    'vpn-portal:groups': sampleGroups.osaka,
    'vpn-portal:lease-minutes': '15 60 240',
  });
  addEndpoint(clientVpn, sampleEndpoints.buildNetwork, 'Build network', '10.250.8.0/22', {
    // Mis-tagged on purpose: no such id can exist, so the portal asks for attention.
    'vpn-portal:subnets': 'subnet-build',
  });
  addEndpoint(
    clientVpn,
    sampleEndpoints.nagoyaPlant,
    'Nagoya plant',
    '10.250.12.0/22',
    {
      'vpn-portal:subnets': sampleSubnets.nagoyaA,
      'vpn-portal:groups': sampleGroups.osaka,
      'vpn-portal:off-at': '22:00 Asia/Tokyo',
    },
    ['certificate'],
  );
}

function addEndpoint(
  clientVpn: SimulatedClientVpn,
  id: string,
  name: string,
  clientCidr: string,
  tags: Readonly<Record<string, string>>,
  authentication: NonNullable<NewEndpoint['authentication']> = ['federated'],
): void {
  clientVpn.addEndpoint({
    id,
    description: `${name} (sample)`,
    clientCidr,
    authentication,
    // AWS's own portal is for those who sign in.
    ...(authentication.includes('federated')
      ? { selfServicePortalUrl: `https://self-service.clientvpn.amazonaws.com/endpoints/${id}` }
      : {}),
    tags: { 'vpn-portal:managed': 'true', 'vpn-portal:name': name, ...tags },
  });
  clientVpn.addAuthorizationRule(id, { destinationCidr: '0.0.0.0/0' });
}
