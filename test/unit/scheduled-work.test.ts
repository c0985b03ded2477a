import { describe, expect, it } from '@jest/globals';

import { minutesAfter } from '../../src/clock.ts';
import { createScheduledWork } from '../../src/scheduled-work.ts';
import type { Accountable } from '../../src/usage/totals-service.ts';
import { anEndpoint, sampleIds } from '../builders/endpoint-for-person.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';

const hour = new Date('2026-03-04T02:00:00Z');

async function aSchedule(
  options: {
    at?: number;
    dryRun?: boolean;
    fails?: 'passes' | 'totals' | 'both';
    passSeconds?: number;
  } = {},
) {
  const clock = createStoppedClock(minutesAfter(hour, options.at ?? 0));
  const { catalogue } = createMemoryStores();
  const tags = new Map([
    ['vpn-portal:managed', 'true'],
    ['vpn-portal:subnets', `${sampleIds.subnetA} ${sampleIds.subnetB}`],
  ]);
  const mistagged = anEndpoint({ id: sampleIds.otherEndpoint });
  await catalogue.put({ readAt: hour, endpoints: [anEndpoint({ tags }), mistagged] }, null);
  const done: string[] = [];
  const refreshed: Accountable[] = [];
  let nights = 0;
  const ended: { startedAt: Date; failed: boolean }[] = [];
  const act = (what: 'passes' | 'totals'): Promise<void> => {
    done.push(what);
    return options.fails === what || options.fails === 'both'
      ? Promise.reject(new Error(what))
      : Promise.resolve();
  };
  const schedule = createScheduledWork({
    catalogue,
    clock,
    dryRun: options.dryRun ?? false,
    watch: {
      runEnded: (run) => {
        ended.push(run);
        return Promise.resolve();
      },
      shouldLook: () => false,
      look: () => Promise.resolve(),
    },
    night: {
      runEnded: () => {
        nights += 1;
        return Promise.resolve();
      },
    },
    reconciler: {
      passAll: () => {
        clock.advance(options.passSeconds ?? 0);
        return act('passes');
      },
      pass: () => Promise.resolve({ kind: 'not-taken' }),
      refreshCatalogue: () => Promise.resolve(),
    },
    totals: {
      refresh: (endpoints) => {
        refreshed.push(...endpoints);
        return act('totals');
      },
      recompute: () => Promise.resolve({ changes: [], expired: [] }),
    },
  });
  return { done, ended, nights: () => nights, refreshed, schedule };
}

describe('the schedule', () => {
  it('makes its passes first, then the totals of every endpoint', async () => {
    const { done, refreshed, schedule } = await aSchedule();
    await schedule.run();
    expect(done).toEqual(['passes', 'totals']);
    expect(refreshed).toEqual([
      { endpointId: sampleIds.endpoint, networks: 2 },
      { endpointId: sampleIds.otherEndpoint, networks: 0 },
    ]);
  });

  it('makes totals every 15 minutes, and passes every time', async () => {
    const runs = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const { done, schedule } = await aSchedule({ at });
        await schedule.run();
        return done;
      }),
    );
    expect(runs.every(([first]) => first === 'passes')).toBe(true);
    expect(runs.flatMap((done, at) => (done.length > 1 ? [at] : []))).toEqual([0, 15, 30, 45]);
  });

  it('makes totals in a run whose passes last beyond its minute', async () => {
    const { done, schedule } = await aSchedule({ passSeconds: 100 });
    await schedule.run();
    expect(done).toEqual(['passes', 'totals']);
  });

  it.each(['passes', 'totals'] as const)(
    'fails when its %s fail, and does the rest all the same',
    async (fails) => {
      const { done, schedule } = await aSchedule({ fails });
      const failure: unknown = await schedule.run().catch((error: unknown) => error);
      expect(failure).toMatchObject({ message: fails });
      expect(done).toEqual(['passes', 'totals']);
    },
  );

  it('tells of both when both fail', async () => {
    const { schedule } = await aSchedule({ fails: 'both' });
    await expect(schedule.run()).rejects.toMatchObject({
      message: 'the run has failed in part',
      errors: [{ message: 'passes' }, { message: 'totals' }],
    });
  });

  it('makes no totals in a dry run', async () => {
    const { done, schedule } = await aSchedule({ dryRun: true });
    await schedule.run();
    expect(done).toEqual(['passes']);
  });
});

describe('the watch over the schedule', () => {
  it.each([
    [undefined, false],
    ['passes', true],
    ['totals', true],
    ['both', true],
  ] as const)('is told how a run ends in which fails: %s', async (fails, failed) => {
    const { ended, nights, schedule } = await aSchedule({
      passSeconds: 90,
      ...(fails === undefined ? {} : { fails }),
    });
    await schedule.run().catch(() => undefined);
    expect(ended).toEqual([{ startedAt: hour, failed }]);
    // Nor is what stayed on overnight left out because something else has failed.
    expect(nights()).toBe(1);
  });

  it('is told nothing by a dry run', async () => {
    const { ended, nights, schedule } = await aSchedule({ dryRun: true });
    await schedule.run();
    expect([ended, nights()]).toEqual([[], 0]);
  });
});
