import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';

import { readItem } from '../../src/aws/read-item.ts';
import { catalogueItem, endpointItem, leaseItem } from '../../src/aws/stored-items.ts';
import {
  connectionItem,
  dayItem,
  gapItem,
  monthItem,
  periodItem,
} from '../../src/aws/stored-usage.ts';
import { anyEndpoint, anyMoment, anyRecord } from '../builders/arbitraries.ts';
import { aLease, alice, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { hostileValue } from '../builders/hostile-text.ts';

/*
 * What stands in the table may have been written by another version, by hand, or by somebody who got
 * at the table. It is read as it is meant, or refused in words; nothing is made up for it.
 */

const schemaVersion = 1 as const;
const figures = {
  onSeconds: 3600,
  billedHours: 1,
  billedConnectionHours: 0.5,
  networks: 1,
  connectionSeconds: 1800,
  connections: 1,
  gapSeconds: 0,
  elapsedSeconds: 86_400,
};
const people = [{ person: 'alice@example.com', connectionSeconds: 1800, connections: 1, bytes: 7 }];
const { associationA, connectionA, endpoint: endpointId, subnetA } = sampleIds;

/** A sound item of each form, as it is stored. */
const sound: readonly (readonly [string, z.ZodType, fc.Arbitrary<unknown>])[] = [
  [
    'an endpoint',
    endpointItem,
    anyRecord.map(
      ({ schedule, stopRequest, lastAttemptAt, lastRequestAt, lastReleaseAt, ...record }) =>
        z.encode(endpointItem, {
          ...record,
          schemaVersion,
          ...(stopRequest === null ? {} : { stopRequest }),
          ...(lastRequestAt === null ? {} : { lastRequestAt }),
          ...(lastAttemptAt === null ? {} : { lastAttemptAt }),
          ...(lastReleaseAt === null ? {} : { lastReleaseAt }),
          ...(schedule.nextPassAt === null ? {} : { nextPassAt: schedule.nextPassAt }),
        }),
    ),
  ],
  ['a lease', leaseItem, fc.constant(z.encode(leaseItem, { ...aLease(alice, 30), schemaVersion }))],
  [
    'the catalogue',
    catalogueItem,
    fc
      .tuple(fc.array(anyEndpoint, { maxLength: 3 }), anyMoment)
      .map(([endpoints, readAt]) => z.encode(catalogueItem, { endpoints, readAt, schemaVersion })),
  ],
  [
    'a connection',
    connectionItem,
    fc.constant(
      z.encode(connectionItem, {
        endpointId,
        connectionId: connectionA,
        person: 'alice@example.com',
        from: sampleNow,
        to: null,
        seenAt: sampleNow,
        ingressBytes: 1,
        egressBytes: 2,
        clientAddress: '10.100.0.2',
        status: 'active',
        ending: null,
      }),
    ),
  ],
  [
    'an on-period',
    periodItem,
    fc.constant(
      z.encode(periodItem, {
        endpointId,
        associationId: associationA,
        subnetId: subnetA,
        from: sampleNow,
        to: null,
        seenAt: sampleNow,
        startedBy: { kind: 'person', id: alice.id, name: alice.name },
        endedBecause: null,
        unobservedSince: null,
        unobservedUntil: null,
      }),
    ),
  ],
  [
    'a gap',
    gapItem,
    fc.constant(z.encode(gapItem, { endpointId, from: sampleNow, to: sampleNow })),
  ],
  [
    'a day',
    dayItem,
    fc.constant(
      z.encode(dayItem, {
        ...figures,
        day: '2026-03-04',
        endpointId,
        onSecondsByHour: Array.from({ length: 24 }, () => 0),
        connectionSecondsByHour: Array.from({ length: 24 }, () => 0),
        people,
        peopleBeyond: 1,
        readSince: sampleNow,
      }),
    ),
  ],
  [
    'a month',
    monthItem,
    fc.constant(
      z.encode(monthItem, {
        month: '2026-03',
        endpointId,
        computedAt: sampleNow,
        readUpTo: sampleNow,
        days: [{ ...figures, day: '2026-03-04', people: 1 }],
        onSecondsByWeekHour: [[1, 2]],
        connectionSecondsByWeekHour: [[1, 2]],
        people,
        peopleBeyond: 1,
      }),
    ),
  ],
];

type Container = Record<string, unknown>;

/** Every place in an item: the containers, with each of their keys. */
function placesIn(
  value: unknown,
): readonly { readonly container: Container; readonly key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const container = value as Container;
  return Object.keys(container).flatMap((key) => [{ container, key }, ...placesIn(container[key])]);
}

/** The item with something else in one place, or without what stood there, or with a thing more. */
const spoilt = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(item, fc.nat(), hostileValue, fc.constantFrom('replaced', 'gone', 'added', 'all'))
    .map(([value, place, hostile, how]) => {
      if (how === 'all') return hostile;
      const copy: unknown = structuredClone(value);
      const places = placesIn(copy);
      const at = places[place % places.length];
      if (at === undefined) return copy;
      if (how === 'gone') Reflect.deleteProperty(at.container, at.key);
      else if (how === 'added') at.container[`${at.key}Of`] = hostile;
      else at.container[at.key] = hostile;
      return copy;
    });

const refusalInWords = /^reading the stored item .*: /s;

/** What was read, and what is read of it when it is written down; or why it was refused. */
function outcomeOf(
  form: z.ZodType,
  stored: unknown,
): { readonly read?: unknown; readonly again?: unknown; readonly refusal: string | null } {
  let read: unknown;
  try {
    read = readItem(form, stored);
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : 'no error at all' };
  }
  return { read, again: readItem(form, z.encode(form, read)), refusal: null };
}

describe('a stored item that somebody has spoilt', () => {
  it.each(sound)('(%s) is read as it is meant, or refused in words', (_what, form, item) => {
    let refused = 0;
    fc.assert(
      fc.property(spoilt(item), (stored) => {
        const outcome = outcomeOf(form, stored);
        if (outcome.refusal !== null) refused += 1;
        expect(outcome.refusal ?? 'reading the stored item : ').toMatch(refusalInWords);
        // Written down again it is the same: no time that is none, no id that is another's.
        expect(outcome.again).toEqual(outcome.read);
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('of before something was counted is read without it', () => {
    const older = { ...figures, endpointId, people, onSecondsByHour: [] };
    expect(readItem(dayItem, { ...older, day: '2026-03-04' })).toMatchObject({
      connectionSecondsByHour: null,
      peopleBeyond: 0,
      readSince: null,
    });
    const month = { month: '2026-03', endpointId, people, days: [], onSecondsByWeekHour: [] };
    expect(readItem(monthItem, { ...month, computedAt: sampleNow.toISOString() })).toMatchObject({
      connectionSecondsByWeekHour: null,
      peopleBeyond: 0,
      readUpTo: null,
    });
  });

  it('pollutes no prototype with what stands in it', () => {
    const hostile: unknown = JSON.parse(
      '{"schemaVersion":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    expect(() => readItem(leaseItem, hostile)).toThrow(/^reading the stored item/);
    expect(({} as Container)['polluted']).toBeUndefined();
  });

  it('of a tag with the name of a prototype reads back without harm', () => {
    const endpoint = fc.sample(anyEndpoint, 1)[0];
    if (endpoint === undefined) throw new Error('no endpoint was drawn');
    const tags = new Map([['__proto__', 'x']]);
    const listing = { endpoints: [{ ...endpoint, tags }], readAt: sampleNow, schemaVersion };
    const read = readItem(catalogueItem, z.encode(catalogueItem, listing));
    expect(read.endpoints[0]?.tags.get('constructor')).toBeUndefined();
    expect(({} as Container)['x']).toBeUndefined();
  });
});
