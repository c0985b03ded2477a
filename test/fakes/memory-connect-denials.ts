import { denialsKeptDays } from '../../src/audit/connect-denials.ts';
import type { ConnectDenial, ConnectDenials } from '../../src/audit/connect-denials.ts';
import type { Clock } from '../../src/clock.ts';
import { daysAfter } from '../../src/clock.ts';

/** Denials that can be read back, in the order of their writing. */
export interface MemoryConnectDenials extends ConnectDenials {
  readonly entries: readonly ConnectDenial[];
}

export function createMemoryConnectDenials(clock: Clock): MemoryConnectDenials {
  const entries: ConnectDenial[] = [];
  return {
    entries,
    append: (denial) => {
      entries.push(denial);
      return Promise.resolve();
    },
    last: (limit) => {
      const oldest = daysAfter(clock.now(), -denialsKeptDays);
      const kept = entries.filter(({ at }) => at > oldest);
      const newestFirst = kept.toSorted((a, b) => b.at.getTime() - a.at.getTime());
      return Promise.resolve(newestFirst.slice(0, limit));
    },
  };
}
