import { z } from 'zod';

import { connectionEndings } from '../usage/connection-record.ts';
import type { ConnectionRecord } from '../usage/connection-record.ts';
import { earlyEndings } from '../usage/lease-record.ts';
import type { LeaseRecord } from '../usage/lease-record.ts';
import { periodEnds } from '../usage/on-period.ts';
import type { ObservationGap, OnPeriod, UsageCursor } from '../usage/on-period.ts';
import type { DayTotal, MonthTotal } from '../usage/totals.ts';
import { connectionStatuses } from '../vpn/connection.ts';
import { associationId, connectionId, endpointId, subnetId, time } from './stored-forms.ts';

/* How the usage history stands in the table; see stored-items.ts for the rest of it. */

const starter = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['person', 'administrator']), id: z.string(), name: z.string() }),
  z.object({ kind: z.enum(['portal', 'outside']) }),
]);

export const connectionItem = z.object({
  endpointId,
  connectionId,
  person: z.string(),
  from: time,
  to: time.nullable(),
  seenAt: time,
  ingressBytes: z.number(),
  egressBytes: z.number(),
  clientAddress: z.string(),
  status: z.enum([...connectionStatuses, 'unknown']),
  ending: z.enum(connectionEndings).nullable(),
});

export const periodItem = z.object({
  endpointId,
  associationId,
  subnetId: subnetId.nullable(),
  from: time,
  to: time.nullable(),
  seenAt: time,
  startedBy: starter,
  endedBecause: z.enum(periodEnds).nullable(),
  unobservedSince: time.nullable(),
  unobservedUntil: time.nullable(),
});

export const leaseRecordItem = z.object({
  endpointId,
  personId: z.string(),
  person: z.string(),
  from: time,
  until: time,
  untilLatestHour: z.boolean(),
  to: time.nullable(),
  seenAt: time,
  ending: z.enum(earlyEndings).nullable(),
});

export const gapItem = z.object({ endpointId, from: time, to: time });

export const usageCursor = z.object({
  recordedAt: time.nullable(),
  periods: z
    .array(
      z.object({
        associationId,
        subnetId: subnetId.nullable(),
        from: time,
        startedBy: starter,
        unobservedSince: time.nullable(),
        stopping: z.enum(periodEnds).nullable(),
        recorded: z.boolean(),
      }),
    )
    .readonly(),
  connectionsOpen: z.boolean(),
  // Not in a cursor of before it was noted.
  since: time.nullable().default(null),
});

const figures = {
  onSeconds: z.number(),
  billedHours: z.number(),
  billedConnectionHours: z.number(),
  networks: z.number(),
  connectionSeconds: z.number(),
  connections: z.number(),
  gapSeconds: z.number(),
  elapsedSeconds: z.number(),
};

const people = z
  .array(
    z.object({
      person: z.string(),
      connectionSeconds: z.number(),
      connections: z.number(),
      bytes: z.number(),
    }),
  )
  .readonly();

export const dayItem = z.object({
  ...figures,
  day: z.string(),
  endpointId,
  onSecondsByHour: z.array(z.number()).readonly(),
  // The rest is not in items of before it was counted.
  connectionSecondsByHour: z.array(z.number()).readonly().nullable().default(null),
  people,
  peopleBeyond: z.number().default(0),
  readSince: time.nullable().default(null),
});

const weekHours = z.array(z.array(z.number()).readonly()).readonly();

export const monthItem = z.object({
  month: z.string(),
  endpointId,
  computedAt: time,
  // Here, too, earlier items lack what is `null` or nothing without it.
  readUpTo: time.nullable().default(null),
  days: z.array(z.object({ ...figures, day: z.string(), people: z.number() })).readonly(),
  onSecondsByWeekHour: weekHours,
  connectionSecondsByWeekHour: weekHours.nullable().default(null),
  people,
  peopleBeyond: z.number().default(0),
});

type Same<Stored, Domain> = [Stored, Domain] extends [Domain, Stored] ? true : false;
type Assert<Fact extends true> = Fact;

export type StoredUsageMatchesTheDomain = [
  Assert<Same<z.output<typeof connectionItem>, ConnectionRecord>>,
  Assert<Same<z.output<typeof periodItem>, OnPeriod>>,
  Assert<Same<z.output<typeof leaseRecordItem>, LeaseRecord>>,
  Assert<Same<z.output<typeof gapItem>, ObservationGap>>,
  Assert<Same<z.output<typeof usageCursor>, UsageCursor>>,
  Assert<Same<z.output<typeof dayItem>, DayTotal>>,
  Assert<Same<z.output<typeof monthItem>, MonthTotal>>,
];
