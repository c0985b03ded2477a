import { describe, expect, it } from '@jest/globals';

import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import { newUsageCursor } from '../../src/usage/on-period.ts';
import { unwritten, usageAfter } from '../../src/usage/record-usage.ts';
import { sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import {
  aConnection,
  anAssociation,
  anObservation,
  anOnObservation,
  anotherAssociation,
  connectionId,
} from '../builders/observation.ts';
import { aCursor, anOpenPeriod, aUsageContext, startedByAlice } from '../builders/usage.ts';

const at = (minutes: number): Date => minutesAfter(sampleNow, minutes);
const { associationA, associationB } = sampleIds;

describe('the on-periods of a pass', () => {
  it('begin when the portal asked, by whom it was for', () => {
    const asked = aUsageContext({ askedAt: at(-1), startedBy: startedByAlice });
    const first = usageAfter(aCursor({ recordedAt: at(-1) }), anOnObservation(), asked);
    expect(first.cursor.periods).toEqual([
      anOpenPeriod({ from: at(-1), recorded: false }),
      anOpenPeriod({
        associationId: associationB,
        subnetId: sampleIds.subnetB,
        from: at(-1),
        recorded: false,
      }),
    ]);
  });

  it('begin when they were first seen where somebody else switched them on', () => {
    const { cursor } = usageAfter(
      aCursor({ recordedAt: at(-1) }),
      anOnObservation(),
      aUsageContext(),
    );
    expect(cursor.periods[0]).toMatchObject({
      from: sampleNow,
      startedBy: { kind: 'outside' },
      unobservedSince: null,
    });
  });

  it('say since when nobody had looked, where that is longer than passes take', () => {
    const { cursor } = usageAfter(
      aCursor({ recordedAt: at(-6) }),
      anOnObservation(),
      aUsageContext(),
    );
    expect(cursor.periods[0]).toMatchObject({ from: sampleNow, unobservedSince: at(-6) });
  });

  it('are written once the endpoint’s record knows of them, and not before', () => {
    const context = aUsageContext();
    const first = usageAfter(aCursor({ recordedAt: at(-1) }), anOnObservation(), context);
    expect(first.writes.periods).toEqual([]);
    const second = usageAfter(first.cursor, anOnObservation({ at: at(1) }), context);
    expect(second.writes.periods).toHaveLength(2);
    expect(second.writes.periods[0]).toMatchObject({ from: sampleNow, to: null, seenAt: at(1) });
    expect(second.cursor.periods.map(({ recorded }) => recorded)).toEqual([true, true]);
    // 11:02 and 11:03 in Tokyo: no boundary of five minutes lies between them.
    const third = usageAfter(second.cursor, anOnObservation({ at: at(2) }), context);
    expect(third.writes.periods).toEqual([]);
    const refreshed = usageAfter(third.cursor, anOnObservation({ at: at(3) }), context);
    expect(refreshed.writes.periods.map(({ seenAt }) => seenAt)).toEqual([at(3), at(3)]);
  });

  it('end when they are seen to be gone, because of the stop that was asked for', () => {
    const stopping = { cause: 'idle', associations: [associationA] } as const;
    const on = anObservation({ associations: [anAssociation()] });
    const asked = usageAfter(
      aCursor({ periods: [anOpenPeriod({ from: at(-60) })] }),
      on,
      aUsageContext({ stopping }),
    );
    expect(asked.cursor.periods[0]?.stopping).toBe('idle');
    const going = usageAfter(
      asked.cursor,
      anObservation({ at: at(1), associations: [anAssociation({ status: 'disassociating' })] }),
      aUsageContext(),
    );
    const gone = usageAfter(going.cursor, anObservation({ at: at(2) }), aUsageContext());
    expect(gone.writes.periods).toEqual([
      {
        endpointId: sampleIds.endpoint,
        associationId: associationA,
        subnetId: sampleIds.subnetA,
        from: at(-60),
        to: at(2),
        seenAt: at(2),
        startedBy: startedByAlice,
        endedBecause: 'idle',
        unobservedSince: null,
        unobservedUntil: null,
      },
    ]);
    expect(gone.cursor.periods).toEqual([]);
  });

  it('count as gone when AWS calls them disassociated', () => {
    const { writes } = usageAfter(
      aCursor({ periods: [anOpenPeriod()] }),
      anObservation({ at: at(1), associations: [anAssociation({ status: 'disassociated' })] }),
      aUsageContext(),
    );
    expect(writes.periods.map(({ to }) => to)).toEqual([at(1)]);
  });

  it('end from outside where the portal has not asked for it', () => {
    const { writes } = usageAfter(
      aCursor({ periods: [anOpenPeriod()] }),
      anObservation({ at: at(1) }),
      aUsageContext(),
    );
    expect(writes.periods[0]).toMatchObject({ to: at(1), endedBecause: 'outside' });
  });

  it('do not end with a stop that AWS has refused, when they end in the console later', () => {
    const refused = usageAfter(
      aCursor({ periods: [anOpenPeriod({ stopping: 'idle' })] }),
      anObservation({ at: at(1), associations: [anAssociation()] }),
      aUsageContext(),
    );
    const { writes } = usageAfter(refused.cursor, anObservation({ at: at(2) }), aUsageContext());
    expect(writes.periods[0]?.endedBecause).toBe('outside');
  });

  it('end when they were last seen, where nobody looked for long', () => {
    const { cursor, writes } = usageAfter(
      aCursor({ periods: [anOpenPeriod({ from: at(-60) })] }),
      anObservation({ at: at(120) }),
      aUsageContext(),
    );
    expect(writes.periods[0]).toMatchObject({ to: sampleNow, unobservedUntil: at(120) });
    expect(writes.gaps).toEqual([{ endpointId: sampleIds.endpoint, from: sampleNow, to: at(120) }]);
    expect(cursor.recordedAt).toEqual(at(120));
  });

  it('go on through a time in which nobody looked, where it is the same association', () => {
    const { writes } = usageAfter(
      aCursor({ periods: [anOpenPeriod({ from: at(-60) })] }),
      anObservation({ at: at(120), associations: [anAssociation()] }),
      aUsageContext(),
    );
    expect(writes.periods).toHaveLength(1);
    expect(writes.periods[0]).toMatchObject({ from: at(-60), to: null, seenAt: at(120) });
    expect(writes.gaps).toHaveLength(1);
  });

  it.each([
    [5, 0],
    [5.1, 1],
  ])('tell of a gap after more than five minutes, not before (%d)', (minutes, gaps) => {
    const { writes } = usageAfter(aCursor(), anObservation({ at: at(minutes) }), aUsageContext());
    expect(writes.gaps).toHaveLength(gaps);
  });

  it('are each their own, whatever happens to the other network', () => {
    const both = aCursor({
      periods: [
        anOpenPeriod({ from: at(-60) }),
        anOpenPeriod({ associationId: associationB, subnetId: sampleIds.subnetB, from: at(-30) }),
      ],
    });
    const { cursor, writes } = usageAfter(
      both,
      anObservation({ at: at(1), associations: [anotherAssociation()] }),
      aUsageContext(),
    );
    expect(writes.periods.map(({ associationId }) => associationId)).toEqual([associationA]);
    expect(cursor.periods.map(({ from }) => from)).toEqual([at(-30)]);
  });

  it('have no gap before the first reading of all', () => {
    const { writes } = usageAfter(newUsageCursor, anOnObservation(), aUsageContext());
    expect(writes).toEqual({ connections: [], gaps: [], periods: [] });
  });
});

describe('the connections of a pass', () => {
  const on = anObservation({ at: at(1), associations: [anAssociation()] });
  const stopAsked = aCursor({ periods: [anOpenPeriod({ stopping: 'requested' })] });
  const notAsked = aCursor({ periods: [anOpenPeriod()] });
  const ended = aConnection({
    status: 'terminated',
    establishedAt: at(-30),
    endedAt: secondsAfter(sampleNow, 20),
  });

  it('are written when they begin, as of the reading', () => {
    const connection = aConnection({ establishedAt: secondsAfter(sampleNow, 30) });
    const { cursor, writes } = usageAfter(
      notAsked,
      { ...on, connections: [connection] },
      aUsageContext(),
    );
    expect(writes.connections).toEqual([
      {
        endpointId: sampleIds.endpoint,
        connectionId: connection.id,
        person: connection.person,
        from: connection.establishedAt,
        to: null,
        seenAt: at(1),
        ingressBytes: 0,
        egressBytes: 0,
        clientAddress: connection.clientAddress,
        status: 'active',
        ending: null,
      },
    ]);
    expect(cursor.connectionsOpen).toBe(true);
  });

  it('are written again every five minutes, and not in between', () => {
    const connections = [aConnection({ establishedAt: at(-30) })];
    const written = (minutes: number) =>
      usageAfter(
        aCursor({ recordedAt: at(minutes - 1), periods: [anOpenPeriod()] }),
        { ...on, at: at(minutes), connections },
        aUsageContext(),
      ).writes.connections.length;
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(written)).toEqual([0, 0, 1, 0, 0, 0, 0, 1]);
  });

  it('that AWS shows as ended late are found when everything is written again', () => {
    const late = { ...ended, endedAt: at(-10) };
    const { writes } = usageAfter(
      aCursor({ recordedAt: at(2), periods: [anOpenPeriod()] }),
      { ...on, at: at(3), connections: [late] },
      aUsageContext(),
    );
    expect(writes.connections[0]).toMatchObject({ to: at(-10), ending: 'by-client' });
  });

  it('may begin and end between two readings', () => {
    const brief = { ...ended, establishedAt: secondsAfter(sampleNow, 5) };
    const { writes } = usageAfter(notAsked, { ...on, connections: [brief] }, aUsageContext());
    expect(writes.connections[0]).toMatchObject({ from: brief.establishedAt, to: brief.endedAt });
  });

  it('end by the client, if nobody has asked for anything', () => {
    const { writes } = usageAfter(notAsked, { ...on, connections: [ended] }, aUsageContext());
    expect(writes.connections[0]?.ending).toBe('by-client');
  });

  it('end by the administrator who wished it', () => {
    const context = aUsageContext({ terminated: [ended.id] });
    const { writes } = usageAfter(stopAsked, { ...on, connections: [ended] }, context);
    expect(writes.connections[0]?.ending).toBe('by-administrator');
  });

  it('end by the newer one whose place they had, and not where an administrator wished it', () => {
    const endingIn = (context: Parameters<typeof aUsageContext>[0]) =>
      usageAfter(stopAsked, { ...on, connections: [ended] }, aUsageContext(context)).writes
        .connections[0]?.ending;
    expect(endingIn({ replaced: [ended.id] })).toBe('by-newer-connection');
    expect(endingIn({ replaced: [ended.id], terminated: [ended.id] })).toBe('by-administrator');
  });

  it('end with the stop that was under way', () => {
    const stopping = anObservation({
      at: at(1),
      associations: [anAssociation({ status: 'disassociating' })],
      connections: [ended],
    });
    const { writes } = usageAfter(stopAsked, stopping, aUsageContext());
    expect(writes.connections[0]?.ending).toBe('with-the-stop');
    const gone = { ...stopping, associations: [] };
    expect(usageAfter(stopAsked, gone, aUsageContext()).writes.connections[0]?.ending).toBe(
      'with-the-stop',
    );
  });

  it('do not end with a stop that was asked for only after they had ended', () => {
    const stopping = { cause: 'requested', associations: [associationA] } as const;
    const context = aUsageContext({ stopping });
    const { writes } = usageAfter(notAsked, { ...on, connections: [ended] }, context);
    expect(writes.connections[0]?.ending).toBe('by-client');
  });

  it('do not end with the removal of one network of two', () => {
    const cursor = aCursor({
      periods: [
        anOpenPeriod({ stopping: 'failed' }),
        anOpenPeriod({ associationId: associationB, subnetId: sampleIds.subnetB }),
      ],
    });
    const observation = anObservation({
      at: at(1),
      associations: [anAssociation({ status: 'association-failed' }), anotherAssociation()],
      connections: [ended],
    });
    expect(usageAfter(cursor, observation, aUsageContext()).writes.connections[0]?.ending).toBe(
      'by-client',
    );
  });

  it('that AWS shows as ended without saying when have ended by the reading', () => {
    const unsaid = { ...ended, endedAt: null };
    const { writes } = usageAfter(notAsked, { ...on, connections: [unsaid] }, aUsageContext());
    expect(writes.connections[0]?.to).toEqual(at(1));
  });

  it.each([
    ['when somebody last looked', -30, 0],
    ['when they began, if that was later', 10, 10],
  ])('ended, as far as is known, %s, if nobody looked for long', (_when, from, to) => {
    const unsaid = { ...ended, establishedAt: at(from), endedAt: null };
    const { writes } = usageAfter(
      notAsked,
      { ...on, at: at(30), connections: [unsaid] },
      aUsageContext(),
    );
    expect(writes.connections[0]).toMatchObject({ to: at(to), ending: 'not-observed' });
  });

  it('may still be open after the networks have gone', () => {
    const leaving = aConnection({ id: connectionId(2), status: 'terminating' });
    const { cursor } = usageAfter(
      notAsked,
      anObservation({ at: at(1), connections: [leaving] }),
      aUsageContext(),
    );
    expect(cursor.connectionsOpen).toBe(true);
    const off = usageAfter(cursor, anObservation({ at: at(2) }), aUsageContext());
    expect(off.cursor.connectionsOpen).toBe(false);
  });

  it('may be open after a reading with a network and nobody on it', () => {
    expect(usageAfter(notAsked, on, aUsageContext()).cursor.connectionsOpen).toBe(true);
  });
});

describe('a history that could not be written', () => {
  it('comes no further, and forgets neither what began nor what ended', () => {
    const before = aCursor({ periods: [anOpenPeriod()] });
    const observation = anObservation({ at: at(1), associations: [anotherAssociation()] });
    const { cursor } = usageAfter(before, observation, aUsageContext());
    const kept = unwritten(before, cursor);
    expect(kept.recordedAt).toEqual(sampleNow);
    expect(kept.periods).toEqual([
      anOpenPeriod({
        associationId: associationB,
        subnetId: sampleIds.subnetB,
        from: at(1),
        startedBy: { kind: 'outside' },
        recorded: false,
      }),
      anOpenPeriod(),
    ]);
    expect(kept.connectionsOpen).toBe(true);
    const next = usageAfter(kept, { ...observation, at: at(2) }, aUsageContext());
    expect(
      next.writes.periods.map(({ associationId, from, to }) => ({ associationId, from, to })),
    ).toEqual([
      { associationId: associationB, from: at(1), to: null },
      { associationId: associationA, from: sampleNow, to: at(2) },
    ]);
  });

  it('keeps what has not been written marked as such', () => {
    const before = aCursor({ periods: [anOpenPeriod({ recorded: false })] });
    const observation = anObservation({ at: at(1), associations: [anAssociation()] });
    const { cursor } = usageAfter(before, observation, aUsageContext());
    expect(cursor.periods[0]?.recorded).toBe(true);
    expect(unwritten(before, cursor).periods[0]?.recorded).toBe(false);
  });
});
