import { z } from 'zod';

import type { PassFindings } from '../lease/endpoint-store.ts';
import type { Lease } from '../lease/lease.ts';
import type { Pause } from '../lease/pause.ts';
import type { Reason } from '../lease/reason.ts';
import { associationStatuses } from '../vpn/association.ts';
import type { EndpointListing, ScheduleRun } from '../vpn/catalogue.ts';
import { endpointStatuses } from '../vpn/endpoint.ts';
import { awsProblemKinds } from '../vpn/observation.ts';
import { policyProblemCodes } from '../vpn/policy.ts';
import { routeStatuses } from '../vpn/route.ts';
import { subnetProblemCodes } from '../vpn/subnet.ts';
import {
  associationId,
  connectionId,
  endpointId,
  schemaVersion,
  subnetId,
  time,
  vpcId,
} from './stored-forms.ts';
import { usageCursor } from './stored-usage.ts';

/*
 * How the domain's values stand in the table, in both directions from one description: times as ISO
 * strings, which compare as they should in conditions, and ids checked again when they come back.
 */

const problem = z.object({
  kind: z.enum(awsProblemKinds),
  operation: z.string(),
  code: z.string(),
  message: z.string(),
  requestId: z.string().nullable(),
});

const policyProblem = z.object({
  code: z.enum(policyProblemCodes),
  tag: z.string(),
  value: z.string(),
});

const subnetProblem = z.object({
  code: z.enum(subnetProblemCodes),
  subnetId,
  detail: z.string(),
});

const reason = z.discriminatedUnion('code', [
  z.object({ code: z.literal('nobody-needs-it') }),
  z.object({ code: z.literal('lease-held'), until: time }),
  z.object({ code: z.literal('associating') }),
  z.object({ code: z.literal('restoring-routes') }),
  z.object({ code: z.literal('waiting-for-the-stop') }),
  z.object({ code: z.literal('removing-a-failed-association'), message: z.string() }),
  z.object({ code: z.literal('trying-again'), problem, retryAt: time }),
  z.object({ code: z.literal('gave-up'), problem, retryAt: time }),
  z.object({ code: z.literal('routes-not-restored'), failed: z.number(), message: z.string() }),
  z.object({ code: z.literal('kept-on-by-lease'), until: time }),
  z.object({ code: z.literal('connected'), connected: z.number() }),
  z.object({ code: z.literal('idle-grace'), stopAt: time }),
  z.object({
    code: z.literal('held-on'),
    until: time,
    by: z.string(),
    why: z.string(),
  }),
  z.object({
    code: z.literal('held-off'),
    until: time,
    by: z.string(),
    why: z.string(),
  }),
  z.object({ code: z.literal('idle'), since: time, silent: z.number() }),
  z.object({ code: z.literal('stopped-by-an-administrator'), by: z.string() }),
  z.object({ code: z.literal('latest-hour'), at: time }),
  z.object({ code: z.literal('disassociating') }),
  z.object({ code: z.literal('stop-failed'), problem }),
  z.object({ code: z.literal('stop-overdue'), since: time }),
  z.object({ code: z.literal('dry-run'), since: time }),
  z.object({
    code: z.literal('stopping-paused'),
    until: time,
    by: z.string(),
    why: z.string(),
  }),
  z.object({ code: z.literal('reading-incomplete'), problem }),
  z.object({ code: z.literal('policy-invalid'), problems: z.array(policyProblem).readonly() }),
  z.object({ code: z.literal('subnets-invalid'), problems: z.array(subnetProblem).readonly() }),
]);

const manualRoute = z.object({ destinationCidr: z.string(), subnetId, description: z.string() });

const route = manualRoute.extend({
  status: z.enum([...routeStatuses, 'unknown']),
  message: z.string(),
  origin: z.enum(['associate', 'add-route']),
});

const seen = z.object({
  at: time,
  associations: z
    .array(
      z.object({
        id: associationId,
        subnetId: subnetId.nullable(),
        status: z.enum([...associationStatuses, 'unknown']),
        message: z.string(),
      }),
    )
    .readonly(),
  routes: z.array(route).readonly(),
  connected: z.number(),
  connections: z
    .array(z.object({ id: connectionId, person: z.string(), establishedAt: time }))
    .readonly(),
  further: z
    .array(z.object({ id: connectionId, person: z.string() }))
    .readonly()
    .optional(),
});

const passRecord = z.object({
  at: time,
  state: z.enum(['off', 'starting', 'on', 'stopping', 'needs-attention']),
  reason,
  seen: seen.nullable(),
});

const trouble = z.object({
  problem,
  tries: z.number(),
  at: time,
  retryAt: time,
  gaveUp: z.boolean(),
});

export const intent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({
    kind: z.literal('start'),
    id: z.string(),
    since: time,
    origin: z.enum(['lease', 'outside']),
    routes: z.array(manualRoute).readonly(),
    round: z.number(),
    roundAt: time,
    failedAssociations: z.array(associationId).readonly(),
    trouble: trouble.nullable(),
  }),
  z.object({ kind: z.literal('stop'), since: time }),
]);

const subnetCheck = z.object({
  at: time,
  subnets: z.array(subnetId).readonly(),
  problems: z.array(subnetProblem).readonly(),
});

const actor = z.object({ id: z.string(), name: z.string() });

export const hold = z.object({
  kind: z.enum(['on', 'off']),
  until: time,
  reason: z.string(),
  by: actor,
  at: time,
});

export const pauseItem = z.object({
  schemaVersion: z.literal(schemaVersion),
  until: time,
  reason: z.string(),
  by: actor,
  at: time,
});

export const stopRequest = z.object({ by: actor, at: time });

export const termination = z.object({ connectionId, by: actor, at: time });

const connectionTraffic = z.object({ connectionId, bytes: z.number(), movedAt: time });

const reported = z.object({
  phase: z.enum(['off', 'starting', 'on', 'stopping', 'failed']).nullable(),
  startId: z.string().nullable(),
  trouble: z.string().nullable(),
});

/** What a pass writes, but for its events. Absent attributes are those of an endpoint that no pass has looked at. */
export const findings = z.object({
  intent,
  rememberedRoutes: z.array(manualRoute).readonly().nullable(),
  subnetCheck: subnetCheck.nullable(),
  rulesCheck: z.object({ at: time, count: z.number() }).nullable(),
  lastConnectedAt: time.nullable(),
  onSince: time.nullable(),
  stateSince: time.nullable(),
  startSeconds: z.array(z.number()).readonly(),
  terminations: z.array(termination).readonly(),
  traffic: z.array(connectionTraffic).readonly(),
  lastPass: passRecord.nullable(),
  usage: usageCursor,
  reported: reported.nullable(),
});

export const endpointItem = findings.partial().extend({
  schemaVersion: z.literal(schemaVersion),
  endpointId,
  revision: z.number().default(0),
  lastRequestAt: time.optional(),
  lastReleaseAt: time.optional(),
  lastAttemptAt: time.optional(),
  hold: hold.nullable().optional(),
  stopRequest: stopRequest.optional(),
  lastPassAt: time.optional(),
  nextPassAt: time.optional(),
  claimedUntil: time.optional(),
});

export const leaseItem = z.object({
  schemaVersion: z.literal(schemaVersion),
  endpointId,
  personId: z.string(),
  personName: z.string(),
  requestedAt: time,
  askedAt: time,
  until: time,
  /** Another one for each write, so that one that is taken back is known from all others. */
  writeId: z.string().optional(),
});

const stringMap = z.custom<ReadonlyMap<string, string>>((value) => value instanceof Map);

const tags = z.codec(z.record(z.string(), z.string()), stringMap, {
  decode: (stored) => new Map(Object.entries(stored)),
  encode: (map) => Object.fromEntries(map),
});

export const scheduleRun = z.object({ at: time, dryRun: z.boolean() });

export const scheduleTrouble = z.object({
  kind: z.enum(['failing', 'late']),
  since: time,
  told: z.boolean(),
});

export const catalogueItem = z.object({
  schemaVersion: z.literal(schemaVersion),
  readAt: time,
  schedule: scheduleRun.optional(),
  trouble: scheduleTrouble.optional(),
  endpoints: z
    .array(
      z.object({
        id: endpointId,
        status: z.enum([...endpointStatuses, 'unknown']),
        description: z.string(),
        authentication: z
          .array(z.enum(['federated', 'directory-service', 'certificate']))
          .readonly(),
        clientCidr: z.string().nullable(),
        splitTunnel: z.boolean(),
        vpcId: vpcId.nullable(),
        transitGateway: z.boolean(),
        tags,
      }),
    )
    .readonly(),
});

/*
 * The descriptions above and the domain's types must not drift apart: each is assigned to the other
 * here, so that a field added to one of them does not compile until it stands in both.
 */
type Same<Stored, Domain> = [Stored, Domain] extends [Domain, Stored]
  ? true
  : { readonly notStored: Exclude<Domain, Stored>; readonly onlyStored: Exclude<Stored, Domain> };
type Assert<Fact extends true> = Fact;

export type StoredFormsMatchTheDomain = [
  Assert<Same<z.output<typeof reason>, Reason>>,
  Assert<
    Same<
      z.output<typeof findings>,
      Omit<PassFindings, 'revision' | 'nextPassAt' | 'events' | 'terminationsRead'>
    >
  >,
  Assert<Same<Omit<z.output<typeof leaseItem>, 'schemaVersion' | 'writeId'>, Lease>>,
  Assert<
    Same<
      Omit<z.output<typeof catalogueItem>, 'schemaVersion' | 'schedule' | 'trouble'>,
      EndpointListing
    >
  >,
  Assert<Same<z.output<typeof scheduleRun>, ScheduleRun>>,
  Assert<Same<Omit<z.output<typeof pauseItem>, 'schemaVersion'>, Pause>>,
];
