import type { Accounts } from './checks/accounts.ts';
import type { MemoryFigures } from './checks/memory.ts';
import type { Violation } from './journal.ts';
import type { Told } from './promises.ts';

/** What a soak has seen. */
export interface SoakReport {
  readonly seed: number;
  readonly simulatedDays: number;
  readonly wallSeconds: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly leases: readonly Told[];
  /** By the name of the endpoint; empty where it ended before its time. */
  readonly accounts: ReadonlyMap<string, Accounts>;
  /** By the name of the process. */
  readonly memory: ReadonlyMap<string, MemoryFigures>;
  readonly violations: readonly Violation[];
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
const minutes = (value: number): string => value.toFixed(0).padStart(8);

/** The figures, for whoever has started it. */
export function printedReport(report: SoakReport): string {
  const { accounts, counts, leases, memory, simulatedDays, violations, wallSeconds } = report;
  const fates = new Map<string, number>();
  for (const { fate } of leases) {
    const word = fate ?? 'still held';
    fates.set(word, (fates.get(word) ?? 0) + 1);
  }
  const lines = [
    `Seed ${report.seed}: ${simulatedDays.toFixed(1)} simulated days in ${(wallSeconds / 60).toFixed(1)} minutes`,
    '',
    ...table(counts),
    '',
    `${leases.length} leases that were confirmed and stood:`,
    ...[...fates].map(([fate, times]) => `${minutes(times)}  ${fateWords[fate] ?? fate}`),
    '',
    'Minutes in the bill of AWS and in the history of the portal',
    '  networks          connections',
    '  billed recorded   billed recorded  of which unobserved',
    ...[...accounts].map(
      ([name, each]) =>
        `${minutes(each.billedMinutes)} ${minutes(each.recordedMinutes)} ${minutes(each.billedConnectionMinutes)} ${minutes(each.recordedConnectionMinutes)} ${minutes(each.unobservedMinutes)}  ${name}: ${each.difference ?? 'the same'}`,
    ),
    '',
    'Heap after everything that can be collected, of the processes that were never killed',
    ...[...memory].map(([name, { heaps, rss, trend }]) => {
      const told =
        trend === null
          ? 'too few samples to tell'
          : `${megabytes(trend.secondThird)} in the second third, ${megabytes(trend.lastThird)} in the last: ${trend.isFlat ? 'flat' : 'it grows'}`;
      return `  ${name}: ${told}; ${heaps.length} samples, resident ${megabytes(rss.at(-1) ?? 0)} at the end`;
    }),
    '',
  ];
  if (violations.length === 0) lines.push('Every promise was kept.');
  for (const { at, before, promise, what } of violations) {
    lines.push(
      `BROKEN at ${at.toISOString()}: ${promise}`,
      `  ${what}`,
      '',
      'Before it:',
      ...before,
    );
  }
  if (violations.length > 0) {
    lines.push(
      '',
      `Again: npm run soak -- --seed ${report.seed} --days ${Math.ceil(simulatedDays)}`,
    );
    lines.push(
      'The same people, days and spells come again; what happens at once may fall out differently.',
    );
  }
  return lines.join('\n');
}

const fateWords: Readonly<Record<string, string>> = {
  usable: 'were usable while they stood',
  'given-back': 'were given back before they were usable',
  overruled: 'were overruled by an administrator before they were usable',
  'not-usable-in-time': 'ended before AWS or an administrator let them be usable',
};

/** In groups: what comes before a colon is the group. */
function table(counts: ReadonlyMap<string, number>): readonly string[] {
  const isCounted = (name: string): number => counts.get(name) ?? 0;
  const names = [...counts.keys()].sort((a, b) => {
    const group = groupOf(a).localeCompare(groupOf(b));
    return group === 0 ? isCounted(b) - isCounted(a) : group;
  });
  return names.map((name) => `${minutes(isCounted(name))}  ${name}`);
}

function groupOf(name: string): string {
  return name.includes(': ') ? (name.split(': ')[0] ?? '') : '';
}
