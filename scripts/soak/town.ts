import { parseEndpointId } from '../../src/vpn/ids.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { sampleGroups, samplePeople } from '../local/alb/people.ts';
import type { SamplePerson } from '../local/alb/people.ts';
import type { SimulatedClientVpn } from '../local/client-vpn/simulated-client-vpn.ts';
import { sampleEndpoints, sampleRoutes, sampleSubnets } from '../local/sample-world.ts';

/** An endpoint of the sample world, as the soak knows it beforehand. */
export interface Place {
  readonly id: EndpointId;
  readonly name: string;
  readonly subnets: readonly string[];
  /** `destination subnet`, in order: the routes that it has whenever it is on. */
  readonly routes: readonly string[];
  readonly leaseMinutes: readonly [number, ...number[]];
  readonly idleGraceMinutes: number;
  readonly silentMinutes: number | null;
  /** The hour of universal time at which leases end; `null` where there is none. */
  readonly latestHourUtc: number | null;
  readonly people: readonly SamplePerson[];
  readonly group: string;
}

const names = ['Emi', 'Fumi', 'Goro', 'Haru', 'Ichiro', 'Jun'] as const;

const employees: readonly SamplePerson[] = [
  ...samplePeople.filter(({ key }) => key === 'alice' || key === 'bob'),
  ...names.map((displayName, nth) => ({
    key: displayName.toLowerCase(),
    displayName,
    role: { english: 'Employee', japanese: '社員' },
    subject: `57d4da48-e0e5-7005-b174-af325d9e610${nth}`,
    email: `${displayName.toLowerCase()}@example.com`,
    groups: [sampleGroups.everyone, nth % 2 === 0 ? sampleGroups.tokyo : sampleGroups.osaka],
  })),
];

/** Everybody who can sign in, administrators and auditors too. */
export const townspeople: readonly SamplePerson[] = [
  ...employees,
  ...samplePeople.filter(({ key }) => key === 'carol' || key === 'dave'),
];

export const administrator = 'carol';
export const auditor = 'dave';

function place(
  id: string,
  group: string,
  about: Omit<Place, 'id' | 'routes' | 'group' | 'people'>,
): Place {
  const endpointId = parseEndpointId(id);
  if (endpointId === null) throw new Error(`${id} is no id of an endpoint`);
  return {
    ...about,
    id: endpointId,
    group,
    people: employees.filter(({ groups }) => groups.includes(group)),
    routes: sampleRoutes
      .filter((route) => route.endpointId === id)
      .map(({ destinationCidr, subnetId }) => `${destinationCidr} ${subnetId}`)
      .sort(),
  };
}

function tagsOf(about: Place): Readonly<Record<string, string>> {
  const { group, idleGraceMinutes, latestHourUtc, leaseMinutes, name, silentMinutes, subnets } =
    about;
  return {
    'vpn-portal:managed': 'true',
    'vpn-portal:name': name,
    'vpn-portal:subnets': subnets.join(' '),
    'vpn-portal:groups': group,
    'vpn-portal:lease-minutes': leaseMinutes.join(' '),
    'vpn-portal:idle-minutes': idleGraceMinutes.toString(),
    ...(silentMinutes === null ? {} : { 'vpn-portal:silent-minutes': silentMinutes.toString() }),
    ...(latestHourUtc === null ? {} : { 'vpn-portal:off-at': `${latestHourUtc}:00 UTC` }),
  };
}

export const places: readonly [Place, ...Place[]] = [
  place(sampleEndpoints.tokyoOffice, sampleGroups.tokyo, {
    name: 'Tokyo office',
    subnets: [sampleSubnets.tokyoA, sampleSubnets.tokyoC],
    leaseMinutes: [30, 60, 120, 240, 480],
    idleGraceMinutes: 30,
    silentMinutes: 60,
    latestHourUtc: null,
  }),
  place(sampleEndpoints.osakaLab, sampleGroups.osaka, {
    name: 'Osaka lab',
    subnets: [sampleSubnets.osakaA],
    leaseMinutes: [15, 60, 240],
    idleGraceMinutes: 10,
    silentMinutes: null,
    latestHourUtc: null,
  }),
  place(sampleEndpoints.nagoyaPlant, sampleGroups.osaka, {
    name: 'Nagoya plant',
    subnets: [sampleSubnets.nagoyaA],
    leaseMinutes: [60, 240, 480],
    idleGraceMinutes: 15,
    silentMinutes: null,
    // Ten in the evening in Tokyo.
    latestHourUtc: 13,
  }),
];

/** The sample world under the soak's policies; what is tagged wrongly on purpose is left out. */
export function settle(clientVpn: SimulatedClientVpn, inhabited: readonly Place[]): void {
  for (const { clientVpnEndpointId } of clientVpn.describeClientVpnEndpoints()) {
    const known = inhabited.find(({ id }) => id === clientVpnEndpointId);
    clientVpn.setTags(clientVpnEndpointId, known === undefined ? {} : tagsOf(known));
  }
}
