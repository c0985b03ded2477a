import { z } from 'zod';

import type { EventType } from '../config/event-names.ts';
import { detailVersion } from './domain-event.ts';

/*
 * What is published, one schema for each type: the source of docs/events, of the types here, and of
 * what the tests hold every event against. A field is added without a new version; one that changes
 * its meaning, or goes, needs one.
 */

const time = z.iso.datetime().meta({ description: 'ISO 8601, in universal time' });
/** Open: the list of reasons grows, and nobody who listens should break by it. */
const reason = z
  .string()
  .regex(/^[a-z]+(?:-[a-z]+)*$/)
  .meta({ description: 'A code of the list in docs/architecture.md, "Reasons"' });

const anyEvent = {
  version: z.literal(detailVersion),
  id: z.string().min(1).max(200).meta({
    description: 'The same whenever this event is delivered again',
  }),
  at: time,
};

const ofEndpoint = {
  ...anyEvent,
  endpointId: z.string().regex(/^cvpn-endpoint-[0-9a-f]+$/),
  endpointName: z.string(),
};

const startedBy = z
  .strictObject({
    kind: z.enum(['person', 'administrator', 'portal', 'outside']),
    name: z.string().nullable().meta({ description: 'A person’s name; null for the last two' }),
  })
  .meta({ description: 'Who wants it on; outside: switched on in the console, say' });

const problem = z
  .strictObject({
    kind: z.enum(['busy', 'misconfigured', 'not-allowed', 'unreachable', 'unknown']),
    operation: z.string().meta({ description: 'The operation of EC2' }),
    code: z.string().meta({ description: 'AWS’s error code' }),
  })
  .meta({ description: 'What AWS has answered, without its message' });

const mistake = z.strictObject({
  code: z.string(),
  subject: z.string().meta({ description: 'The tag, or the subnet' }),
});

const troubleOfSchedule = {
  ...anyEvent,
  kind: z.enum(['failing', 'late']).meta({
    description: 'Every run has failed; or none has come',
  }),
  since: time,
};

export const eventSchemas = {
  'endpoint-starting': z.strictObject({ ...ofEndpoint, startedBy }),
  'endpoint-ready': z.strictObject({
    ...ofEndpoint,
    startedBy,
    until: time.nullable().meta({
      description: 'When the last lease, or the hold, ends; null where neither keeps it on',
    }),
    startSeconds: z.number().min(0).nullable().meta({
      description: 'How long the start took; null where there was none',
    }),
  }),
  'endpoint-stopping': z.strictObject({
    ...ofEndpoint,
    reason,
    by: z.string().nullable().meta({ description: 'The administrator who has said so' }),
  }),
  'endpoint-stopped': z.strictObject(ofEndpoint),
  'endpoint-start-failed': z.strictObject({
    ...ofEndpoint,
    startedBy,
    problem,
    nextTryAt: time,
  }),
  'endpoint-needs-attention': z.strictObject({
    ...ofEndpoint,
    reason,
    problem: problem.nullable(),
    mistakes: z.array(mistake).readonly().meta({
      description: 'In the tags, or the subnets, that somebody has to mend',
    }),
  }),
  'endpoint-recovered': z.strictObject({
    ...ofEndpoint,
    reason: reason.meta({ description: 'Of the trouble that is over' }),
    state: z.enum(['on', 'off']),
  }),
  'endpoint-held': z.strictObject({
    ...ofEndpoint,
    kind: z.enum(['on', 'off']),
    until: time,
    by: z.string(),
    why: z.string(),
  }),
  'connection-ended': z.strictObject({
    ...ofEndpoint,
    connectionId: z.string(),
    person: z.string(),
    by: z.string().meta({ description: 'The administrator who has ended it' }),
  }),
  'endpoints-stayed-on': z.strictObject({
    ...anyEvent,
    day: z.iso.date().meta({ description: 'Whose night is over, in the zone of TIME_ZONE' }),
    count: z.int().min(1),
    names: z.string().meta({ description: 'Of the endpoints, as many as fit in a line' }),
    endpoints: z
      .array(
        z.strictObject({
          endpointId: ofEndpoint.endpointId,
          endpointName: ofEndpoint.endpointName,
          since: time,
          reason,
          connected: z.int().min(0).max(1_000_000),
        }),
      )
      .min(1)
      .max(200)
      .readonly()
      .meta({ description: 'At most 200; count has the number of all' }),
  }),
  'schedule-in-trouble': z.strictObject(troubleOfSchedule),
  'schedule-recovered': z.strictObject(troubleOfSchedule),
} as const satisfies Readonly<Record<EventType, z.ZodType>>;

/** What an event of a type says, in the form in which it is published. */
export type EventDetail<Type extends EventType = EventType> = z.output<(typeof eventSchemas)[Type]>;

/** The schema as a file: in JSON Schema, 2020-12. */
export function jsonSchemaOf(type: EventType): Record<string, unknown> {
  const schema = z.toJSONSchema(eventSchemas[type], {
    override: ({ jsonSchema }) => {
      // The format says it; the expression behind it is nobody's to read.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      // Those who listen take what they know, and are not broken by what is added.
      delete jsonSchema.additionalProperties;
    },
  });
  return { title: type, ...schema };
}
