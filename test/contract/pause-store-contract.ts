/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { anyMoment } from '../builders/arbitraries.ts';
import { aPause, sampleNow } from '../builders/endpoint-for-person.ts';
import { ago, ahead } from '../builders/endpoint-record.ts';
import type { StoresUnderTest, TableUnderTest } from './store-under-test.ts';

/** What every pause store does, whatever it is made of. The tests follow each other. */
export function describePauseStore(name: string, table: TableUnderTest): void {
  describe(`the pause store ${name}`, () => {
    let stores: StoresUnderTest;

    beforeAll(async () => {
      stores = await table.start();
    });
    afterAll(() => table.stop());

    it('has no pause to begin with, and taking none back is a success', async () => {
      expect(await stores.pauses.get()).toBeNull();
      await stores.pauses.set(null);
      expect(await stores.pauses.get()).toBeNull();
    });

    it('keeps the last pause of several', async () => {
      await stores.pauses.set(aPause());
      expect(await stores.pauses.get()).toEqual(aPause());
      const later = aPause({ until: ahead(5), reason: 'Shorter', at: sampleNow });
      await stores.pauses.set(later);
      expect(await stores.pauses.get()).toEqual(later);
    });

    it('answers one that is over as it was stored: whether it counts is not for a store to say', async () => {
      const over = aPause({ until: ago(1) });
      await stores.pauses.set(over);
      expect(await stores.pauses.get()).toEqual(over);
    });

    it('forgets one that is taken back', async () => {
      await stores.pauses.set(aPause());
      await stores.pauses.set(null);
      expect(await stores.pauses.get()).toBeNull();
    });

    it('keeps it apart from the listing of the endpoints', async () => {
      await stores.pauses.set(aPause());
      expect(await stores.catalogue.get()).toBeNull();
      await stores.catalogue.put({ readAt: sampleNow, endpoints: [] }, null);
      expect(await stores.pauses.get()).toEqual(aPause());
      await stores.pauses.set(null);
      expect(await stores.catalogue.get()).toMatchObject({ readAt: sampleNow });
    });

    it('reads every pause as it was written', async () => {
      const anyPause = fc.record({
        until: anyMoment,
        at: anyMoment,
        reason: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }),
        by: fc.record({ id: fc.string({ minLength: 1 }), name: fc.string() }),
      });
      await fc.assert(
        fc.asyncProperty(anyPause, async (pause) => {
          await stores.pauses.set(pause);
          expect(await stores.pauses.get()).toEqual(pause);
        }),
        { numRuns: 40 },
      );
    });
  });
}
