import { parseSubnetId } from '../../../src/vpn/ids.ts';
import type { SubnetId } from '../../../src/vpn/ids.ts';
import { parseLatestHour } from '../../../src/vpn/latest-hour.ts';
import type { LatestHour } from '../../../src/vpn/latest-hour.ts';
import type { Policy } from '../../../src/vpn/policy.ts';
import { dayMs, hourMs } from './office.ts';

/** What is compared: how the endpoint is tagged, and who else has a say in it. */
export interface CostPolicy {
  readonly name: string;
  readonly policy: Policy;
  /** Without it nothing is ever turned off, as where there is a page that turns it on and no more. */
  readonly hasSchedule: boolean;
  /** When an administrator's holds begin, and what they are, in order; each lasts until the next. */
  readonly holds: (from: number, until: number) => readonly TimedHold[];
}

export interface TimedHold {
  readonly kind: 'on' | 'off';
  readonly at: number;
  readonly until: number;
}

export const idleChoices = [15, 30, 60, 120] as const;

/** The longest that the tag takes: in practice, until something else turns it off. */
const longestIdleMinutes = 24 * 60;
const opensAtHour = 8;
const closesAtHour = 20;
/** What AWS usually needs, at its longest: people find it on at the hour. */
const opensAheadMs = 10 * 60_000;

/** @param subnets how many are associated, which is what AWS charges for */
export function costPolicies(subnets: number): readonly CostPolicy[] {
  const standard = standardPolicy(subnets);
  const tagged = (name: string, tags: Partial<Policy>): CostPolicy => ({
    name,
    policy: { ...standard, ...tags },
    hasSchedule: true,
    holds: () => [],
  });
  const idle = (minutes: number): CostPolicy =>
    tagged(`idle ${minutes}`, { idleGraceMinutes: minutes });
  const evening = { latestHour: ten(), latestHourCutsOff: true };
  return [
    {
      ...tagged('always on', {}),
      holds: (from, until) => [{ kind: 'on', at: from, until }],
    },
    { ...tagged('never off', {}), hasSchedule: false },
    tagged('off at 22:00', { ...evening, idleGraceMinutes: longestIdleMinutes }),
    { ...tagged('office hours', {}), holds: officeHours },
    ...idleChoices.map(idle),
    tagged('idle 30, silent 60', { silentMinutes: 60 }),
    tagged('idle 30, 22:00', evening),
  ];
}

function standardPolicy(subnets: number): Policy {
  return {
    subnets: Array.from({ length: subnets }, (_, index) => subnetId(index + 1)),
    name: 'Office',
    groups: null,
    idleGraceMinutes: 30,
    leaseMinutes: [30, 60, 120, 240, 480],
    silentMinutes: null,
    latestHour: null,
    latestHourCutsOff: false,
  };
}

/** From Monday to Friday, holidays included: whoever sets such a clock seldom tells it of them. */
function officeHours(from: number, until: number): readonly TimedHold[] {
  const changes: { readonly kind: TimedHold['kind']; readonly at: number }[] = [
    { kind: 'off', at: from },
  ];
  for (let day = from; day < until; day += dayMs) {
    if ((day - from) % (7 * dayMs) >= 5 * dayMs) continue;
    changes.push({ kind: 'on', at: day + opensAtHour * hourMs - opensAheadMs });
    changes.push({ kind: 'off', at: day + closesAtHour * hourMs });
  }
  return changes.map((change, index) => ({ ...change, until: changes[index + 1]?.at ?? until }));
}

function ten(): LatestHour {
  const latestHour = parseLatestHour('22:00 Etc/UTC');
  if (latestHour === null) throw new Error('ten in the evening does not parse');
  return latestHour;
}

function subnetId(number: number): SubnetId {
  const id = parseSubnetId(`subnet-${number.toString(16).padStart(17, '0')}`);
  if (id === null) throw new Error('an id of the replay does not parse');
  return id;
}
