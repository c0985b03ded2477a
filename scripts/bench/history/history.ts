import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { createDynamoUsageStore } from '../../../src/aws/dynamo-usage-store.ts';
import { rangeOfMonth } from '../../../src/usage/calendar.ts';
import { createTotals } from '../../../src/usage/totals-service.ts';
import { createUsageReports } from '../../../src/usage/usage-reports.ts';
import type { UsageStore } from '../../../src/usage/usage-store.ts';
import { alone, compared } from '../figures/figure.ts';
import type { Figure } from '../figures/figure.ts';
import { createTableInProcess } from './table-in-process.ts';
import { endpoints, fill, fillYear, measuredPerson, month, timeZone, year } from './year.ts';

const sizes = [10_000, 1_000_000] as const;
const exported = 100_000;
const warmUps = 30;
const rounds = 300;
const pageSize = 50;

const clock = { now: () => year.to };
const retention = { recordDays: 400, totalDays: 1_100 };

interface Read {
  readonly p95Milliseconds: number;
  readonly itemsRead: number;
}

type Looks = Readonly<Record<string, () => Promise<unknown>>>;

/** What the pages ask of the store. */
function looksAt(store: UsageStore): Looks {
  const reports = createUsageReports({ store, timeZone, prices: null });
  const range = rangeOfMonth(month, timeZone);
  const order = 'newest-first';
  const page = { range, order, limit: pageSize, after: null } as const;
  const person = { kind: 'person', person: measuredPerson } as const;
  return {
    'report of a month': () => reports.month(month, null),
    'page of its records': () =>
      store.connectionsPage({ ...page, of: { kind: 'endpoints', endpointIds: endpoints } }),
    'the same, one person': () => store.connectionsPage({ ...page, of: person }),
    'my history of a year': () => store.connectionsPage({ ...page, range: year, of: person }),
  };
}

interface Filled {
  readonly size: number;
  readonly looks: Looks;
  readonly takeItemsRead: () => number;
}

async function filled(size: number): Promise<Filled> {
  const startedAt = performance.now();
  const { table, takeItemsRead } = createTableInProcess();
  const store = createDynamoUsageStore(table, { clock, retention });
  await fillYear(store, size);
  const totals = createTotals({ store, clock, timeZone, billing: 'pro-rated' });
  for (const endpointId of endpoints) await totals.recompute(endpointId, month);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${size.toLocaleString('en')} connections written in ${seconds.toFixed(0)} s`);
  return { size, looks: looksAt(store), takeItemsRead };
}

/** Both sizes in turns, so that whatever else the machine does slows down both. */
async function measure(all: readonly Filled[], look: string): Promise<readonly Read[]> {
  const times = all.map((): number[] => []);
  const items = all.map(() => 0);
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [index, { looks, takeItemsRead }] of all.entries()) {
      takeItemsRead();
      const startedAt = performance.now();
      await looks[look]?.();
      if (round < 0) continue;
      times[index]?.push(performance.now() - startedAt);
      items[index] = Math.max(items[index] ?? 0, takeItemsRead());
    }
  }
  return times.map((each, index) => {
    const sorted = each.toSorted((a, b) => a - b);
    const p95Milliseconds = sorted[Math.floor(sorted.length * 0.95)] ?? NaN;
    return { p95Milliseconds, itemsRead: items[index] ?? NaN };
  });
}

/** Streams a month of records as lines, and watches the memory that takes. */
async function exportMonth(): Promise<{ rssMegabytes: number; heapMegabytes: number }> {
  const { table } = createTableInProcess();
  const store = createDynamoUsageStore(table, { clock, retention });
  const range = rangeOfMonth(month, timeZone);
  await fill(store, exported, range.from, range.to);
  globalThis.gc?.();
  const before = process.memoryUsage();
  const growth = { rss: 0, heapUsed: 0 };
  let lines = 0;
  async function* text(): AsyncGenerator<string> {
    for (const endpointId of endpoints) {
      for await (const page of store.connections(endpointId, range)) {
        lines += page.length;
        yield page.map((record) => `${Object.values(record).map(String).join(',')}\r\n`).join('');
      }
    }
  }
  const browser = new Writable({
    write(_chunk, _encoding, done) {
      const { heapUsed, rss } = process.memoryUsage();
      growth.rss = Math.max(growth.rss, rss - before.rss);
      growth.heapUsed = Math.max(growth.heapUsed, heapUsed - before.heapUsed);
      setImmediate(done);
    },
  });
  await pipeline(Readable.from(text()), browser);
  if (lines !== exported) throw new Error(`${lines} of ${exported} records were exported`);
  return { rssMegabytes: growth.rss / 2 ** 20, heapMegabytes: growth.heapUsed / 2 ** 20 };
}

/**
 * How much the history pages read, and how long they take, at ten thousand and at a million
 * connections of 300 people over a year. About two minutes, and 1.5 GB of memory.
 */
export async function measureHistory(): Promise<readonly Figure[]> {
  // First, while this process is small: what is measured is what it grows by.
  const { heapMegabytes, rssMegabytes } = await exportMonth();
  const all: Filled[] = [];
  for (const size of sizes) all.push(await filled(size));
  const figures: Figure[] = [];
  for (const look of Object.keys(all[0]?.looks ?? {})) {
    const [few, many] = await measure(all, look);
    if (few === undefined || many === undefined) throw new Error('two sizes are compared');
    figures.push(
      compared(
        `A million records against ten thousand: ${look}, p95`,
        { measured: many.p95Milliseconds, against: few.p95Milliseconds, unit: 'ms' },
        { budget: 'historyP95', limitedBy: 'parsing what was read' },
      ),
      compared(
        'items read for the same',
        { measured: many.itemsRead, against: few.itemsRead, unit: 'items' },
        { budget: 'historyItems', limitedBy: 'figures are made ahead, records are read by page' },
      ),
    );
  }
  const limitedBy = 'a page of records at a time is in memory';
  return [
    ...figures,
    alone(
      `${exported.toLocaleString('en')} records of a month exported: growth of memory`,
      { value: rssMegabytes, unit: 'MB' },
      { budget: 'exportMemory', limitedBy },
    ),
    alone('of the heap', { value: heapMegabytes, unit: 'MB' }, { budget: null, limitedBy }),
  ];
}
