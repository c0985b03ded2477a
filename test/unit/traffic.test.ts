import { describe, expect, it } from '@jest/globals';

import { connectionsInUse, mostRemembered, trafficAfter } from '../../src/reconcile/traffic.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { ago, ahead } from '../builders/endpoint-record.ts';
import { aConnection, connectionId } from '../builders/observation.ts';

const connection = aConnection({ ingressBytes: 3, egressBytes: 4 });
const known = { connectionId: connection.id, bytes: 7, movedAt: ago(29) };

describe('what is known of the connections’ traffic', () => {
  it('stays as it was while the counters stand still', () => {
    expect(trafficAfter([known], [connection], sampleNow)).toEqual([known]);
  });

  it.each<[string, Partial<typeof connection>, number]>([
    ['in', { ingressBytes: 4 }, 8],
    ['out', { egressBytes: 5 }, 8],
    ['backwards, which AWS does not do', { ingressBytes: 0 }, 4],
  ])('is new when a counter has moved: %s', (_, moved, bytes) => {
    expect(trafficAfter([known], [{ ...connection, ...moved }], sampleNow)).toEqual([
      { ...known, bytes, movedAt: sampleNow },
    ]);
  });

  it('begins with a connection that is seen for the first time, as if it had just moved', () => {
    const other = aConnection({ id: connectionId(2) });
    expect(trafficAfter([known], [connection, other], sampleNow)).toEqual([
      known,
      { connectionId: other.id, bytes: 0, movedAt: sampleNow },
    ]);
  });

  it('ends with the connection', () => {
    expect(trafficAfter([known], [], sampleNow)).toEqual([]);
    const ended = { ...connection, status: 'terminated' as const };
    expect(trafficAfter([known], [ended], sampleNow)).toEqual([]);
  });
});

describe('of more connections than are remembered', () => {
  const all = Array.from({ length: mostRemembered + 2 }, (_, number) =>
    aConnection({ id: connectionId(number) }),
  );
  const [first, second] = all;
  const silent = all.slice(2);
  const before = silent.map(({ id }) => ({ connectionId: id, bytes: 0, movedAt: ago(40) }));

  it('those are that have been silent the longest, and no more', () => {
    expect(trafficAfter(before, all, sampleNow)).toEqual(before);
    const [moved, ...others] = all.slice(1);
    if (moved === undefined) throw new Error('there are too few connections');
    const moving = [first, { ...moved, egressBytes: 1 }, ...others].filter(
      (each) => each !== undefined,
    );
    expect(trafficAfter(before, moving, sampleNow)).toHaveLength(mostRemembered);
  });

  it('the others count as having just moved, which keeps it on', () => {
    expect(connectionsInUse(all, before, 30, sampleNow)).toEqual([first, second]);
    expect(connectionsInUse(all, before, 30, ahead(60))).toEqual([first, second]);
  });
});

describe('the connections that count as use', () => {
  const silent = aConnection({ id: connectionId(2) });
  const traffic = [known, { connectionId: silent.id, bytes: 0, movedAt: ago(30) }];
  const inUse = (silentMinutes: number | null, now = sampleNow) =>
    connectionsInUse([connection, silent], traffic, silentMinutes, now).map(({ id }) => id);

  it('are all that are there where silence does not matter', () => {
    expect(inUse(null)).toEqual([connection.id, silent.id]);
  });

  it('are those that have moved a byte within that time, to the second', () => {
    expect(inUse(30)).toEqual([connection.id]);
    expect(inUse(31)).toEqual([connection.id, silent.id]);
    expect(inUse(30, ahead(1))).toEqual([]);
    expect(inUse(30, ahead(0.99))).toEqual([connection.id]);
  });

  it('hold one that moves just now, and one that is new', () => {
    const moving = { ...silent, egressBytes: 1 };
    const fresh = aConnection({ id: connectionId(3) });
    expect(connectionsInUse([moving, fresh], traffic, 1, sampleNow)).toEqual([moving, fresh]);
  });

  it.each([null, 30])('never hold one that has ended (%p)', (silentMinutes) => {
    const ended = { ...connection, status: 'terminated' as const };
    expect(connectionsInUse([ended], [], silentMinutes, sampleNow)).toEqual([]);
  });
});
