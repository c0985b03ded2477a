import { median } from '../../bench/median.ts';
import type { Memory } from '../fleet.ts';
import type { Journal } from '../journal.ts';

/** So many samples in each third, at the least: fewer say nothing. */
const fewest = 3;
/** What the same code needs, more or less, from one hour to the next. */
const slackShare = 0.05;
const slackBytes = 2 * 2 ** 20;

export interface MemoryTrend {
  readonly secondThird: number;
  readonly lastThird: number;
  readonly isFlat: boolean;
}

/**
 * Whether a process keeps what it should not: the median heap of the last third of the samples, each
 * after everything that can be collected has been, is at most a twentieth and 2 MB above the median of
 * the second third. The first third is left out: caches fill, and code is compiled.
 *
 * @param heaps in bytes, taken at equal times
 * @returns `null` where there are too few to tell
 */
export function memoryTrend(heaps: readonly number[]): MemoryTrend | null {
  const third = Math.floor(heaps.length / 3);
  if (third < fewest) return null;
  const secondThird = median(heaps.slice(-2 * third, -third));
  const lastThird = median(heaps.slice(-third));
  return {
    secondThird,
    lastThird,
    isFlat: lastThird <= secondThird * (1 + slackShare) + slackBytes,
  };
}

/** Of one process, in bytes. */
export interface MemoryFigures {
  readonly heaps: readonly number[];
  readonly rss: readonly number[];
  readonly trend: MemoryTrend | null;
}

/** @param samples by the name of the process */
export function memoryFigures(
  samples: ReadonlyMap<string, readonly Memory[]>,
  journal: Journal,
): ReadonlyMap<string, MemoryFigures> {
  const figures = new Map<string, MemoryFigures>();
  for (const [name, own] of samples) {
    const heaps = own.map(({ heapUsed }) => heapUsed);
    const trend = memoryTrend(heaps);
    figures.set(name, { heaps, rss: own.map(({ rss }) => rss), trend });
    if (trend?.isFlat !== false) continue;
    journal.violated('memory is flat', `the heap of ${name} grows: ${heaps.join(', ')} bytes`);
  }
  return figures;
}
