import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

import { detailTypes } from '../../src/config/event-names.ts';
import type { EventType } from '../../src/config/event-names.ts';
import type { PendingEvent } from '../../src/notify/domain-event.ts';
import { eventSchemas } from '../../src/notify/event-schemas.ts';
import { sampleNow } from './endpoint-for-person.ts';

export const eventTypes = Object.keys(eventSchemas) as EventType[];

const folder = path.join(import.meta.dirname, '../../docs/events');

/** The schema of a type as those who listen have it. */
export function documentedSchema(type: EventType): Record<string, unknown> {
  const file = path.join(folder, `${type}.schema.json`);
  if (!existsSync(file)) throw new Error(`no ${file}: node scripts/event-schemas.ts writes it`);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

const documented = new Map(
  eventTypes.map((type) => [type, z.fromJSONSchema(documentedSchema(type))]),
);

/** Told by its detail-type, as those who listen tell it. */
export function typeOf(detailType: string): EventType {
  const found = eventTypes.find((type) => detailTypes[type] === detailType);
  if (found === undefined) throw new Error(`no event is called ${detailType}`);
  return found;
}

/**
 * What an event says, once it has been held against its documented schema, and against the portal's
 * own, which takes nothing that the documents do not know.
 */
export function detailOf(event: {
  readonly detailType: string;
  readonly detail: unknown;
}): Readonly<Record<string, unknown>> {
  const type = typeOf(event.detailType);
  const detail: unknown =
    typeof event.detail === 'string' ? JSON.parse(event.detail) : event.detail;
  documented.get(type)?.parse(detail);
  return eventSchemas[type].parse(detail);
}

/** The types alone, each event held against its schemas. */
export function typesOf(events: readonly Pick<PendingEvent, 'detailType' | 'detail'>[]) {
  return events.map((event) => {
    detailOf(event);
    return typeOf(event.detailType);
  });
}

export function aPendingEvent(overrides: Partial<PendingEvent> = {}): PendingEvent {
  const { at = sampleNow, id = 'event-1' } = overrides;
  const detail = {
    version: 1,
    id,
    at: at.toISOString(),
    endpointId: 'cvpn-endpoint-0123456789abcdef0',
    endpointName: 'Office',
  };
  return {
    id,
    at,
    detailType: 'Endpoint Stopped',
    detail: JSON.stringify(detail),
    ...overrides,
  };
}
