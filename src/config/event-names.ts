/*
 * Every event there is. What is published, the rules of the infrastructure and docs/events.md have
 * their names from here: a rule for an event that nobody sends would match nothing, and nobody would
 * notice.
 */

export const eventSource = 'client-vpn-portal';

/** By which those who listen choose: EventBridge's `detail-type`, by the name that settings use. */
export const detailTypes = {
  'endpoint-starting': 'Endpoint Starting',
  'endpoint-ready': 'Endpoint Ready',
  'endpoint-stopping': 'Endpoint Stopping',
  'endpoint-stopped': 'Endpoint Stopped',
  'endpoint-start-failed': 'Endpoint Start Failed',
  'endpoint-needs-attention': 'Endpoint Needs Attention',
  'endpoint-recovered': 'Endpoint Recovered',
  'endpoint-held': 'Endpoint Held',
  'endpoints-stayed-on': 'Endpoints Stayed On',
  'connection-ended': 'Connection Ended By Administrator',
  'schedule-in-trouble': 'Schedule In Trouble',
  'schedule-recovered': 'Schedule Recovered',
} as const;

export type EventType = keyof typeof detailTypes;
