import type { AuditEntry, AuditLog } from '../../../src/audit/audit-log.ts';
import { minutesAfter } from '../../../src/clock.ts';
import {
  dayAfter,
  dayOf,
  daysOf,
  monthAfter,
  monthOf,
  rangeOfDay,
} from '../../../src/usage/calendar.ts';
import type { Day, Month } from '../../../src/usage/calendar.ts';
import type { ConnectionRecord } from '../../../src/usage/connection-record.ts';
import type { ObservationGap, OnPeriod } from '../../../src/usage/on-period.ts';
import { dayTotal, monthTotal } from '../../../src/usage/totals.ts';
import type { UsageStore } from '../../../src/usage/usage-store.ts';
import { parseEndpointId, parseSubnetId } from '../../../src/vpn/ids.ts';
import type { EndpointId } from '../../../src/vpn/ids.ts';
import { offices } from './colleagues.ts';
import type { Office } from './colleagues.ts';
import { entriesOf } from './entries.ts';
import { isWorkday, occasionsOf, spellsOf } from './plan.ts';
import { createRandom } from './random.ts';
import { connectionOf, leasesOf, periodsOf } from './records.ts';

/** Where the sample offices are. */
export const historyTimeZone = 'Asia/Tokyo';

/** This month and so many before it. */
const monthsBefore = 2;
/** Nothing of the last hours: the sample world begins with everything off. */
const quietMinutes = 90;
const concurrentAppends = 10;

export interface HistorySeed {
  readonly usage: UsageStore;
  readonly audit: AuditLog;
  /** Up to when. */
  readonly now: Date;
  /** The same seed and time give the same history. */
  readonly seed: number;
}

/**
 * Writes some months of plausible history of the sample offices: working days in Tokyo, a week that
 * an administrator kept one on, two hours in which no pass was made, a start in the console, and an
 * administrator's stop.
 */
export async function seedHistory({ audit, now, seed, usage }: HistorySeed): Promise<void> {
  const thisMonth = monthOf(now, historyTimeZone);
  const months = Array.from({ length: monthsBefore + 1 }, (_, index) =>
    monthAfter(thisMonth, index - monthsBefore),
  );
  const today = dayOf(now, historyTimeZone);
  const days = months.flatMap(daysOf).filter((day) => day <= today);
  const histories = offices.map((office, index) => historyOf(office, days, now, seed + index));
  await Promise.all(
    histories.map(async (history) => {
      await usage.write(history);
      await usage.writeLeases(leasesOf(history.entries));
      await writeTotals(usage, history, months, now);
    }),
  );
  const entries = histories.flatMap((history) => history.entries);
  await appendAll(audit, entries);
}

interface History {
  readonly endpointId: EndpointId;
  readonly networks: number;
  readonly connections: readonly ConnectionRecord[];
  readonly periods: readonly OnPeriod[];
  readonly gaps: readonly ObservationGap[];
  readonly entries: readonly AuditEntry[];
}

function historyOf(office: Office, days: readonly Day[], now: Date, seed: number): History {
  const random = createRandom(seed);
  const endpointId = parseEndpointId(office.endpointId);
  const subnets = office.subnets.map(parseSubnetId).filter((id) => id !== null);
  if (endpointId === null) throw new Error(`${office.endpointId} is no endpoint id`);
  const occasions = occasionsOf(days.at(-1) ?? '');
  const gap = gapIn(endpointId, occasions.alwaysOnFrom);
  const latest = minutesAfter(now, -quietMinutes);
  const spells = spellsOf(office, days, occasions, { random, timeZone: historyTimeZone }).filter(
    ({ from, to }) => to < latest && !(from > gap.from && from < gap.to),
  );
  return {
    endpointId,
    networks: subnets.length,
    gaps: gap.to < latest ? [gap] : [],
    periods: spells.flatMap((spell) => periodsOf(spell, gap, subnets, random)),
    connections: spells.flatMap((spell) =>
      spell.sessions
        .map((session) => connectionOf(session, spell, gap, random))
        .filter((record) => record !== null),
    ),
    entries: spells.flatMap((spell) => entriesOf(spell, endpointId, random)),
  };
}

/** Two hours in the middle of a working day, in the week after the one that was always on. */
function gapIn(endpointId: EndpointId, alwaysOnFrom: Day): ObservationGap {
  let day = dayAfter(alwaysOnFrom, 8);
  while (!isWorkday(day)) day = dayAfter(day, 1);
  const midnight = rangeOfDay(day, historyTimeZone).from;
  return {
    endpointId,
    from: minutesAfter(midnight, 13 * 60 + 4),
    to: minutesAfter(midnight, 15 * 60 + 6),
  };
}

/**
 * Every day has figures, as the schedule makes them: a day with nobody is one that was saved. Made
 * from what has just been written, which need not be read for it.
 */
async function writeTotals(
  usage: UsageStore,
  { connections, endpointId, gaps, networks, periods }: History,
  months: readonly Month[],
  now: Date,
): Promise<void> {
  const accounts = { billing: 'pro-rated', timeZone: historyTimeZone, now, networks } as const;
  const today = dayOf(now, historyTimeZone);
  for (const month of months) {
    const totals = daysOf(month)
      .filter((day) => day <= today)
      .map((day) => {
        const range = rangeOfDay(day, historyTimeZone);
        const isOfTheDay = ({ from, to }: { readonly from: Date; readonly to: Date | null }) =>
          from < range.to && (to ?? now) >= range.from;
        const records = {
          connections: connections.filter(isOfTheDay),
          gaps: gaps.filter(isOfTheDay),
          periods: periods.filter(isOfTheDay),
        };
        return dayTotal(endpointId, day, records, accounts);
      });
    await Promise.all(totals.map((total) => usage.putDay(total)));
    await usage.putMonth(monthTotal(endpointId, month, totals, now, now));
  }
}

async function appendAll(audit: AuditLog, entries: readonly AuditEntry[]): Promise<void> {
  const left = entries.values();
  const worker = async (): Promise<void> => {
    for (const entry of left) await audit.append(entry);
  };
  await Promise.all(Array.from({ length: concurrentAppends }, worker));
}
