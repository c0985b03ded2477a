/*
 * What the portal publishes on its bus: docs/events.md describes it. The infrastructure knows the names
 * and what it reads of each event, and nothing of the code that sends them.
 */

export const eventSource = 'client-vpn-portal';

/** EventBridge's `detail-type`, by the name that settings use. */
export const detailTypes = {
  'endpoint-starting': 'Endpoint Starting',
  'endpoint-ready': 'Endpoint Ready',
  'endpoint-stopping': 'Endpoint Stopping',
  'endpoint-stopped': 'Endpoint Stopped',
  'endpoint-start-failed': 'Endpoint Start Failed',
  'endpoint-needs-attention': 'Endpoint Needs Attention',
  'endpoint-recovered': 'Endpoint Recovered',
  'endpoint-held': 'Endpoint Held',
  'endpoint-stayed-on': 'Endpoint Stayed On',
  'connection-ended': 'Connection Ended By Administrator',
  'schedule-in-trouble': 'Schedule In Trouble',
  'schedule-recovered': 'Schedule Recovered',
} as const;

export type EventType = keyof typeof detailTypes;

/** As a list that is not empty, which is what zod's enumerations are made of. */
export const eventTypes = Object.keys(detailTypes) as [EventType, ...EventType[]];

/** What somebody has to do something about, and that it is over. */
export const troubles: readonly EventType[] = [
  'endpoint-start-failed',
  'endpoint-needs-attention',
  'endpoint-recovered',
  'endpoint-stayed-on',
  'schedule-in-trouble',
  'schedule-recovered',
];
