import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';

import { play } from './play.ts';

/* What runs in a thread: it plays its share of the weeks, and answers the tally. */

const share = z.object({
  firstSeed: z.number(),
  weeks: z.number(),
  step: z.number(),
  mutant: z.string().optional(),
  property: z.string().optional(),
});

parentPort?.postMessage(await play(share.parse(workerData)));
