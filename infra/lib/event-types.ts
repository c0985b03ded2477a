import { detailTypes } from '../../src/config/event-names.ts';
import type { EventType } from '../../src/config/event-names.ts';

/* Of the events that the portal publishes on its bus, those that people are told of. */

/** As a list that is not empty, which is what zod's enumerations are made of. */
export const eventTypes = Object.keys(detailTypes) as [EventType, ...EventType[]];

/** What somebody has to do something about, and that it is over. */
export const troubles: readonly EventType[] = [
  'endpoint-start-failed',
  'endpoint-needs-attention',
  'endpoint-recovered',
  'endpoints-stayed-on',
  'schedule-in-trouble',
  'schedule-recovered',
];
