import type { PendingEvent } from '../../src/notify/domain-event.ts';
import { oldestFirst } from '../../src/notify/outbox.ts';
import type { ScheduleTrouble, ScheduleTroubleStore } from '../../src/notify/schedule-trouble.ts';
import type { CatalogueStore } from '../../src/vpn/catalogue.ts';

/** Beside the last run of the catalogue that it is given. */
export function createMemoryScheduleTrouble(
  catalogue: Pick<CatalogueStore, 'get'>,
): ScheduleTroubleStore {
  let trouble: ScheduleTrouble | null = null;
  let events: readonly PendingEvent[] = [];

  async function load() {
    const lastRun = (await catalogue.get())?.schedule ?? null;
    return { lastRun, trouble, events };
  }

  return {
    load,

    async change({ event, read, trouble: wanted }) {
      const now = await load();
      const isAsRead =
        now.lastRun?.at.getTime() === read.lastRun?.at.getTime() &&
        trouble?.since.getTime() === read.trouble?.since.getTime() &&
        trouble?.told === read.trouble?.told;
      if (!isAsRead) return false;
      trouble = wanted;
      if (event !== null) events = [...events, event].sort(oldestFirst);
      return true;
    },

    settleEvents(ids) {
      events = events.filter(({ id }) => !ids.includes(id));
      return Promise.resolve();
    },
  };
}
