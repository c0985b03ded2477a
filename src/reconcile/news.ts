import type { Clock } from '../clock.ts';
import type { EndpointStore } from '../lease/endpoint-store.ts';
import type { Log } from '../log.ts';
import type { EventPublisher, PendingEvent } from '../notify/domain-event.ts';
import { createOutbox } from '../notify/outbox.ts';
import type { EndpointId } from '../vpn/ids.ts';
import { reportOn } from './reporting.ts';
import type { PassToReport, Report } from './reporting.ts';

/** Those who are told what happens to endpoints. */
export interface Audience {
  readonly publisher: EventPublisher;
}

/** What passes tell. */
export interface News {
  /** To be stored with the pass. */
  of(pass: PassToReport): Report;
  /**
   * Delivers what is stored, once it is. Bounded in time, and never rejects: nothing waits for those
   * who listen.
   */
  deliver(endpointId: EndpointId, pending: readonly PendingEvent[]): Promise<void>;
}

/** @param deps.audience `null` where nobody listens: then nothing is stored, and nothing sent */
export function createNews(deps: {
  readonly audience: Audience | null;
  readonly endpoints: Pick<EndpointStore, 'settleEvents'>;
  readonly clock: Clock;
  readonly log: Log;
}): News {
  const { audience, clock, endpoints, log } = deps;
  if (audience === null) {
    return {
      of: ({ record }) => ({ reported: record.reported, events: [] }),
      deliver: () => Promise.resolve(),
    };
  }
  const outbox = createOutbox({ publisher: audience.publisher, clock, log });
  return {
    of: reportOn,
    deliver: (endpointId, pending) =>
      outbox.deliver(pending, (ids) => endpoints.settleEvents(endpointId, ids)),
  };
}
