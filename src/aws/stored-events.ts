import { z } from 'zod';

import type { PendingEvent } from '../notify/domain-event.ts';
import { oldestFirst } from '../notify/outbox.ts';
import { time } from './stored-forms.ts';

/*
 * Each pending event is an attribute of its own in the item whose change it reports: adding one and
 * taking one out are in nobody's way.
 */
const prefix = 'event:';

const form = z.object({ id: z.string(), at: time, detailType: z.string(), detail: z.string() });
const anyItem = z.record(z.string(), z.unknown());

/** What an update says of events, to be joined with what else it does. */
export interface EventUpdate {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  /** For SET. */
  readonly assignments: readonly string[];
}

/** An id is not fit for an expression: the attributes go by number there. */
export function adding(events: readonly PendingEvent[]): EventUpdate {
  const numbered = events.map((event, index) => ({ event, place: `event${index}` }));
  return {
    names: Object.fromEntries(numbered.map(({ event, place }) => [`#${place}`, prefix + event.id])),
    values: Object.fromEntries(
      numbered.map(({ event, place }) => [`:${place}`, z.encode(form, event)]),
    ),
    assignments: numbered.map(({ place }) => `#${place} = :${place}`),
  };
}

export function removing(ids: readonly string[]): Pick<EventUpdate, 'names'> & {
  /** For REMOVE. */
  readonly places: readonly string[];
} {
  const places = ids.map((_id, index) => `#event${index}`);
  const names = Object.fromEntries(ids.map((id, index) => [`#event${index}`, prefix + id]));
  return { names, places };
}

/**
 * The events that wait in an item, the oldest first. One that cannot be read is left out: it must
 * not keep an endpoint from being passed.
 */
export function pendingEventsIn(item: unknown): readonly PendingEvent[] {
  const attributes = anyItem.safeParse(item);
  if (!attributes.success) return [];
  return Object.entries(attributes.data)
    .filter(([attribute]) => attribute.startsWith(prefix))
    .map(([, stored]) => form.safeParse(stored))
    .filter((parsed) => parsed.success)
    .map(({ data }) => data)
    .sort(oldestFirst);
}
