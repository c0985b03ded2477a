import { connectProblemCodes, connectTags, parseConnectPolicy } from './connect-policy.ts';
import type { Endpoint } from './endpoint.ts';
import { parseSubnetId } from './ids.ts';
import type { SubnetId } from './ids.ts';
import { parseLatestHour } from './latest-hour.ts';
import type { LatestHour } from './latest-hour.ts';

/**
 * How one endpoint is to be treated, from its tags: the policy lives where the endpoint is defined,
 * and a change needs no deployment. Values use spaces as separators.
 */
export interface Policy {
  /** Target networks to associate, in order. At least one. */
  readonly subnets: readonly SubnetId[];
  /** What people read. */
  readonly name: string;
  /** Ids of the groups that may use it; `null` means everyone who is signed in. */
  readonly groups: readonly string[] | null;
  /** How long nobody must have needed it before it is stopped. */
  readonly idleGraceMinutes: number;
  /** The choices offered; the first is the default. At least one. */
  readonly leaseMinutes: readonly number[];
  /**
   * A connection that has moved no byte for so long does not count as use; `null` where every
   * connection does.
   */
  readonly silentMinutes: number | null;
  /** When leases end in the evening; `null` where they may run through the night. */
  readonly latestHour: LatestHour | null;
  /** Whether the latest hour cuts off those who are still connected. */
  readonly latestHourCutsOff: boolean;
}

/** What can be wrong with a tag: each has its sentence in every language. */
export const policyProblemCodes = [
  'subnets-missing',
  'subnet-malformed',
  'subnet-twice',
  'too-many-subnets',
  'name-too-long',
  'groups-empty',
  'idle-minutes-invalid',
  'lease-minutes-invalid',
  'silent-minutes-invalid',
  'off-at-invalid',
  'off-at-cuts-off-invalid',
  'transit-gateway',
  ...connectProblemCodes,
] as const;

export interface PolicyProblem {
  readonly code: (typeof policyProblemCodes)[number];
  readonly tag: string;
  /** The part of the value that is wrong; empty where the tag is missing. */
  readonly value: string;
}

/**
 * The name and the groups are there even when the rest does not parse, so that an endpoint that
 * needs attention is shown, by its name, to the people whose endpoint it is and to nobody else.
 * `groups` is then the empty list when the tag itself is wrong: nobody but those who see all.
 */
export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | {
      readonly ok: false;
      readonly name: string;
      readonly groups: readonly string[] | null;
      readonly problems: readonly PolicyProblem[];
    };

export const policyTags = {
  subnets: 'vpn-portal:subnets',
  name: 'vpn-portal:name',
  groups: 'vpn-portal:groups',
  idleMinutes: 'vpn-portal:idle-minutes',
  leaseMinutes: 'vpn-portal:lease-minutes',
  silentMinutes: 'vpn-portal:silent-minutes',
  offAt: 'vpn-portal:off-at',
  offAtCutsOff: 'vpn-portal:off-at-cuts-off',
  ...connectTags,
} as const;

export type PolicyTag = (typeof policyTags)[keyof typeof policyTags];

const defaultIdleGraceMinutes = 30;
const defaultLeaseMinutes: readonly number[] = [30, 60, 120, 240, 480];

/** AWS publishes connection quotas for up to this many associations of one endpoint. */
const mostSubnets = 5;
const longestName = 80;
/** A day. Longer wishes are what a hold is for, which takes an administrator and a reason. */
const longestLeaseMinutes = 24 * 60;
const longestIdleGraceMinutes = 24 * 60;
const longestSilentMinutes = 7 * 24 * 60;

export function parsePolicy(
  endpoint: Pick<Endpoint, 'id' | 'tags' | 'transitGateway'>,
): ParsedPolicy {
  const problems: PolicyProblem[] = [];
  const report = (code: PolicyProblem['code'], tag: string, value: string): void => {
    problems.push({ code, tag, value });
  };
  const read = (tag: string): string | undefined => endpoint.tags.get(tag);

  if (endpoint.transitGateway) report('transit-gateway', policyTags.subnets, '');

  const subnets: SubnetId[] = [];
  for (const word of words(read(policyTags.subnets))) {
    const subnet = parseSubnetId(word);
    if (subnet === null) report('subnet-malformed', policyTags.subnets, word);
    else if (subnets.includes(subnet)) report('subnet-twice', policyTags.subnets, word);
    else subnets.push(subnet);
  }
  if (words(read(policyTags.subnets)).length === 0) {
    report('subnets-missing', policyTags.subnets, '');
  }
  if (subnets.length > mostSubnets) {
    report('too-many-subnets', policyTags.subnets, subnets.length.toString());
  }

  const name = [read(policyTags.name), read('Name'), endpoint.id]
    .map((candidate) => candidate?.trim() ?? '')
    .find((candidate) => candidate !== '') as string;
  if (name.length > longestName) report('name-too-long', policyTags.name, name);

  const groupsTag = read(policyTags.groups);
  const groups = groupsTag === undefined ? null : words(groupsTag);
  if (groups?.length === 0) report('groups-empty', policyTags.groups, '');

  const idleGraceMinutes = parseMinutes(
    read(policyTags.idleMinutes) ?? defaultIdleGraceMinutes.toString(),
    longestIdleGraceMinutes,
  );
  if (idleGraceMinutes === null) {
    report('idle-minutes-invalid', policyTags.idleMinutes, read(policyTags.idleMinutes) ?? '');
  }

  const leaseTag = read(policyTags.leaseMinutes);
  const leaseMinutes: number[] = [];
  for (const word of leaseTag === undefined ? defaultLeaseMinutes.map(String) : words(leaseTag)) {
    const minutes = parseMinutes(word, longestLeaseMinutes);
    if (minutes === null) report('lease-minutes-invalid', policyTags.leaseMinutes, word);
    else if (!leaseMinutes.includes(minutes)) leaseMinutes.push(minutes);
  }
  if (leaseTag !== undefined && words(leaseTag).length === 0) {
    report('lease-minutes-invalid', policyTags.leaseMinutes, '');
  }

  const silentTag = read(policyTags.silentMinutes);
  const silentMinutes =
    silentTag === undefined ? null : parseMinutes(silentTag, longestSilentMinutes);
  if (silentTag !== undefined && silentMinutes === null) {
    report('silent-minutes-invalid', policyTags.silentMinutes, silentTag);
  }

  const offAtTag = read(policyTags.offAt);
  const latestHour = offAtTag === undefined ? null : parseLatestHour(offAtTag);
  if (offAtTag !== undefined && latestHour === null) {
    report('off-at-invalid', policyTags.offAt, offAtTag);
  }
  const cutsOffTag = read(policyTags.offAtCutsOff) ?? 'false';
  if (cutsOffTag !== 'true' && cutsOffTag !== 'false') {
    report('off-at-cuts-off-invalid', policyTags.offAtCutsOff, cutsOffTag);
  }
  problems.push(...parseConnectPolicy(endpoint.tags).problems);

  if (problems.length > 0 || idleGraceMinutes === null) {
    return { ok: false, name: name.slice(0, longestName), groups, problems };
  }
  const policy: Policy = {
    subnets,
    name,
    groups,
    idleGraceMinutes,
    leaseMinutes,
    silentMinutes,
    latestHour,
    latestHourCutsOff: cutsOffTag === 'true',
  };
  return { ok: true, policy };
}

function words(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Whole minutes from 1 to `most`, else `null`. */
function parseMinutes(text: string, most: number): number | null {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) return null;
  const minutes = Number(text);
  return minutes <= most ? minutes : null;
}
