import type { Clock } from '../clock.ts';
import type { EndpointStore } from '../lease/endpoint-store.ts';
import type { Log } from '../log.ts';
import type { Day } from '../usage/calendar.ts';
import type { CatalogueStore } from '../vpn/catalogue.ts';
import { parsePolicy } from '../vpn/policy.ts';
import { nightEvent, nightOver } from './night.ts';
import type { NightStore } from './night.ts';
import type { Outbox } from './outbox.ts';

/** Tells those who listen what stayed on overnight: once a day, all endpoints together. */
export interface NightWatch {
  /** For the schedule, at the end of each run. Never rejects: the next run tries again. */
  runEnded(): Promise<void>;
}

export function createNightWatch(deps: {
  readonly store: NightStore;
  readonly catalogue: Pick<CatalogueStore, 'get'>;
  readonly endpoints: Pick<EndpointStore, 'load'>;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the accounts: it says when a night is over. */
  readonly timeZone: string;
}): NightWatch {
  const { catalogue, clock, endpoints, log, outbox, store, timeZone } = deps;
  /** By this process, which need not ask again. */
  let doneDay: Day | null = null;

  async function tell(day: Day): Promise<void> {
    const last = await store.lastDay();
    if (last === null || last < day) {
      const listed = (await catalogue.get())?.endpoints ?? [];
      const found = [];
      for (const endpoint of listed) {
        const { record } = await endpoints.load(endpoint.id, 'record');
        const policy = parsePolicy(endpoint);
        found.push({ name: policy.ok ? policy.policy.name : policy.name, record });
      }
      const event = nightEvent(day, found, { now: clock.now(), timeZone });
      const isFirst = await store.tell(day, event);
      if (isFirst && event !== null) {
        await outbox.deliver([event], (ids) => store.settleEvents(ids));
      }
    }
    doneDay = day;
  }

  return {
    async runEnded() {
      const day = nightOver(clock.now(), timeZone);
      if (day === null || doneDay === day) return;
      try {
        await tell(day);
      } catch (error) {
        log.warn({ error, day }, 'what stayed on overnight not told');
      }
    },
  };
}
