/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { newEndpointRecord, noIntent } from '../../src/lease/endpoint-record.ts';
import type { Intent } from '../../src/lease/endpoint-record.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { aLease, alice, sampleNow } from '../builders/endpoint-for-person.ts';
import { aStartIntent, aStopIntent } from '../builders/endpoint-record.ts';
import { nothingFound } from './endpoint-store-contract.ts';
import { anotherEndpointId } from './store-under-test.ts';
import type { StoresUnderTest, TableUnderTest } from './store-under-test.ts';

const at = (seconds: number): Date => secondsAfter(sampleNow, seconds);

/** What every endpoint store does with clients that are let in, whatever it is made of. */
export function describeEndpointAttempts(name: string, table: TableUnderTest): void {
  describe(`clients that are let in ${name}`, () => {
    let stores: StoresUnderTest;
    let id: EndpointId;

    beforeAll(async () => {
      stores = await table.start();
    });
    afterAll(() => table.stop());
    beforeEach(() => {
      id = anotherEndpointId();
    });

    const stored = async () => (await stores.endpoints.load(id)).record;
    const key = () => ({ endpointId: id, passId: 'pass' });
    const claim = () =>
      stores.endpoints.claimPass({
        ...key(),
        at: at(0),
        claimedUntil: at(30),
        notIfPassedSince: at(-5),
      });
    const write = (intent: Intent, unlessRevisedSince = 0) =>
      stores.endpoints.writeIntent(key(), intent, { unlessRevisedSince });

    it('are noted, also on an endpoint that nobody has passed yet', async () => {
      const noted = await stores.endpoints.noteAttempt(id, at(1));
      expect(noted).toEqual({ ...newEndpointRecord(id), lastAttemptAt: at(1), revision: 1 });
      expect(await stored()).toEqual(noted);
    });

    it('need the record alone, which can be read without the leases', async () => {
      expect(await stores.endpoints.load(id, 'record')).toEqual({
        record: newEndpointRecord(id),
        leases: [],
      });
      await stores.leases.extend({ ...aLease(alice, 60), endpointId: id }, null);
      await stores.endpoints.noteAttempt(id, at(1));
      const { leases, record } = await stores.endpoints.load(id);
      expect(leases).toHaveLength(1);
      expect(await stores.endpoints.load(id, 'record')).toEqual({ record, leases: [] });
    });

    it('raise the revision, and make no pass due', async () => {
      await claim();
      await stores.endpoints.recordPass(key(), { ...nothingFound, nextPassAt: at(55) });
      const before = await stored();
      expect(await stores.endpoints.noteAttempt(id, at(7))).toEqual({
        ...before,
        lastAttemptAt: at(7),
        revision: 1,
      });
      expect((await stored()).schedule.nextPassAt).toEqual(at(55));
    });

    it('refuse an intent to stop that was decided before, and not one that knows of them', async () => {
      await claim();
      await stores.endpoints.noteAttempt(id, at(1));
      await expect(write(aStopIntent())).rejects.toThrow(PassLostError);
      expect((await stored()).intent).toEqual(noIntent);
      await write(aStopIntent(), 1);
      expect((await stored()).intent).toEqual(aStopIntent());
    });

    it('are not noted while a stop is under way, which leaves the record as it is', async () => {
      await claim();
      await write(aStopIntent());
      const before = await stored();
      expect(await stores.endpoints.noteAttempt(id, at(1))).toBeNull();
      expect(await stored()).toEqual(before);
    });

    it('are noted while a start is under way, and once a stop was abandoned', async () => {
      await claim();
      await write(aStartIntent());
      expect(await stores.endpoints.noteAttempt(id, at(1))).toMatchObject({ revision: 1 });
      await write(aStopIntent(), 1);
      const abandoned = { ...nothingFound, revision: 1, intent: noIntent, nextPassAt: at(55) };
      await stores.endpoints.recordPass(key(), abandoned);
      expect(await stores.endpoints.noteAttempt(id, at(2))).toMatchObject({
        revision: 2,
        lastAttemptAt: at(2),
      });
    });

    it('stay noted when the pass that was under way is recorded', async () => {
      await claim();
      await stores.endpoints.noteAttempt(id, at(1));
      await stores.endpoints.recordPass(key(), { ...nothingFound, nextPassAt: at(55) });
      expect(await stored()).toMatchObject({ lastAttemptAt: at(1), revision: 1 });
    });

    it('count from the latest, whichever is noted last, and each refuses a stop', async () => {
      await claim();
      await stores.endpoints.noteAttempt(id, at(9));
      expect(await stores.endpoints.noteAttempt(id, at(3))).toMatchObject({
        lastAttemptAt: at(9),
        revision: 2,
      });
      await expect(write(aStopIntent(), 1)).rejects.toThrow(PassLostError);
      await write(aStopIntent(), 2);
      expect(await stores.endpoints.noteAttempt(id, at(4))).toBeNull();
      expect(await stored()).toMatchObject({ lastAttemptAt: at(9), revision: 2 });
    });

    it('win or lose against a stop at the same moment, and never both', async () => {
      for (let round = 0; round < 20; round += 1) {
        id = anotherEndpointId();
        await claim();
        const [note, stop] = await Promise.allSettled([
          stores.endpoints.noteAttempt(id, at(1)),
          write(aStopIntent()),
        ]);
        if (note.status === 'rejected') throw note.reason;
        expect(note.value === null).toBe(stop.status === 'fulfilled');
      }
    });
  });
}
