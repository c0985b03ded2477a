/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { minutesAfter } from '../../src/clock.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { anyText } from '../builders/any-text.ts';
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
        askedAt: at(requested),
        until: at(until),
        ...overrides,
      };
    }
    const request = (some: Lease, stoppedAt: Date | null = null) =>
      stores.leases.extend(some, stoppedAt);
    const extend = async (some: Lease, stoppedAt: Date | null = null) =>
      (await request(some, stoppedAt)).lease;
    const remove = (who = alice, now = at(1), stoppedAt: Date | null = null) =>
      stores.leases.remove(id, who.id, { now, stoppedAt });
    const stored = async () => (await stores.endpoints.load(id)).leases;

    it('keeps a first request as it is', async () => {
      expect(await extend(lease(0, 30))).toEqual(lease(0, 30));
      expect(await stored()).toEqual([lease(0, 30)]);
    });

    it('extends a held lease, and keeps when it was first asked for, and when it last was', async () => {
      await extend(lease(0, 30));
      const renamed = lease(10, 40, { personName: 'alice@new.example' });
      const extended = { ...renamed, requestedAt: at(0) };
      expect(await extend(renamed)).toEqual(extended);
      expect(await stored()).toEqual([extended]);
    });

    it.each([20, 30])('does not shorten a held lease: the later end wins (%i)', async (until) => {
      await extend(lease(0, 30));
      const confirmed = { ...lease(0, 30), askedAt: at(10) };
      expect(await extend(lease(10, until))).toEqual(confirmed);
      expect(await stored()).toEqual([confirmed]);
    });

    describe('after a stop that an administrator has ordered', () => {
      it.each([
        ['longer', 40],
        ['shorter', 25],
      ])('replaces a lease that was asked for by then with a %s one', async (_, until) => {
        await extend(lease(0, 30));
        expect(await extend(lease(10, until), at(5))).toEqual(lease(10, until));
        expect(await stored()).toEqual([lease(10, until)]);
      });

      it('replaces one that was asked for in the same millisecond', async () => {
        await extend(lease(0, 30));
        expect(await extend(lease(10, 20), at(0))).toEqual(lease(10, 20));
      });

      it('extends, or confirms, one that was asked for since', async () => {
        await extend(lease(0, 30), at(-1));
        const extended = { ...lease(0, 40), askedAt: at(10) };
        expect(await extend(lease(10, 40), at(-1))).toEqual(extended);
        const confirmed = { ...extended, askedAt: at(11) };
        expect(await extend(lease(11, 20), at(-1))).toEqual(confirmed);
        expect(await stored()).toEqual([confirmed]);
      });

      it('goes by when a lease was last asked for, not by when it first was', async () => {
        await extend(lease(0, 30));
        await extend(lease(10, 20));
        const extended = { ...lease(0, 40), askedAt: at(12) };
        expect(await extend(lease(12, 40), at(5))).toEqual(extended);
      });

      it('keeps a first request as it is, and one after the end of another', async () => {
        expect(await extend(lease(0, 30), at(-5))).toEqual(lease(0, 30));
        expect(await extend(lease(31, 45), at(-5))).toEqual(lease(31, 45));
      });
    });

    it.each([30, 31])('takes a lease that has ended for another wish (%i)', async (now) => {
      await extend(lease(0, 30));
      expect(await extend(lease(now, 45))).toEqual(lease(now, 45));
      expect(await stored()).toEqual([lease(now, 45)]);
    });

    it('keeps one for each person and endpoint', async () => {
      await extend(lease(0, 30));
      await extend(lease(0, 60, { personId: bob.id }));
      const elsewhere = lease(0, 90, { endpointId: anotherEndpointId() });
      await extend(elsewhere);
      expect((await stored()).map(({ until }) => until)).toEqual([at(30), at(60)]);
    });

    it('removes one’s own and nobody else’s; one that is not there is a success', async () => {
      await extend(lease(0, 30));
      await extend(lease(0, 30, { personId: bob.id }));
      expect(await remove()).toEqual(lease(0, 30));
      expect(await remove()).toBeNull();
      expect(await stored()).toEqual([lease(0, 30, { personId: bob.id })]);
      expect(await extend(lease(5, 20))).toEqual(lease(5, 20));
    });

    it('answers the one that was held and that it removes, and once', async () => {
      expect(await remove()).toBeNull();
      await extend(lease(0, 30));
      await extend(lease(0, 30, { personId: bob.id, endpointId: anotherEndpointId() }));
      expect(await remove(bob)).toBeNull();
      const answers = await Promise.all([1, 2, 3].map(() => remove(alice, at(29))));
      expect(answers.filter((answer) => answer !== null)).toEqual([lease(0, 30)]);
    });

    it.each([
      ['has ended', at(30), null],
      ['ended long ago', at(300), null],
      ['is void', at(1), at(0)],
    ])('leaves one that %s where it is, for the idle clock', async (_, now, stoppedAt) => {
      await extend(lease(0, 30));
      expect(await remove(alice, now, stoppedAt)).toBeNull();
      expect(await stored()).toEqual([lease(0, 30)]);
    });

    it('removes one that was asked for since a stop', async () => {
      await extend(lease(0, 30));
      expect(await remove(alice, at(1), at(-1))).toEqual(lease(0, 30));
      expect(await stored()).toEqual([]);
    });

    describe('a request that is taken back', () => {
      it.each<[string, readonly [number, number] | null]>([
        ['none where there was none', null],
        ['one that it has extended', [0, 20]],
        ['one that it has only confirmed', [0, 240]],
        ['one that it has replaced after its end', [-20, -5]],
      ])('leaves %s', async (_, before) => {
        const others = lease(0, 30, { personId: bob.id });
        await extend(others);
        const own = before === null ? [] : [lease(...before, { personName: 'Alice' })];
        for (const each of own) await extend(each);
        const { lease: extended, takeBack } = await request(lease(1, 60));
        expect(extended.askedAt).toEqual(at(1));
        await takeBack();
        expect(await stored()).toEqual([...own, others]);
        await takeBack();
        expect(await stored()).toEqual([...own, others]);
      });

      it('leaves one that it has replaced because a stop had voided it', async () => {
        await extend(lease(0, 60));
        const { takeBack } = await request(lease(10, 40), at(5));
        await takeBack();
        expect(await stored()).toEqual([lease(0, 60)]);
      });

      it.each([
        ['for longer', 90],
        ['for as long, in the same moment', 60],
      ])('leaves what the same person has asked for since %s', async (_, until) => {
        const { takeBack } = await request(lease(1, 60));
        const since = await extend(lease(1, until));
        await takeBack();
        expect(await stored()).toEqual([since]);
      });

      it('brings back nothing that was given back since', async () => {
        await extend(lease(0, 20));
        const { takeBack } = await request(lease(1, 60));
        await remove();
        await takeBack();
        expect(await stored()).toEqual([]);
      });

      it('over another that is taken back leaves what stood before both', async () => {
        await extend(lease(0, 20));
        const first = await request(lease(1, 60));
        const second = await request(lease(1, 90));
        await second.takeBack();
        await first.takeBack();
        expect(await stored()).toEqual([lease(0, 20)]);
      });
    });

    it('lets the latest end win of those that come at the same moment, in whatever order', async () => {
      const ends = fc.shuffledSubarray([10, 20, 30, 40, 50], { minLength: 2 });
      await fc.assert(
        fc.asyncProperty(ends, async (all) => {
          id = anotherEndpointId();
          const answers = await Promise.all(all.map((until) => extend(lease(0, until))));
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
        await extend(lease(0, 30));
        const [answer] = await Promise.all([extend(lease(1, 20)), remove()]);
        expect([at(20), at(30)]).toContainEqual(answer.until);
      }
    });

    it('reads every lease as it was written', async () => {
      const anyLease = fc.record({
        personId: anyText({ minLength: 1, maxLength: 60 }),
        personName: anyText(),
        requestedAt: aMoment,
        until: aMoment,
      });
      const anyStop = fc.option(aMoment, { nil: null });
      await fc.assert(
        fc.asyncProperty(anyLease, anyStop, async (some, stoppedAt) => {
          id = anotherEndpointId();
          const written = { endpointId: id, ...some, askedAt: some.requestedAt };
          expect(await extend(written, stoppedAt)).toEqual(written);
          expect(await stored()).toEqual([written]);
        }),
        { numRuns: 40 },
      );
    });
  });
}
