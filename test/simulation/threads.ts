import { Worker } from 'node:worker_threads';

import { together } from './play.ts';
import type { Share, Tally } from './play.ts';

/**
 * Plays the weeks of `runs` seeds, `firstSeed` and those after it, in several threads: each takes
 * every so many seeds. The first violation found in any of them ends it.
 *
 * A thread is a plain Node, also where this is called from inside of Jest, whose measuring of coverage
 * would slow it.
 *
 * @throws whatever a thread failed with
 */
export async function playInThreads(
  firstSeed: number,
  runs: number,
  threads: number,
  options: Pick<Share, 'mutant' | 'property'> = {},
): Promise<Tally> {
  const shares = Array.from({ length: threads }, (_each, index) => ({
    firstSeed: firstSeed + index,
    weeks: Math.ceil((runs - index) / threads),
    step: threads,
    ...options,
  }));
  const players = shares.map(start);
  const tallies = players.map(({ tally }) => tally);
  try {
    const found = new Promise<Tally>((resolve) => {
      for (const tally of tallies) {
        tally.then(
          (one) => {
            if (one.finding !== null) resolve(one);
          },
          () => undefined,
        );
      }
    });
    return await Promise.race([Promise.all(tallies).then(together), found]);
  } finally {
    await Promise.all(players.map(({ thread }) => thread.terminate()));
  }
}

function start(share: Share): { readonly thread: Worker; readonly tally: Promise<Tally> } {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: share });
  const tally = new Promise<Tally>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => {
      reject(new Error(`a thread of the simulation has ended with ${code}, and said nothing`));
    });
  });
  return { thread, tally };
}
