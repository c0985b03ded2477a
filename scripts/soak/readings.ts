import { z } from 'zod';

import type { LogLine } from './child.ts';

/** When endpoints were read, by what the passes log: what the history can know of, and when. */
export interface Readings {
  hear(process: string, line: LogLine): void;
  /** In epoch milliseconds, in no order. */
  of(endpointId: string): readonly number[];
}

const pass = z.object({
  msg: z.literal('pass'),
  time: z.iso.datetime(),
  endpointId: z.string(),
  reason: z.string(),
});
const unrecorded = z.object({ msg: z.literal('usage not recorded'), endpointId: z.string() });

export function createReadings(): Readings {
  const readings = new Map<string, number[]>();
  /** Passes whose usage could not be written: the history has it from the next one. */
  const lost = new Set<string>();

  return {
    hear(process, line) {
      const failed = unrecorded.safeParse(line);
      if (failed.success) lost.add(`${process} ${failed.data.endpointId}`);
      const passed = pass.safeParse(line);
      if (!passed.success) return;
      const { endpointId, reason, time } = passed.data;
      if (lost.delete(`${process} ${endpointId}`) || reason === 'reading-incomplete') return;
      const own = readings.get(endpointId) ?? [];
      // It is logged when the pass is over; the reading was a few seconds before, within a minute.
      own.push(Date.parse(time));
      readings.set(endpointId, own);
    },
    of: (endpointId) => readings.get(endpointId) ?? [],
  };
}
