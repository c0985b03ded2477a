import { detailTypes } from '../config/event-names.ts';
import type { EventType } from '../config/event-names.ts';
import type { Hold } from '../lease/hold.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { EventDetail } from './event-schemas.ts';

/**
 * An event that was decided, and that nobody has taken yet. It stands in the item whose change it
 * reports, in the form in which it will be published: whichever version of the portal comes to it.
 */
export interface PendingEvent {
  /** Stable: those who listen recognise by it what was delivered twice. */
  readonly id: string;
  readonly at: Date;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
}

/** Whoever takes events on behalf of those who listen. */
export interface EventPublisher {
  /**
   * Takes a few seconds at most, and never rejects: what could not be delivered is logged.
   *
   * @returns the ids of those that were taken, and whether there was an answer for all
   */
  publish(events: readonly PendingEvent[]): Promise<Published>;
}

export interface Published {
  readonly delivered: readonly string[];
  /** False where nobody answered: asking again at once is of no use. */
  readonly answered: boolean;
}

/** Raised when a field changes its meaning, or goes. */
export const detailVersion = 1;

type Common = 'version' | 'id' | 'at';
type OfEndpoint = 'endpointId' | 'endpointName';
/** Of the whole portal: what its schedule has found, or how it is. */
type ScheduleEventType = 'schedule-in-trouble' | 'schedule-recovered' | 'endpoints-stayed-on';
type EndpointEventType = Exclude<EventType, ScheduleEventType>;

/** Which event it is, of which moment. */
export type About = Pick<PendingEvent, 'id' | 'at'>;
export type AboutEndpoint = About & {
  readonly endpoint: { readonly id: EndpointId; readonly name: string };
};

/** @param said what an event of this type says beyond what each of an endpoint does */
export function endpointEvent<Type extends EndpointEventType>(
  type: Type,
  { endpoint, ...about }: AboutEndpoint,
  said: Omit<EventDetail<Type>, Common | OfEndpoint>,
): PendingEvent {
  return pending(type, about, {
    endpointId: endpoint.id,
    endpointName: endpoint.name,
    ...said,
  });
}

export function scheduleEvent<Type extends ScheduleEventType>(
  type: Type,
  about: About,
  said: Omit<EventDetail<Type>, Common>,
): PendingEvent {
  return pending(type, about, said);
}

function pending(type: EventType, { at, id }: About, said: object): PendingEvent {
  const detail = { version: detailVersion, id, at: at.toISOString(), ...said };
  return { id, at, detailType: detailTypes[type], detail: JSON.stringify(detail) };
}

/** An administrator has said that an endpoint be on, or off, until a time. */
export function heldEvent(
  about: AboutEndpoint,
  { by, kind, reason, until }: Pick<Hold, 'by' | 'kind' | 'reason' | 'until'>,
): PendingEvent {
  return endpointEvent('endpoint-held', about, {
    kind,
    until: until.toISOString(),
    by: by.name,
    why: reason,
  });
}
