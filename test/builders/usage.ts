import fc from 'fast-check';

import { secondsAfter } from '../../src/clock.ts';
import { connectionEndings } from '../../src/usage/connection-record.ts';
import type { ConnectionRecord } from '../../src/usage/connection-record.ts';
import type { LeaseRecord } from '../../src/usage/lease-record.ts';
import { newUsageCursor, periodEnds } from '../../src/usage/on-period.ts';
import type {
  ObservationGap,
  OnPeriod,
  OpenPeriod,
  Starter,
  UsageCursor,
} from '../../src/usage/on-period.ts';
import type { UsageContext } from '../../src/usage/record-usage.ts';
import type { DayRecords, DayTotal, MonthTotal } from '../../src/usage/totals.ts';
import { monthTotal } from '../../src/usage/totals.ts';
import { connectionStatuses } from '../../src/vpn/connection.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { associationIds, subnetIds } from './arbitraries.ts';
import { alice, sampleIds, sampleNow } from './endpoint-for-person.ts';
import { connectionId } from './observation.ts';

export const startedByAlice: Starter = { kind: 'person', id: alice.id, name: alice.name };

/** Alice's, open, and just seen. */
export function aConnectionRecord(overrides: Partial<ConnectionRecord> = {}): ConnectionRecord {
  return {
    endpointId: sampleIds.endpoint,
    connectionId: connectionId(1),
    person: alice.name,
    from: sampleNow,
    to: null,
    seenAt: overrides.to ?? overrides.from ?? sampleNow,
    ingressBytes: 100,
    egressBytes: 2_000,
    clientAddress: '10.100.0.2',
    status: overrides.to instanceof Date ? 'terminated' : 'active',
    ending: overrides.to instanceof Date ? 'by-client' : null,
    ...overrides,
  };
}

/** Of the first sample network, started by Alice, going on. */
export function anOnPeriod(overrides: Partial<OnPeriod> = {}): OnPeriod {
  return {
    endpointId: sampleIds.endpoint,
    associationId: sampleIds.associationA,
    subnetId: sampleIds.subnetA,
    from: sampleNow,
    to: null,
    seenAt: overrides.to ?? overrides.from ?? sampleNow,
    startedBy: startedByAlice,
    endedBecause: overrides.to instanceof Date ? 'idle' : null,
    unobservedSince: null,
    unobservedUntil: null,
    ...overrides,
  };
}

/** Alice's, for an hour from the sample's now, and held. */
export function aLeaseRecord(overrides: Partial<LeaseRecord> = {}): LeaseRecord {
  const { from = sampleNow } = overrides;
  return {
    endpointId: sampleIds.endpoint,
    personId: alice.id,
    person: alice.name,
    from,
    until: secondsAfter(from, 3600),
    untilLatestHour: false,
    to: null,
    seenAt: from,
    ending: null,
    ...overrides,
  };
}

export function aGap(overrides: Partial<ObservationGap> = {}): ObservationGap {
  return {
    endpointId: sampleIds.endpoint,
    from: sampleNow,
    to: secondsAfter(sampleNow, 7200),
    ...overrides,
  };
}

export function anOpenPeriod(overrides: Partial<OpenPeriod> = {}): OpenPeriod {
  return {
    associationId: sampleIds.associationA,
    subnetId: sampleIds.subnetA,
    from: sampleNow,
    startedBy: startedByAlice,
    unobservedSince: null,
    stopping: null,
    recorded: true,
    ...overrides,
  };
}

/** Recorded at the sample's now, with nothing going on. */
export function aCursor(overrides: Partial<UsageCursor> = {}): UsageCursor {
  return { ...newUsageCursor, recordedAt: sampleNow, ...overrides };
}

/** Nobody has asked for anything. */
export function aUsageContext(overrides: Partial<UsageContext> = {}): UsageContext {
  return {
    startedBy: { kind: 'portal' },
    askedAt: null,
    stopping: null,
    leases: [],
    stoppedAt: null,
    isLatestHour: () => false,
    terminated: [],
    replaced: [],
    ...overrides,
  };
}

export function aDayTotal(overrides: Partial<DayTotal> = {}): DayTotal {
  return {
    day: '2026-03-04',
    endpointId: sampleIds.endpoint,
    onSeconds: 7_200,
    billedHours: 2,
    billedConnectionHours: 1,
    networks: 2,
    connectionSeconds: 3_600,
    connections: 1,
    gapSeconds: 0,
    elapsedSeconds: 86_400,
    onSecondsByHour: Array.from({ length: 24 }, (_, hour) => (hour === 11 ? 7_200 : 0)),
    connectionSecondsByHour: Array.from({ length: 24 }, (_, hour) => (hour === 10 ? 3_600 : 0)),
    people: [{ person: alice.name, connectionSeconds: 3_600, connections: 1, bytes: 2_100 }],
    peopleBeyond: 0,
    readSince: null,
    ...overrides,
  };
}

export function aMonthTotal(
  days: readonly DayTotal[] = [aDayTotal()],
  computedAt: Date = sampleNow,
): MonthTotal {
  const [first] = days;
  if (first === undefined) throw new Error('a month is made of days');
  return monthTotal(first.endpointId, first.day.slice(0, 7), days, computedAt);
}

/** Spans in whole seconds around a moment, which may be open. */
function aSpan(around: Date, seconds: number) {
  return fc
    .record({
      from: fc.integer({ min: -seconds, max: seconds }),
      lasts: fc.integer({ min: 0, max: seconds }),
      isOpen: fc.boolean(),
    })
    .map(({ from, isOpen, lasts }) => {
      const begin = secondsAfter(around, from);
      const end = secondsAfter(begin, lasts);
      return { from: begin, to: isOpen ? null : end, seenAt: end };
    });
}

/** Everything that could have happened at an endpoint within some days around a moment. */
export function someRecords(
  around: Date,
  options: { readonly days?: number; readonly endpointId?: EndpointId } = {},
): fc.Arbitrary<DayRecords> {
  const { days = 3, endpointId = sampleIds.endpoint } = options;
  const seconds = days * 86_400;
  const connection = fc
    .record({
      // AWS ends each after a day.
      span: aSpan(around, seconds).map((span) => {
        const latest = secondsAfter(span.from, 86_400);
        const seenAt = span.seenAt < latest ? span.seenAt : latest;
        return { ...span, seenAt, to: span.to === null ? null : seenAt };
      }),
      person: fc.constantFrom('alice@example.com', 'Alice@Example.com', 'bob', ''),
      ingressBytes: fc.nat(),
      egressBytes: fc.nat(),
      status: fc.constantFrom(...connectionStatuses),
      ending: fc.constantFrom(...connectionEndings),
    })
    .map(({ ending, span, ...rest }) =>
      aConnectionRecord({
        ...span,
        ...rest,
        endpointId,
        ending: span.to === null ? null : ending,
      }),
    );
  const period = fc
    .record({
      span: aSpan(around, seconds),
      subnetId: fc.option(fc.constantFrom(...subnetIds), { nil: null }),
      associationId: fc.constantFrom(...associationIds),
      because: fc.constantFrom(...periodEnds),
    })
    .map(({ because, span, ...rest }) =>
      anOnPeriod({
        ...span,
        ...rest,
        endpointId,
        endedBecause: span.to === null ? null : because,
      }),
    );
  return fc
    .record({
      connections: fc.array(connection, { maxLength: 8 }),
      periods: fc.array(period, { maxLength: 6 }),
      gaps: fc.array(
        aSpan(around, seconds).map(({ from, seenAt }) => ({ endpointId, from, to: seenAt })),
        { maxLength: 3 },
      ),
    })
    .map(({ connections, gaps, periods }) => ({
      connections: connections.map((each, index) => ({
        ...each,
        connectionId: connectionId(index + 1),
      })),
      periods: uniqueBy(periods, (each) => `${each.from.toISOString()} ${each.associationId}`),
      gaps: uniqueBy(gaps, (each) => each.from.toISOString()),
    }));
}

function uniqueBy<Value>(values: readonly Value[], key: (value: Value) => string): Value[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}
