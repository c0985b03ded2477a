import { minutesAfter, secondsAfter } from '../../../src/clock.ts';
import type { ConnectionRecord } from '../../../src/usage/connection-record.ts';
import type { OnPeriod } from '../../../src/usage/on-period.ts';
import type { UsageStore } from '../../../src/usage/usage-store.ts';
import {
  parseAssociationId,
  parseConnectionId,
  parseEndpointId,
  parseSubnetId,
} from '../../../src/vpn/ids.ts';
import type { EndpointId } from '../../../src/vpn/ids.ts';
import { createRandom } from '../../local/history/random.ts';

/** The year that is filled; its end is the present. */
export const year = {
  from: new Date('2025-07-01T00:00:00Z'),
  to: new Date('2026-07-01T00:00:00Z'),
} as const;
/** The month that is looked at. */
export const month = '2026-05';
export const timeZone = 'UTC';

const people = 300;
/** Connects as often at every size: whoever looks at their own history has one of the same length. */
export const measuredPerson = 'measured.person@example.com';
const measuredRecords = 1_200;
const written = 5_000;

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('a made-up id does not parse');
  return value;
}

const digits = (number: number): string => number.toString(16).padStart(17, '0');

export const endpoints: readonly EndpointId[] = Array.from({ length: 5 }, (_, index) =>
  present(parseEndpointId(`cvpn-endpoint-${digits(index)}`)),
);

/** Everybody at the endpoint of their own office, in the order of time. */
export async function fillYear(store: UsageStore, count: number): Promise<void> {
  await fill(store, count, year.from, year.to);
  const first = new Date('2026-04-30T00:00:00Z');
  const periods = endpoints.flatMap((endpointId, index) =>
    Array.from({ length: 32 }, (_, day) => onPeriod(endpointId, index * 100 + day, first, day)),
  );
  await store.write({ connections: [], gaps: [], periods });
}

/** @param to when the last begins, or a little before */
export async function fill(store: UsageStore, count: number, from: Date, to: Date): Promise<void> {
  const random = createRandom(count);
  const spacingMs = (to.getTime() - from.getTime()) / (count + 1);
  const every = Math.max(1, Math.floor(count / measuredRecords));
  let connections: ConnectionRecord[] = [];
  for (let number = 0; number < count; number += 1) {
    const isMeasured = number % every === 0 && number / every < measuredRecords;
    const who = random.whole(0, people - 1);
    const endpointId = endpoints[isMeasured ? 0 : who % endpoints.length];
    if (endpointId === undefined) throw new Error('an endpoint is missing');
    const begin = new Date(Math.floor((from.getTime() + number * spacingMs) / 1000) * 1000);
    const end = minutesAfter(begin, random.whole(5, 480));
    connections.push({
      endpointId,
      connectionId: present(parseConnectionId(`cvpn-connection-${digits(number)}`)),
      person: isMeasured ? measuredPerson : `person-${String(who)}@example.com`,
      from: begin,
      to: end,
      seenAt: secondsAfter(end, 30),
      ingressBytes: random.whole(1_000, 10_000_000),
      egressBytes: random.whole(1_000, 1_000_000_000),
      clientAddress: `10.100.${String(who % 4)}.${String(who % 250)}`,
      status: 'terminated',
      ending: 'by-client',
    });
    if (connections.length < written && number < count - 1) continue;
    await store.write({ connections, gaps: [], periods: [] });
    connections = [];
  }
}

function onPeriod(endpointId: EndpointId, number: number, first: Date, day: number): OnPeriod {
  const from = minutesAfter(first, day * 24 * 60 + 8 * 60);
  const to = minutesAfter(from, 600);
  return {
    endpointId,
    associationId: present(parseAssociationId(`cvpn-assoc-${digits(number)}`)),
    subnetId: present(parseSubnetId(`subnet-${digits(number % 100)}`)),
    from,
    to,
    seenAt: to,
    startedBy: { kind: 'outside' },
    endedBecause: 'idle',
    unobservedSince: null,
    unobservedUntil: null,
  };
}
