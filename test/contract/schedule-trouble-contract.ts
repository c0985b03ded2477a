/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { ScheduleTrouble, ScheduleTroubleStore } from '../../src/notify/schedule-trouble.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { aPendingEvent } from '../builders/events.ts';
import type { StoresUnderTest, TableUnderTest } from './store-under-test.ts';

const at = (seconds: number): Date => secondsAfter(sampleNow, seconds);
const failing: ScheduleTrouble = { kind: 'failing', since: at(0), told: false };
const told: ScheduleTrouble = { ...failing, told: true };
const event = aPendingEvent({ id: 'schedule.in trouble', at: at(1) });
const other = aPendingEvent({ id: 'schedule-in-trouble', at: at(0) });

/** What is stored of the schedule's trouble, beside its last run. The tests follow each other. */
export function describeScheduleTrouble(
  name: string,
  table: TableUnderTest,
  storeOver: (stores: StoresUnderTest) => ScheduleTroubleStore,
): void {
  describe(`the trouble of the schedule ${name}`, () => {
    let stores: StoresUnderTest;
    let store: ScheduleTroubleStore;
    const ran = (seconds: number) =>
      stores.catalogue.put(
        { readAt: at(seconds), endpoints: [] },
        { at: at(seconds), dryRun: false },
      );

    beforeAll(async () => {
      stores = await table.start();
      store = storeOver(stores);
    });
    afterAll(() => table.stop());

    it('is none before the first run, and can begin before it', async () => {
      const nothing = { lastRun: null, trouble: null, events: [] };
      expect(await store.load()).toEqual(nothing);
      expect(await store.change({ read: nothing, trouble: failing, event: null })).toBe(true);
      expect(await store.load()).toEqual({ ...nothing, trouble: failing });
      expect(await stores.catalogue.get()).toBeNull();
    });

    it('is not changed where it is no longer as it was read', async () => {
      const read = { ...(await store.load()), trouble: null };
      expect(await store.change({ read, trouble: told, event })).toBe(false);
      const older = { ...read, trouble: { ...failing, since: at(-1) } };
      expect(await store.change({ read: older, trouble: told, event })).toBe(false);
      expect(await store.change({ read: { ...read, trouble: told }, trouble: null, event })).toBe(
        false,
      );
      expect(await store.load()).toMatchObject({ trouble: failing, events: [] });
    });

    it('is not changed where the schedule has run since', async () => {
      const read = await store.load();
      await ran(1);
      expect(await store.change({ read, trouble: told, event })).toBe(false);
      const before = await store.load();
      await ran(2);
      expect(await store.change({ read: before, trouble: told, event })).toBe(false);
      expect(await store.load()).toMatchObject({ trouble: failing, events: [] });
    });

    it('is stored with its event, by one of many who come at once', async () => {
      const read = await store.load();
      const changes = await Promise.all(
        Array.from({ length: 5 }, () => store.change({ read, trouble: told, event })),
      );
      expect(changes.filter(Boolean)).toHaveLength(1);
      expect(await store.load()).toEqual({
        lastRun: { at: at(2), dryRun: false },
        trouble: told,
        events: [event],
      });
    });

    it('stays while the schedule, and portals, list', async () => {
      await ran(3);
      await stores.catalogue.put({ readAt: at(4), endpoints: [] }, null);
      expect(await store.load()).toMatchObject({ trouble: told, events: [event] });
      expect(await stores.catalogue.get()).toMatchObject({
        readAt: at(4),
        endpoints: [],
        schedule: { at: at(3), dryRun: false },
      });
    });

    it('ends, and its events wait to be taken out', async () => {
      expect(await store.change({ read: await store.load(), trouble: null, event: other })).toBe(
        true,
      );
      expect(await store.load()).toMatchObject({ trouble: null, events: [other, event] });
      await store.settleEvents([event.id, 'never there']);
      expect((await store.load()).events).toEqual([other]);
      await store.settleEvents([other.id]);
      await store.settleEvents([other.id]);
      expect((await store.load()).events).toEqual([]);
    });

    it('that nobody was told of ends without a word', async () => {
      const begun = { read: await store.load(), trouble: failing, event: null };
      expect(await store.change(begun)).toBe(true);
      const ended = { read: await store.load(), trouble: null, event: null };
      expect(await store.change(ended)).toBe(true);
      expect(await store.load()).toMatchObject({ trouble: null, events: [] });
    });
  });
}
