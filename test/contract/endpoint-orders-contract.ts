/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { secondsAfter } from '../../src/clock.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import type { PassFindings } from '../../src/lease/endpoint-store.ts';
import type { Termination } from '../../src/lease/hold.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { aHold as anyHold, anActor, anyMoment } from '../builders/arbitraries.ts';
import { aHold, carol, sampleNow } from '../builders/endpoint-for-person.ts';
import { aStopIntent } from '../builders/endpoint-record.ts';
import { connectionId } from '../builders/observation.ts';
import { nothingFound } from './endpoint-store-contract.ts';
import { anotherEndpointId } from './store-under-test.ts';
import type { StoresUnderTest, TableUnderTest } from './store-under-test.ts';

const at = (seconds: number): Date => secondsAfter(sampleNow, seconds);
const by = { id: carol.id, name: carol.name };
const wish = (number: number, seconds = number): Termination => ({
  connectionId: connectionId(number),
  by,
  at: at(seconds),
});

/** What every endpoint store does with the wishes of administrators, whatever it is made of. */
export function describeEndpointOrders(name: string, table: TableUnderTest): void {
  describe(`the wishes of administrators ${name}`, () => {
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
    const key = (seconds: number) => ({ endpointId: id, passId: `pass-${seconds}` });
    const claim = (seconds: number) =>
      stores.endpoints.claimPass({
        ...key(seconds),
        at: at(seconds),
        claimedUntil: at(seconds + 30),
        notIfPassedSince: at(seconds - 5),
      });
    const record = (seconds: number, found: Partial<PassFindings> = {}) =>
      stores.endpoints.recordPass(key(seconds), {
        ...nothingFound,
        nextPassAt: at(seconds + 55),
        ...found,
      });

    type Order = readonly [string, (at: Date) => ReturnType<typeof stores.endpoints.setHold>];
    const orders: readonly Order[] = [
      ['a hold', (moment) => stores.endpoints.setHold(id, aHold('on'), moment)],
      ['a hold taken back', (moment) => stores.endpoints.releaseHold(id, moment)],
      ['a stop', (moment) => stores.endpoints.requestStop(id, { by, at: moment })],
      [
        'the end of a connection',
        (moment) => stores.endpoints.requestTermination(id, { ...wish(1), at: moment }),
      ],
    ];

    describe.each(orders)('%s', (_, order) => {
      it('raises the revision, makes a pass due, and is answered as it is stored', async () => {
        await claim(0);
        await record(0, { startSeconds: [60] });
        const noted = await order(at(7));
        expect(noted).toMatchObject({
          revision: 1,
          startSeconds: [60],
          schedule: { nextPassAt: at(7), lastPassAt: at(0) },
        });
        expect(await stored()).toEqual(noted);
        expect(await claim(7)).not.toBeNull();
      });

      it('leaves a claim as it is', async () => {
        await claim(0);
        expect((await order(at(1))).schedule.claimedUntil).toEqual(at(30));
        expect(await claim(29.999)).toBeNull();
      });

      it('refuses an intent to stop that was decided before', async () => {
        await claim(0);
        await order(at(1));
        const stopping = stores.endpoints.writeIntent(key(0), aStopIntent(), {
          unlessRevisedSince: 0,
        });
        await expect(stopping).rejects.toThrow(PassLostError);
        expect((await stored()).intent).toEqual({ kind: 'none' });
      });

      it('that comes while a pass is recorded stays due, and stays', async () => {
        await claim(0);
        const noted = await order(at(1));
        await record(0, { startSeconds: [60] });
        expect(await stored()).toEqual({
          ...noted,
          startSeconds: [60],
          schedule: { ...noted.schedule, claimedUntil: null },
        });
      });

      it('is counted once for each of those who come at once', async () => {
        const records = await Promise.all(Array.from({ length: 5 }, () => order(at(0))));
        const revisions = records.map(({ revision }) => revision);
        expect(revisions.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
      });
    });

    describe('holds', () => {
      it('replace each other, whatever their kind, and the last one stands', async () => {
        await stores.endpoints.setHold(id, aHold('on'), at(0));
        expect((await stored()).hold).toEqual(aHold('on'));
        const off = aHold('off', { until: at(9), at: at(1) });
        await stores.endpoints.setHold(id, off, at(1));
        expect(await stored()).toMatchObject({ hold: off, lastReleaseAt: null });
      });

      it('on are wishes like requests, whatever hold comes after them', async () => {
        await stores.endpoints.setHold(id, aHold('off', { at: at(0) }), at(0));
        expect((await stored()).lastRequestAt).toBeNull();
        await stores.endpoints.setHold(id, aHold('on', { at: at(1) }), at(1));
        await stores.endpoints.setHold(id, aHold('off', { at: at(2) }), at(2));
        expect((await stored()).lastRequestAt).toEqual(at(1));
        await stores.endpoints.releaseHold(id, at(3));
        expect((await stored()).lastRequestAt).toEqual(at(1));
      });

      it('are taken back, from when on the idle clock runs', async () => {
        await stores.endpoints.setHold(id, aHold('on'), at(0));
        await stores.endpoints.releaseHold(id, at(5));
        expect(await stored()).toMatchObject({ hold: null, lastReleaseAt: at(5), revision: 2 });
        await stores.endpoints.setHold(id, aHold('off'), at(6));
        expect((await stored()).hold).toEqual(aHold('off'));
        await stores.endpoints.requestStop(id, { by, at: at(7) });
        await stores.endpoints.releaseHold(id, at(8));
        expect(await stored()).toMatchObject({ hold: null, lastReleaseAt: at(8), revision: 5 });
      });

      it('are taken back after a stop of before them, too', async () => {
        await stores.endpoints.requestStop(id, { by, at: at(1) });
        await stores.endpoints.setHold(id, aHold('on', { at: at(2) }), at(2));
        await stores.endpoints.releaseHold(id, at(5));
        expect(await stored()).toMatchObject({ hold: null, lastReleaseAt: at(5), revision: 3 });
      });

      it('that do not count any more begin no idle clock again, and keep their end', async () => {
        const over = aHold('on', { until: at(5) });
        await stores.endpoints.setHold(id, over, at(0));
        const released = await stores.endpoints.releaseHold(id, at(5));
        expect(released).toMatchObject({ hold: over, lastReleaseAt: null, revision: 2 });
        await stores.endpoints.setHold(id, aHold('on', { at: at(6) }), at(6));
        await stores.endpoints.requestStop(id, { by, at: at(6) });
        await stores.endpoints.releaseHold(id, at(7));
        expect(await stored()).toMatchObject({ lastReleaseAt: null, revision: 5 });
      });

      it('that are not there begin no idle clock, and are none', async () => {
        const released = await stores.endpoints.releaseHold(id, at(5));
        expect(released).toMatchObject({ hold: null, lastReleaseAt: null, revision: 1 });
        expect(await stored()).toEqual(released);
      });

      it('and stops leave each other alone', async () => {
        await stores.endpoints.setHold(id, aHold('on'), at(0));
        await stores.endpoints.requestStop(id, { by, at: at(1) });
        expect(await stored()).toMatchObject({
          hold: aHold('on'),
          stopRequest: { by, at: at(1) },
          revision: 2,
        });
      });

      it('and stops of the same moment are both stored', async () => {
        await Promise.all([
          stores.endpoints.setHold(id, aHold('off'), at(0)),
          stores.endpoints.requestStop(id, { by, at: at(0) }),
        ]);
        expect(await stored()).toMatchObject({
          hold: aHold('off'),
          stopRequest: { by, at: at(0) },
          revision: 2,
        });
      });
    });

    describe('stops', () => {
      const erin = { id: 'sub-of-erin', name: 'erin@example.com' };

      it.each([
        ['earlier', 4],
        ['of the same moment', 5],
      ])('that are %s and come later change nothing but the revision', async (_, seconds) => {
        await claim(0);
        await record(0, { startSeconds: [60] });
        const before = await stores.endpoints.requestStop(id, { by, at: at(5) });
        const after = await stores.endpoints.requestStop(id, { by: erin, at: at(seconds) });
        expect(after).toEqual({
          ...before,
          revision: 2,
          // A pass is due all the same.
          schedule: { ...before.schedule, nextPassAt: at(seconds) },
        });
        expect(await stored()).toEqual(after);
      });

      it('that come at once leave the latest of them, and are all counted', async () => {
        await Promise.all(
          [3, 1, 5, 2, 4].map((seconds) =>
            stores.endpoints.requestStop(id, { by, at: at(seconds) }),
          ),
        );
        expect(await stored()).toMatchObject({ stopRequest: { by, at: at(5) }, revision: 5 });
      });

      it('are known by the last one, which outlives the passes', async () => {
        await stores.endpoints.requestStop(id, { by, at: at(0) });
        await stores.endpoints.requestStop(id, { by: erin, at: at(1) });
        const claimed = await claim(2);
        await record(2, { revision: claimed?.revision ?? -1 });
        expect((await stored()).stopRequest).toEqual({ by: erin, at: at(1) });
      });
    });

    describe('wishes that connections end', () => {
      it('are kept in their order, whoever comes at once', async () => {
        await stores.endpoints.requestTermination(id, wish(1));
        const last = await stores.endpoints.requestTermination(id, wish(2));
        expect(last.terminations).toEqual([wish(1), wish(2)]);
        await Promise.all(
          [3, 4, 5].map((number) => stores.endpoints.requestTermination(id, wish(number))),
        );
        const { terminations } = await stored();
        expect(terminations).toHaveLength(5);
        expect(terminations).toEqual(expect.arrayContaining([3, 4, 5].map((each) => wish(each))));
      });

      it('are forgotten by the pass that knew of them', async () => {
        await stores.endpoints.requestTermination(id, wish(1));
        await stores.endpoints.requestTermination(id, wish(2));
        const claimed = await claim(3);
        await record(3, { revision: claimed?.revision ?? -1, terminations: [wish(2)] });
        expect((await stored()).terminations).toEqual([wish(2)]);
      });

      it('that are added while a pass is recorded stay, with those before', async () => {
        await stores.endpoints.requestTermination(id, wish(1));
        const claimed = await claim(2);
        await stores.endpoints.requestTermination(id, wish(3));
        await record(2, { revision: claimed?.revision ?? -1, terminations: [] });
        expect(await stored()).toMatchObject({
          terminations: [wish(1), wish(3)],
          schedule: { nextPassAt: at(3) },
        });
      });

      it('that are fulfilled are forgotten, whoever has come in between', async () => {
        await stores.endpoints.requestTermination(id, wish(1));
        await stores.endpoints.requestTermination(id, wish(2));
        const claimed = await claim(3);
        await stores.endpoints.noteAttempt(id, at(4));
        const revision = claimed?.revision ?? -1;
        await record(3, { revision, terminations: [wish(2)], terminationsRead: 2 });
        expect(await stored()).toMatchObject({ terminations: [wish(2)], lastAttemptAt: at(4) });
      });

      it('that are fulfilled stay where another was added in between, and where all are open', async () => {
        await stores.endpoints.requestTermination(id, wish(1));
        const claimed = await claim(2);
        const revision = claimed?.revision ?? -1;
        await stores.endpoints.requestTermination(id, wish(3));
        await record(2, { revision, terminations: [], terminationsRead: 1 });
        expect((await stored()).terminations).toEqual([wish(1), wish(3)]);
        const next = await claim(8);
        await stores.endpoints.noteAttempt(id, at(9));
        const open = [wish(1), wish(3)];
        await record(8, {
          revision: next?.revision ?? -1,
          terminations: open,
          terminationsRead: 2,
        });
        expect((await stored()).terminations).toEqual(open);
      });

      it('that cross the recording of a pass are never lost', async () => {
        for (let round = 0; round < 10; round += 1) {
          id = anotherEndpointId();
          await claim(0);
          await Promise.all([stores.endpoints.requestTermination(id, wish(1)), record(0)]);
          expect(await stored()).toMatchObject({
            terminations: [wish(1)],
            schedule: { nextPassAt: at(1), claimedUntil: null },
          });
        }
      });
    });

    it('are read as they were written', async () => {
      const all = fc.record({
        hold: anyHold(anyMoment),
        stopRequest: fc.record({ by: anActor, at: anyMoment }),
        termination: fc.record({
          connectionId: fc.constant(connectionId(1)),
          by: anActor,
          at: anyMoment,
        }),
      });
      await fc.assert(
        fc.asyncProperty(all, anyMoment, async (written, moment) => {
          id = anotherEndpointId();
          const { hold, stopRequest, termination } = written;
          await stores.endpoints.requestTermination(id, termination);
          await stores.endpoints.requestStop(id, stopRequest);
          await stores.endpoints.setHold(id, hold, moment);
          expect(await stored()).toEqual({
            ...newEndpointRecord(id),
            revision: 3,
            lastRequestAt: hold.kind === 'on' ? hold.at : null,
            hold,
            stopRequest,
            terminations: [termination],
            schedule: { lastPassAt: null, nextPassAt: moment, claimedUntil: null },
          });
        }),
        { numRuns: 40 },
      );
    });
  });
}
