import type { Clock } from '../../src/clock.ts';
import { dayOf, monthOfDay } from '../../src/usage/calendar.ts';
import type { UsageCursor } from '../../src/usage/on-period.ts';
import { createTotals } from '../../src/usage/totals-service.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import type { MemoryUsageStore } from '../fakes/memory-usage-store.ts';

export const totalsEqualTheRecordsName = '12: totals equal the records';

/** The figures that the schedule makes of a week, less often than in earnest: a week has no pages. */
export interface Figures {
  readonly refresh: () => Promise<void>;
  /** @returns what is not so at the end of the week; `null` where they equal the records */
  differFromTheRecords(): Promise<string | null>;
}

const timeZone = 'Asia/Tokyo';

export function createFigures(deps: {
  readonly clock: Clock;
  readonly usage: MemoryUsageStore;
  readonly endpointId: EndpointId;
  readonly networks: number;
  readonly cursor: () => UsageCursor;
}): Figures {
  const { clock, cursor, endpointId, networks, usage } = deps;
  const readingsOf = () => Promise.resolve(cursor());
  const totals = createTotals({
    store: usage,
    clock,
    timeZone,
    billing: 'full-hours',
    readingsOf,
  });
  const firstDay = dayOf(clock.now(), timeZone);
  const refresh = () => totals.refresh([{ endpointId, networks }]);
  return {
    refresh,
    async differFromTheRecords() {
      await refresh();
      const months = new Set([firstDay, dayOf(clock.now(), timeZone)].map(monthOfDay));
      for (const month of months) {
        const { changes } = await totals.recompute(endpointId, month);
        const [change] = changes;
        if (change !== undefined) return `made again, ${JSON.stringify(change)}`;
      }
      return null;
    },
  };
}
