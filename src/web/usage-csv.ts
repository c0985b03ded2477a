import type { AuditEntry } from '../audit/audit-log.ts';
import type { ConnectionRecord } from '../usage/connection-record.ts';
import type { OnPeriod } from '../usage/on-period.ts';
import type { Cell } from './csv.ts';
import { hoursCell, timeCell } from './csv.ts';
import type { EndpointNames } from './usage-reading.ts';

/** What the rows of every file need. */
export interface CsvSurroundings {
  readonly names: EndpointNames;
  /** The accounts' zone. */
  readonly timeZone: string;
}

export const connectionColumns = [
  'endpoint_id',
  'endpoint',
  'connection_id',
  'person',
  'from',
  'to',
  'hours',
  'sent_bytes',
  'received_bytes',
  'client_address',
  'ending',
  'seen_at',
] as const;

/** `to` and `ending` are empty while it is open; its hours are as of `seen_at`. */
export function connectionRow(
  record: ConnectionRecord,
  { names, timeZone }: CsvSurroundings,
): readonly Cell[] {
  const { endpointId, from, seenAt, to } = record;
  return [
    endpointId,
    names.get(endpointId) ?? '',
    record.connectionId,
    record.person,
    timeCell(from, timeZone),
    timeCell(to, timeZone),
    hoursCell(((to ?? seenAt).getTime() - from.getTime()) / 1000),
    record.ingressBytes,
    record.egressBytes,
    record.clientAddress,
    record.ending,
    timeCell(seenAt, timeZone),
  ];
}

export const periodColumns = [
  'endpoint_id',
  'endpoint',
  'association_id',
  'subnet_id',
  'from',
  'to',
  'hours',
  'started_by_kind',
  'started_by',
  'ended_because',
  'unobserved_since',
  'unobserved_until',
  'seen_at',
] as const;

/** The whole of it, also where it began or ended in another month. */
export function periodRow(period: OnPeriod, { names, timeZone }: CsvSurroundings): readonly Cell[] {
  const { endpointId, from, seenAt, startedBy, to } = period;
  return [
    endpointId,
    names.get(endpointId) ?? '',
    period.associationId,
    period.subnetId,
    timeCell(from, timeZone),
    timeCell(to, timeZone),
    hoursCell(((to ?? seenAt).getTime() - from.getTime()) / 1000),
    startedBy.kind,
    'name' in startedBy ? startedBy.name : null,
    period.endedBecause,
    timeCell(period.unobservedSince, timeZone),
    timeCell(period.unobservedUntil, timeZone),
    timeCell(seenAt, timeZone),
  ];
}

export const auditColumns = [
  'at',
  'actor',
  'address',
  'action',
  'endpoint_id',
  'endpoint',
  'detail',
  'outcome',
  'aws_request_ids',
] as const;

/** Actions and outcomes by their codes, which no language changes. */
export function auditRow(entry: AuditEntry, { names, timeZone }: CsvSurroundings): readonly Cell[] {
  const { endpointId } = entry;
  return [
    timeCell(entry.at, timeZone),
    entry.actor.name,
    entry.address,
    entry.action,
    endpointId,
    endpointId === null ? null : (names.get(endpointId) ?? ''),
    entry.detail,
    entry.outcome,
    entry.requestIds.join(' '),
  ];
}
