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
      await stores.catalogue.put({ readAt: at(16), endpoints: [] });
      expect(await stores.catalogue.get()).toEqual({ readAt: at(16), endpoints: [] });
      expect(await claim(17)).toBe(true);
      expect(await stores.catalogue.get()).toEqual({ readAt: at(16), endpoints: [] });
    });

    it('reads every listing as it was written', async () => {
      const listing = fc.record({
        readAt: anyMoment,
        endpoints: fc.array(anyEndpoint, { maxLength: 4 }),
      });
      await fc.assert(
        fc.asyncProperty(listing, async (written) => {
          await stores.catalogue.put(written);
          expect(await stores.catalogue.get()).toEqual(written);
        }),
        { numRuns: 40 },
      );
    });
  });
}
