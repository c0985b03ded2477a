import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { printedReport } from '../../scripts/soak/report.ts';
import type { SoakReport } from '../../scripts/soak/report.ts';
import { soak } from '../../scripts/soak/soak.ts';
import type { SoakOptions } from '../../scripts/soak/soak.ts';
import { places } from '../../scripts/soak/town.ts';
import type { Place } from '../../scripts/soak/town.ts';

/* A short one of what `npm run soak` does for 30 days, and whether it would find a fault. */

const minuteMs = 60_000;
const small = { seed: 4, days: 0.3, portals: 1, reconcilers: 1 } as const;

/** Endpoints that are soon idle, with leases that are long, or short, beside how long people stay. */
function withLeases(minutes: number): Pick<SoakOptions, 'places'> {
  const changed = (place: Place): Place => ({
    ...place,
    leaseMinutes: [minutes],
    idleGraceMinutes: 5,
    silentMinutes: null,
  });
  const [first, ...others] = places;
  return { places: [changed(first), ...others.map(changed)] };
}

const broken = (name: string): string => path.join(import.meta.dirname, 'broken', name);

/** How often something whose name begins so was counted. */
function countOf({ counts }: SoakReport, beginning: string): number {
  return [...counts]
    .filter(([name]) => name.startsWith(beginning))
    .reduce((sum, [, times]) => sum + times, 0);
}

const promisesBroken = ({ violations }: SoakReport): readonly string[] =>
  violations.map(({ promise, what }) => `${promise}: ${what}`);

describe('a soak of some hours', () => {
  it(
    'breaks no promise, whatever fails and whoever is killed',
    async () => {
      const report = await soak({ seed: 281, days: 0.24, portals: 2, reconcilers: 2 });
      expect(report.violations.length === 0 ? '' : printedReport(report)).toBe('');
      expect(report.simulatedDays).toBeGreaterThanOrEqual(0.24);
      // What nothing comes near holds for no reason.
      for (const what of [
        'leases confirmed',
        'laptops connected',
        'networks taken away',
        'looks at whether a lease or a hold is honoured',
        'times that an endpoint was found idle',
        'runs that were answered throughout',
        'kills: ',
        'fault: ec2: ',
        'fault: dynamodb: ',
        'spell: ',
      ]) {
        expect([what, countOf(report, what) > 0]).toEqual([what, true]);
      }
      expect(report.leases.some(({ fate }) => fate === 'usable')).toBe(true);
      const accounts = [...report.accounts.values()];
      expect(accounts.every(({ difference }) => difference === null)).toBe(true);
      expect(accounts.some(({ billedMinutes }) => billedMinutes > 30)).toBe(true);
    },
    10 * minuteMs,
  );
});

describe('a soak of a product that is broken on purpose', () => {
  it(
    'finds that leases are not honoured',
    async () => {
      const reconcilerEntry = broken('forgetful-reconciler.ts');
      const report = await soak({ ...small, ...withLeases(480), reconcilerEntry });
      expect(promisesBroken(report)[0]).toMatch(
        /is taken away, although .* holds a lease|has no network, although the lease of/,
      );
    },
    10 * minuteMs,
  );

  it(
    'finds that people are cut off',
    async () => {
      const reconcilerEntry = broken('blind-reconciler.ts');
      const report = await soak({ ...small, ...withLeases(15), reconcilerEntry });
      expect(promisesBroken(report)[0]).toMatch(/is cut off from .*, and was connected/);
    },
    10 * minuteMs,
  );
});
