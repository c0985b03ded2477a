/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import type { PassFindings } from '../../src/lease/endpoint-store.ts';
import { nothingReported } from '../../src/notify/reported.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { aHold, sampleNow } from '../builders/endpoint-for-person.ts';
import { aPendingEvent } from '../builders/events.ts';
import { nothingFound } from './endpoint-store-contract.ts';
import { anotherEndpointId } from './store-under-test.ts';
import type { StoresUnderTest, TableUnderTest } from './store-under-test.ts';

const at = (seconds: number): Date => secondsAfter(sampleNow, seconds);
// Ids that differ in nothing but a sign, and one that AWS would not take in an expression.
const event = (id: string, seconds: number) => aPendingEvent({ id, at: at(seconds) });
const first = event('pass:1-ready', 1);
const second = event('pass.1-ready', 2);
const third = event('pass #1 / 終', 3);

/** What every endpoint store does with events, whatever it is made of. */
export function describeEndpointEvents(name: string, table: TableUnderTest): void {
  describe(`the events of an endpoint ${name}`, () => {
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
    const pending = async () => (await stored()).events;
    const claim = (seconds: number) =>
      stores.endpoints.claimPass({
        endpointId: id,
        passId: `pass-${seconds}`,
        at: at(seconds),
        claimedUntil: at(seconds + 30),
        notIfPassedSince: at(seconds - 5),
      });
    const record = (seconds: number, found: Partial<PassFindings>) =>
      stores.endpoints.recordPass(
        { endpointId: id, passId: `pass-${seconds}` },
        { ...nothingFound, nextPassAt: at(seconds + 5), ...found },
      );

    it('are stored with what they report, the oldest first', async () => {
      await claim(0);
      const reported = { ...nothingReported, phase: 'on', startId: 'start-1' } as const;
      await record(0, { reported, events: [third, first] });
      expect(await stored()).toMatchObject({ reported, events: [first, third] });
    });

    it('are added to those that wait, and told to the pass that claims next', async () => {
      await claim(0);
      await record(0, { events: [second] });
      expect((await claim(5))?.events).toEqual([second]);
      await record(5, { events: [first, third] });
      expect((await claim(10))?.events).toEqual([first, second, third]);
    });

    it('stay where a pass has none of its own', async () => {
      await claim(0);
      await record(0, { events: [first] });
      await claim(5);
      await record(5, { events: [] });
      expect(await pending()).toEqual([first]);
    });

    it('that are decided again stand there once, as they were decided last', async () => {
      await claim(0);
      await record(0, { events: [first] });
      await claim(5);
      const again = { ...first, at: at(5) };
      await record(5, { events: [again] });
      expect(await pending()).toEqual([again]);
    });

    it('of a pass that was disturbed are stored all the same', async () => {
      await claim(0);
      await stores.endpoints.noteRequest(id, at(1));
      await record(0, { events: [first], reported: nothingReported });
      expect(await stored()).toMatchObject({
        revision: 1,
        reported: nothingReported,
        events: [first],
        schedule: { nextPassAt: at(1) },
      });
    });

    it('of a pass that was lost are not stored', async () => {
      await claim(0);
      await claim(30);
      await expect(record(0, { events: [first] })).rejects.toThrow(PassLostError);
      expect(await stored()).toMatchObject({ reported: null, events: [] });
    });

    it('of a hold come with it, and stay when it is taken back', async () => {
      const held = await stores.endpoints.setHold(id, aHold('off'), at(0), first);
      expect(held).toMatchObject({ hold: aHold('off'), events: [first], revision: 1 });
      expect(await stored()).toEqual(held);
      const released = await stores.endpoints.releaseHold(id, at(1));
      expect(released).toMatchObject({ hold: null, events: [first], revision: 2 });
    });

    it('of a hold that comes while a pass is under way are left to the next one', async () => {
      const claimed = await claim(0);
      await stores.endpoints.setHold(id, aHold('off'), at(1), first);
      await record(0, { events: [second] });
      expect(claimed?.events).toEqual([]);
      expect(await pending()).toEqual([first, second]);
    });

    it('are taken out one by one, and nothing else is changed', async () => {
      await claim(0);
      await record(0, { events: [first, second, third], startSeconds: [60] });
      const before = await stored();
      await stores.endpoints.settleEvents(id, [first.id, third.id]);
      expect(await stored()).toEqual({ ...before, events: [second] });
    });

    it('that are not there, or no longer, can be taken out again', async () => {
      await claim(0);
      await record(0, { events: [first] });
      await stores.endpoints.settleEvents(id, [first.id]);
      await stores.endpoints.settleEvents(id, [first.id, 'never there']);
      expect(await pending()).toEqual([]);
    });

    it('are taken out in nobody’s way: a pass keeps its claim, a stop its condition', async () => {
      await claim(0);
      await stores.endpoints.settleEvents(id, ['some']);
      const stop = { kind: 'stop', since: at(1) } as const;
      const pass = { endpointId: id, passId: 'pass-0' };
      await stores.endpoints.writeIntent(pass, stop, { unlessRevisedSince: 0 });
      expect(await stored()).toMatchObject({
        intent: stop,
        revision: 0,
        schedule: { claimedUntil: at(30) },
      });
    });

    it('are as many as have gathered', async () => {
      const many = Array.from({ length: 60 }, (_, index) => event(`event-${index}`, index));
      await claim(0);
      await record(0, { events: many });
      expect(await pending()).toEqual(many);
      await stores.endpoints.settleEvents(
        id,
        many.map(({ id: each }) => each),
      );
      expect(await pending()).toEqual([]);
      expect(await stored()).toMatchObject({ ...newEndpointRecord(id), schedule: {} });
    });
  });
}
