/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { minutesAfter } from '../../src/clock.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { aMoment } from '../builders/arbitraries.ts';
import { alice, bob, sampleNow } from '../builders/endpoint-for-person.ts';
import { anotherEndpointId } from './store-under-test.ts';
import type { StoresUnderTest, TableUnderTest } from './store-under-test.ts';

const at = (minutes: number): Date => minutesAfter(sampleNow, minutes);

/** What every lease store does, whatever it is made of. */
export function describeLeaseStore(name: string, table: TableUnderTest): void {
  describe(`the lease store ${name}`, () => {
    let stores: StoresUnderTest;
    let id: EndpointId;

    beforeAll(async () => {
      stores = await table.start();
    });
    afterAll(() => table.stop());
    beforeEach(() => {
      id = anotherEndpointId();
    });

    function lease(requested: number, until: number, overrides: Partial<Lease> = {}): Lease {
      return {
        endpointId: id,
        personId: alice.id,
        personName: alice.name,
        requestedAt: at(requested),
        until: at(until),
        ...overrides,
      };
    }
    const stored = async () => (await stores.endpoints.load(id)).leases;

    it('keeps a first request as it is', async () => {
      expect(await stores.leases.extend(lease(0, 30))).toEqual(lease(0, 30));
      expect(await stored()).toEqual([lease(0, 30)]);
    });

    it('extends a held lease, and keeps when it was first asked for', async () => {
      await stores.leases.extend(lease(0, 30));
      const renamed = lease(10, 40, { personName: 'alice@new.example' });
      const extended = { ...renamed, requestedAt: at(0) };
      expect(await stores.leases.extend(renamed)).toEqual(extended);
      expect(await stored()).toEqual([extended]);
    });

    it.each([20, 30])('does not shorten a held lease: the later end wins (%i)', async (until) => {
      await stores.leases.extend(lease(0, 30));
      expect(await stores.leases.extend(lease(10, until))).toEqual(lease(0, 30));
      expect(await stored()).toEqual([lease(0, 30)]);
    });

    it.each([30, 31])('takes a lease that has ended for another wish (%i)', async (now) => {
      await stores.leases.extend(lease(0, 30));
      expect(await stores.leases.extend(lease(now, 45))).toEqual(lease(now, 45));
      expect(await stored()).toEqual([lease(now, 45)]);
    });

    it('keeps one for each person and endpoint', async () => {
      await stores.leases.extend(lease(0, 30));
      await stores.leases.extend(lease(0, 60, { personId: bob.id }));
      const elsewhere = lease(0, 90, { endpointId: anotherEndpointId() });
      await stores.leases.extend(elsewhere);
      expect((await stored()).map(({ until }) => until)).toEqual([at(30), at(60)]);
    });

    it('removes one’s own and nobody else’s; one that is not there is a success', async () => {
      await stores.leases.extend(lease(0, 30));
      await stores.leases.extend(lease(0, 30, { personId: bob.id }));
      await stores.leases.remove(id, alice.id);
      await stores.leases.remove(id, alice.id);
      expect(await stored()).toEqual([lease(0, 30, { personId: bob.id })]);
      expect(await stores.leases.extend(lease(5, 20))).toEqual(lease(5, 20));
    });

    it('lets the latest end win of those that come at the same moment, in whatever order', async () => {
      const ends = fc.shuffledSubarray([10, 20, 30, 40, 50], { minLength: 2 });
      await fc.assert(
        fc.asyncProperty(ends, async (all) => {
          id = anotherEndpointId();
          const answers = await Promise.all(
            all.map((until) => stores.leases.extend(lease(0, until))),
          );
          const latest = at(Math.max(...all));
          expect((await stored()).map(({ until }) => until)).toEqual([latest]);
          // Nobody is told of an end that is earlier than the one they asked for.
          for (const [index, { until }] of answers.entries()) {
            expect(until.getTime()).toBeGreaterThanOrEqual(at(all[index] ?? 0).getTime());
          }
        }),
        { numRuns: 25 },
      );
    });

    it('lets a request that crosses a release stand, or be released; it never fails', async () => {
      for (let round = 0; round < 10; round += 1) {
        id = anotherEndpointId();
        await stores.leases.extend(lease(0, 30));
        const [answer] = await Promise.all([
          stores.leases.extend(lease(1, 20)),
          stores.leases.remove(id, alice.id),
        ]);
        expect([at(20), at(30)]).toContainEqual(answer.until);
      }
    });

    it('reads every lease as it was written', async () => {
      const anyLease = fc.record({
        personId: fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }),
        personName: fc.string({ unit: 'binary' }),
        requestedAt: aMoment,
        until: aMoment,
      });
      await fc.assert(
        fc.asyncProperty(anyLease, async (some) => {
          id = anotherEndpointId();
          const written = { endpointId: id, ...some };
          expect(await stores.leases.extend(written)).toEqual(written);
          expect(await stored()).toEqual([written]);
        }),
        { numRuns: 40 },
      );
    });
  });
}
