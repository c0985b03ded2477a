/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { secondsAfter } from '../../src/clock.ts';
import { anyEndpoint, anyMoment } from '../builders/arbitraries.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import type { StoresUnderTest, TableUnderTest } from './store-under-test.ts';

const at = (seconds: number): Date => secondsAfter(sampleNow, seconds);

/** What every catalogue store does, whatever it is made of. The tests follow each other. */
export function describeCatalogueStore(name: string, table: TableUnderTest): void {
  describe(`the catalogue store ${name}`, () => {
    let stores: StoresUnderTest;

    beforeAll(async () => {
      stores = await table.start();
    });
    afterAll(() => table.stop());

    const claim = (seconds: number) =>
      stores.catalogue.claimListing({ at: at(seconds), claimedUntil: at(seconds + 15) });

    it('has nothing before the first listing, nor while that is under way', async () => {
      expect(await stores.catalogue.get()).toBeNull();
      expect(await claim(0)).toBe(true);
      expect(await stores.catalogue.get()).toBeNull();
    });

    it('gives a listing to one of many, until its claim has run out', async () => {
      expect(await claim(14.999)).toBe(false);
      const claims = await Promise.all(Array.from({ length: 10 }, () => claim(15)));
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    it('ends the claim with the listing', async () => {
      await stores.catalogue.put({ readAt: at(16), endpoints: [] }, null);
      const listing = { readAt: at(16), endpoints: [], schedule: null };
      expect(await stores.catalogue.get()).toEqual(listing);
      expect(await claim(17)).toBe(true);
      expect(await stores.catalogue.get()).toEqual(listing);
    });

    it('keeps when the schedule last ran, and how, while portals list', async () => {
      const run = { at: at(18), dryRun: true };
      await stores.catalogue.put({ readAt: at(18), endpoints: [] }, run);
      expect(await stores.catalogue.get()).toMatchObject({ readAt: at(18), schedule: run });
      await stores.catalogue.put({ readAt: at(19), endpoints: [] }, null);
      expect(await stores.catalogue.get()).toMatchObject({ readAt: at(19), schedule: run });
      expect(await claim(20)).toBe(true);
      expect(await stores.catalogue.get()).toMatchObject({ readAt: at(19), schedule: run });
      const next = { at: at(78), dryRun: false };
      await stores.catalogue.put({ readAt: at(78), endpoints: [] }, next);
      expect(await stores.catalogue.get()).toMatchObject({ schedule: next });
    });

    it('reads every listing as it was written', async () => {
      const listing = fc.record({
        readAt: anyMoment,
        endpoints: fc.array(anyEndpoint, { maxLength: 4 }),
      });
      const run = fc.record({ at: anyMoment, dryRun: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(listing, run, async (written, schedule) => {
          await stores.catalogue.put(written, schedule);
          expect(await stores.catalogue.get()).toEqual({ ...written, schedule });
        }),
        { numRuns: 40 },
      );
    });
  });
}
