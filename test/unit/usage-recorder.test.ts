import { describe, expect, it } from '@jest/globals';

import { minutesAfter } from '../../src/clock.ts';
import { createUsageRecorder } from '../../src/usage/usage-recorder.ts';
import type { UsageStore } from '../../src/usage/usage-store.ts';
import { aLease, alice, sampleNow } from '../builders/endpoint-for-person.ts';
import {
  aConnection,
  anAssociation,
  anObservation,
  connectionId,
} from '../builders/observation.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { aConnectionRecord, aCursor, anOpenPeriod, aUsageContext } from '../builders/usage.ts';
import { createMemoryUsageStore } from '../fakes/memory-usage-store.ts';

const at = (minutes: number): Date => minutesAfter(sampleNow, minutes);
const associations = [anAssociation()];

function aRecorder(changed: Partial<UsageStore> = {}) {
  const clock = createStoppedClock(at(600));
  const store = createMemoryUsageStore({ clock, retention: { recordDays: 30, totalDays: 30 } });
  const log = createRecordingLog();
  return { store, log, recorder: createUsageRecorder({ store: { ...store, ...changed }, log }) };
}

describe('the usage recorder', () => {
  it('writes what a pass has seen, and says how far it has come', async () => {
    const { log, recorder, store } = aRecorder();
    const cursor = aCursor({ periods: [anOpenPeriod()] });
    const observation = anObservation({ at: at(1), connections: [aConnection()] });
    const after = await recorder.record(cursor, observation, aUsageContext());
    expect(after.recordedAt).toEqual(at(1));
    expect(after.periods).toEqual([]);
    expect(store.peek().periods).toHaveLength(1);
    expect(store.peek().connections).toHaveLength(1);
    expect(log.lines).toEqual([]);
  });

  it('writes the leases that were asked for since, and forgets none that it cannot write', async () => {
    let fails = true;
    const { recorder, store } = aRecorder({
      writeLeases: (leases) =>
        fails ? Promise.reject(new Error('no table')) : store.writeLeases(leases),
    });
    const lease = { ...aLease(alice, 60), askedAt: at(0.5) };
    const context = aUsageContext({ leases: [lease] });
    const cursor = aCursor();
    const observation = anObservation({ at: at(1) });
    const kept = await recorder.record(cursor, observation, context);
    expect(kept.recordedAt).toEqual(sampleNow);
    fails = false;
    await recorder.record(kept, { ...observation, at: at(9) }, context);
    const range = { from: at(-600), to: at(600) };
    const query = { person: alice.name, range, limit: 9, after: null };
    expect((await store.leasesPage(query)).leases).toHaveLength(1);
  });

  it('comes no further when it cannot write, says so, and writes it all the next time', async () => {
    let fails = true;
    const { log, recorder, store } = aRecorder({
      write: (writes) => (fails ? Promise.reject(new Error('no table')) : store.write(writes)),
    });
    const cursor = aCursor({ periods: [anOpenPeriod()] });
    const observation = anObservation({ at: at(1) });
    const kept = await recorder.record(cursor, observation, aUsageContext());
    expect(kept.recordedAt).toEqual(sampleNow);
    expect(kept.periods).toEqual([anOpenPeriod()]);
    expect(log.messages()).toEqual(['usage not recorded']);
    fails = false;
    const after = await recorder.record(kept, { ...observation, at: at(2) }, aUsageContext());
    expect(after.periods).toEqual([]);
    expect(store.peek().periods.map(({ to }) => to)).toEqual([at(2)]);
  });

  it('ends connections that AWS has long forgotten when they were last seen', async () => {
    const { recorder, store } = aRecorder();
    const [lost, listed, over, ancient] = [
      aConnectionRecord({ from: at(-60), seenAt: at(-2) }),
      aConnectionRecord({ connectionId: connectionId(2), from: at(-60), seenAt: at(-2) }),
      aConnectionRecord({ connectionId: connectionId(3), from: at(-60), to: at(-30) }),
      aConnectionRecord({ connectionId: connectionId(4), from: at(-26 * 60) }),
    ];
    await store.write({ connections: [lost, listed, over, ancient], periods: [], gaps: [] });
    // A lost pass may have written more than the cursor knows of.
    const cursor = aCursor({ connectionsOpen: false });
    const connections = [aConnection({ id: listed.connectionId, establishedAt: at(-60) })];
    const observation = anObservation({ at: at(120), associations, connections });
    await recorder.record(cursor, observation, aUsageContext());
    const found = new Map(store.peek().connections.map((each) => [each.connectionId, each]));
    expect(found.get(lost.connectionId)).toEqual({ ...lost, to: at(-2), ending: 'not-observed' });
    expect(found.get(listed.connectionId)?.to).toBeNull();
    expect(found.get(over.connectionId)).toEqual(over);
    expect(found.get(ancient.connectionId)).toEqual(ancient);
  });

  it.each([
    [54, 0],
    [55, 1],
  ])('does not look for them while AWS lists ended ones (%d minutes)', async (minutes, reads) => {
    let read = 0;
    const { recorder } = aRecorder({
      connections: async function* () {
        read += 1;
        yield await Promise.resolve([]);
      },
    });
    await recorder.record(aCursor(), anObservation({ at: at(minutes) }), aUsageContext());
    await recorder.record(aCursor({ recordedAt: null }), anObservation(), aUsageContext());
    expect(read).toBe(reads);
  });
});
