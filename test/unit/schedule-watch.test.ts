import { beforeEach, describe, expect, it } from '@jest/globals';

import { minutesAfter } from '../../src/clock.ts';
import { createOutbox } from '../../src/notify/outbox.ts';
import type { ScheduleTroubleStore } from '../../src/notify/schedule-trouble.ts';
import { createScheduleWatch, watchedCatalogue } from '../../src/notify/schedule-watch.ts';
import type { ScheduleWatch } from '../../src/notify/schedule-watch.ts';
import type { CatalogueStore } from '../../src/vpn/catalogue.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { typesOf } from '../builders/events.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryScheduleTrouble } from '../fakes/memory-schedule-trouble.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';

let clock: StoppedClock;
let log: RecordingLog;
let catalogue: CatalogueStore;
let store: ScheduleTroubleStore;
let heard: string[];
let ids: string[];
let listens: boolean;

beforeEach(() => {
  clock = createStoppedClock();
  log = createRecordingLog();
  ({ catalogue } = createMemoryStores());
  store = createMemoryScheduleTrouble(catalogue);
  heard = [];
  ids = [];
  listens = true;
});

/** Each process has its own. */
function aWatch(over: ScheduleTroubleStore = store): ScheduleWatch {
  const outbox = createOutbox({
    clock,
    log,
    publisher: {
      publish(events) {
        heard.push(...typesOf(events));
        ids.push(...events.map(({ id }) => id));
        const delivered = listens ? events.map(({ id }) => id) : [];
        return Promise.resolve({ delivered, answered: true });
      },
    },
  });
  return createScheduleWatch({ store: over, outbox, clock, log });
}

async function runs(watch: ScheduleWatch, ...outcomes: readonly ('well' | 'failed')[]) {
  for (const outcome of outcomes) {
    const startedAt = clock.now();
    await catalogue.put({ readAt: startedAt, endpoints: [] }, { at: startedAt, dryRun: false });
    await watch.runEnded({ startedAt, failed: outcome === 'failed' });
    clock.advance(60);
  }
}

describe('the watch where nobody listens', () => {
  const quiet = (): ScheduleWatch => createScheduleWatch({ store, outbox: null, clock, log });
  const kept = async () => (await store.load()).trouble;

  it('keeps since when the runs fail, until one comes to a good end', async () => {
    await runs(quiet(), 'well', 'failed', 'failed', 'failed', 'failed', 'failed');
    expect(await kept()).toEqual({
      kind: 'failing',
      since: minutesAfter(sampleNow, 1),
      told: false,
    });
    await runs(quiet(), 'well');
    expect(await kept()).toBeNull();
    expect((await store.load()).events).toEqual([]);
  });

  it('ends in silence what was told while somebody listened', async () => {
    await runs(aWatch(), 'failed', 'failed', 'failed', 'failed');
    await runs(quiet(), 'well');
    expect(await kept()).toBeNull();
    expect(heard).toEqual(['schedule-in-trouble']);
  });
});

describe('the watch over the runs', () => {
  it('tells of trouble once, and once that it is over', async () => {
    const watch = aWatch();
    await runs(watch, 'well', 'failed', 'failed', 'failed');
    expect(heard).toEqual([]);
    await runs(watch, 'failed', 'failed');
    expect(heard).toEqual(['schedule-in-trouble']);
    await runs(watch, 'well', 'well');
    expect(heard).toEqual(['schedule-in-trouble', 'schedule-recovered']);
  });

  it('tells nobody of a run that fails now and then', async () => {
    await runs(aWatch(), 'failed', 'failed', 'well', 'failed', 'failed', 'failed', 'well');
    expect(heard).toEqual([]);
    expect(await store.load()).toMatchObject({ trouble: null, events: [] });
  });

  it('tells it after the next run where nobody listened, under the same id', async () => {
    listens = false;
    await runs(aWatch(), 'failed', 'failed', 'failed', 'failed');
    listens = true;
    await runs(aWatch(), 'failed', 'failed');
    expect(heard).toEqual(['schedule-in-trouble', 'schedule-in-trouble']);
    expect(new Set(ids).size).toBe(1);
  });

  it('is told of by one of two runs that end at once', async () => {
    await runs(aWatch(), 'failed', 'failed', 'failed');
    const startedAt = clock.now();
    const ended = { startedAt, failed: true };
    await Promise.all([aWatch().runEnded(ended), aWatch().runEnded(ended)]);
    await runs(aWatch(), 'failed');
    expect(heard).toEqual(['schedule-in-trouble']);
  });

  it('never fails a run: where the table does not answer, it says so', async () => {
    const broken = { ...store, load: () => Promise.reject(new Error('no table')) };
    await aWatch(broken).runEnded({ startedAt: sampleNow, failed: true });
    expect(log.lines).toMatchObject([
      { level: 'warn', message: 'trouble of the schedule not noted' },
    ]);
  });
});

describe('the watch of a portal', () => {
  const background = () => {
    const begun: Promise<unknown>[] = [];
    return {
      begun,
      run: (_name: string, work: () => Promise<unknown>) => {
        begun.push(work());
      },
    };
  };

  it('finds that the schedule does not come, whoever reads the catalogue, and tells it once', async () => {
    await runs(aWatch(), 'well');
    clock.advance(3 * 60);
    const work = background();
    const watched = watchedCatalogue(catalogue, aWatch(), work);
    const listing = await watched.get();
    expect(listing).toEqual(await catalogue.get());
    await Promise.all(work.begun);
    expect(heard).toEqual(['schedule-in-trouble']);
    // At most twice a minute, and not told again.
    await watched.get();
    expect(work.begun).toHaveLength(1);
    clock.advance(30);
    await watched.get();
    await Promise.all(work.begun);
    expect(work.begun).toHaveLength(2);
    expect(heard).toHaveLength(1);
    await runs(aWatch(), 'well');
    expect(heard).toEqual(['schedule-in-trouble', 'schedule-recovered']);
  });

  it.each([
    ['comes', 2],
    ['came three minutes ago', 3],
  ])('has nothing to look at while the schedule %s', async (_, minutes) => {
    const at = minutesAfter(clock.now(), -minutes);
    await catalogue.put({ readAt: at, endpoints: [] }, { at, dryRun: false });
    const work = background();
    await watchedCatalogue(catalogue, aWatch(), work).get();
    expect(work.begun).toEqual([]);
  });

  it('has nothing to look at before the first listing', async () => {
    const work = background();
    expect(await watchedCatalogue(catalogue, aWatch(), work).get()).toBeNull();
    expect(work.begun).toEqual([]);
  });

  it('is no watch where nobody listens', () => {
    expect(watchedCatalogue(catalogue, null, background())).toBe(catalogue);
  });
});
