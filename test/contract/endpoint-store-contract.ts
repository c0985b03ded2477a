/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import type { PassClaim, PassFindings } from '../../src/lease/endpoint-store.ts';
import { newUsageCursor } from '../../src/usage/on-period.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { anyMoment, someFindings } from '../builders/arbitraries.ts';
import { aLease, alice, bob, sampleNow } from '../builders/endpoint-for-person.ts';
import { aPass, aStartIntent, aStopIntent } from '../builders/endpoint-record.ts';
import { anotherEndpointId } from './store-under-test.ts';
import type { StoresUnderTest, TableUnderTest } from './store-under-test.ts';

const at = (seconds: number): Date => secondsAfter(sampleNow, seconds);

/** What every endpoint store does, whatever it is made of. */
export function describeEndpointStore(name: string, table: TableUnderTest): void {
  describe(`the endpoint store ${name}`, () => {
    let stores: StoresUnderTest;
    let id: EndpointId;

    beforeAll(async () => {
      stores = await table.start();
    });
    afterAll(() => table.stop());
    beforeEach(() => {
      id = anotherEndpointId();
    });

    const claim = (seconds: number, overrides: Partial<PassClaim> = {}) =>
      stores.endpoints.claimPass({
        endpointId: id,
        passId: `pass-${seconds}`,
        at: at(seconds),
        claimedUntil: at(seconds + 30),
        notIfPassedSince: at(seconds - 5),
        ...overrides,
      });
    const record = (seconds: number, found: Partial<PassFindings> = {}) =>
      stores.endpoints.recordPass(
        { endpointId: id, passId: `pass-${seconds}` },
        { ...nothingFound, nextPassAt: at(seconds + 5), ...found },
      );
    const stored = async () => (await stores.endpoints.load(id)).record;

    describe('an endpoint that nothing is known of', () => {
      it('has a new record and no leases, and stays unknown by being looked at', async () => {
        const nothing = { record: newEndpointRecord(id), leases: [] };
        expect(await stores.endpoints.load(id)).toEqual(nothing);
        expect(await stores.endpoints.load(id)).toEqual(nothing);
      });
    });

    describe('a claim', () => {
      it('is had for the first time at once, and answers the record as it then is', async () => {
        const schedule = { lastPassAt: at(0), nextPassAt: at(30), claimedUntil: at(30) };
        expect(await claim(0)).toEqual({ ...newEndpointRecord(id), schedule });
        expect(await stored()).toEqual({ ...newEndpointRecord(id), schedule });
      });

      it('is had by one of many who come at the same moment', async () => {
        const claims = await Promise.all(
          Array.from({ length: 20 }, (_, index) => claim(0, { passId: `pass-${index}` })),
        );
        expect(claims.filter((claimed) => claimed !== null)).toHaveLength(1);
      });

      it('is not had while another one lasts, not even where somebody asks', async () => {
        await claim(0);
        await stores.endpoints.noteRequest(id, at(10));
        expect(await claim(29.999)).toBeNull();
      });

      it('is had when the one before has run out, to the millisecond', async () => {
        await claim(0);
        expect(await claim(29.999)).toBeNull();
        expect(await claim(30)).not.toBeNull();
      });

      it('is had when the next pass is due, to the millisecond', async () => {
        await claim(0);
        await record(0, { nextPassAt: at(55) });
        expect(await claim(54.999)).toBeNull();
        expect(await claim(55)).not.toBeNull();
      });

      it('is not had too soon after the last pass began, even where somebody asks', async () => {
        await claim(0);
        await record(0);
        await stores.endpoints.noteRequest(id, at(1));
        expect(await claim(4.999)).toBeNull();
        expect(await claim(5)).not.toBeNull();
      });

      it('is claimed once more by the pass that has it, whose answer was lost', async () => {
        const first = await claim(0);
        expect(await claim(0)).toEqual(first);
        expect(await claim(1)).toBeNull();
      });

      it('is of one endpoint and no other', async () => {
        await claim(0);
        id = anotherEndpointId();
        expect(await claim(0)).not.toBeNull();
      });
    });

    describe('a request', () => {
      it('raises the revision, one for each of those who come at once', async () => {
        const records = await Promise.all(
          Array.from({ length: 10 }, () => stores.endpoints.noteRequest(id, at(0))),
        );
        const revisions = records.map(({ revision }) => revision);
        expect(revisions.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        expect((await stored()).revision).toBe(10);
      });

      it('makes a pass due, and is remembered', async () => {
        await claim(0);
        await record(0, { nextPassAt: at(55), startSeconds: [60] });
        const noted = await stores.endpoints.noteRequest(id, at(7));
        expect(noted).toMatchObject({
          revision: 1,
          lastRequestAt: at(7),
          lastReleaseAt: null,
          startSeconds: [60],
          schedule: { nextPassAt: at(7) },
        });
        expect(await stored()).toEqual(noted);
        expect(await claim(7)).not.toBeNull();
      });
    });

    describe('a release', () => {
      it('raises the revision, makes a pass due, and is remembered', async () => {
        await stores.endpoints.noteRequest(id, at(0));
        const noted = await stores.endpoints.noteRelease(id, at(9));
        expect(noted).toMatchObject({
          revision: 2,
          lastRequestAt: at(0),
          lastReleaseAt: at(9),
          schedule: { nextPassAt: at(9) },
        });
        expect(await stored()).toEqual(noted);
      });
    });

    describe('an intent', () => {
      const key = (seconds: number) => ({ endpointId: id, passId: `pass-${seconds}` });

      it('is stored by the pass that has the claim', async () => {
        await claim(0);
        await stores.endpoints.writeIntent(key(0), aStartIntent());
        expect(await stored()).toMatchObject({ intent: aStartIntent(), revision: 0 });
      });

      it('is refused where another pass has taken over, and changes nothing', async () => {
        await claim(0);
        await claim(30);
        const writing = stores.endpoints.writeIntent(key(0), aStartIntent());
        await expect(writing).rejects.toThrow(PassLostError);
        expect((await stored()).intent).toEqual({ kind: 'none' });
      });

      it('is refused where there was no pass at all', async () => {
        const writing = stores.endpoints.writeIntent(key(0), aStartIntent());
        await expect(writing).rejects.toThrow(PassLostError);
        expect(await stored()).toEqual(newEndpointRecord(id));
      });

      it('to stop is stored where nobody has asked, first or since', async () => {
        await claim(0);
        await stores.endpoints.writeIntent(key(0), aStopIntent(), { unlessRevisedSince: 0 });
        expect((await stored()).intent).toEqual(aStopIntent());
        await record(0, { intent: aStopIntent() });
        await stores.endpoints.noteRequest(id, at(6));
        const claimed = await claim(7);
        expect(claimed?.revision).toBe(1);
        await stores.endpoints.writeIntent(key(7), aStopIntent(at(7)), { unlessRevisedSince: 1 });
        expect((await stored()).intent).toEqual(aStopIntent(at(7)));
      });

      it.each([
        ['a request', 'noteRequest'],
        ['a release', 'noteRelease'],
      ] as const)('to stop is refused after %s, and changes nothing', async (_, note) => {
        await claim(0);
        await stores.endpoints[note](id, at(1));
        const stopping = stores.endpoints.writeIntent(key(0), aStopIntent(), {
          unlessRevisedSince: 0,
        });
        await expect(stopping).rejects.toThrow(PassLostError);
        expect((await stored()).intent).toEqual({ kind: 'none' });
      });

      it('to stop and a request at the same moment: the request is never told yes in vain', async () => {
        for (let round = 0; round < 10; round += 1) {
          id = anotherEndpointId();
          await claim(0);
          const stopping = stores.endpoints
            .writeIntent(key(0), aStopIntent(), { unlessRevisedSince: 0 })
            .then(() => 'stopped' as const)
            .catch((error: unknown) => error);
          const [outcome, noted] = await Promise.all([
            stopping,
            stores.endpoints.noteRequest(id, at(1)),
          ]);
          // Either the request is told of the stop, or it came first, and the stop is refused.
          const isTold = noted.intent.kind === 'stop';
          const isSafe = isTold ? outcome === 'stopped' : outcome instanceof PassLostError;
          expect(isSafe).toBe(true);
        }
      });
    });

    describe('a pass', () => {
      it('undisturbed is recorded, and the next one is due when it says', async () => {
        await claim(0);
        const found = {
          intent: aStartIntent(),
          lastPass: aPass({ state: 'starting' }),
          onSince: at(-9),
          startSeconds: [60, 70.5],
          nextPassAt: at(55),
        };
        await record(0, found);
        const { nextPassAt, ...rest } = found;
        expect(await stored()).toMatchObject({
          ...rest,
          revision: 0,
          schedule: { lastPassAt: at(0), nextPassAt, claimedUntil: null },
        });
      });

      it('that was disturbed is recorded, and the next one stays due at once', async () => {
        await claim(0);
        await stores.endpoints.noteRequest(id, at(1));
        await record(0, { nextPassAt: at(55), startSeconds: [60] });
        expect(await stored()).toMatchObject({
          revision: 1,
          lastRequestAt: at(1),
          startSeconds: [60],
          schedule: { nextPassAt: at(1), claimedUntil: null },
        });
        expect(await claim(5)).not.toBeNull();
      });

      it('that knew of the request is undisturbed by it', async () => {
        await stores.endpoints.noteRequest(id, at(-1));
        const claimed = await claim(0);
        await record(0, { revision: claimed?.revision ?? -1, nextPassAt: at(55) });
        expect((await stored()).schedule.nextPassAt).toEqual(at(55));
      });

      it('that was lost is not recorded, and does not end the claim of another', async () => {
        await claim(0);
        await claim(30);
        await expect(record(0, { startSeconds: [60] })).rejects.toThrow(PassLostError);
        expect(await stored()).toMatchObject({
          startSeconds: [],
          schedule: { lastPassAt: at(30), claimedUntil: at(60) },
        });
      });

      it('forgets what it found no longer to be so', async () => {
        await claim(0);
        await record(0, { onSince: at(0), intent: aStartIntent(), rememberedRoutes: [] });
        await claim(5);
        await record(5);
        expect(await stored()).toMatchObject({
          onSince: null,
          intent: { kind: 'none' },
          rememberedRoutes: null,
        });
      });
    });

    describe('whatever a pass finds', () => {
      it('is read as it was written', async () => {
        const findings = someFindings(anyMoment);
        await fc.assert(
          fc.asyncProperty(findings, async (found) => {
            id = anotherEndpointId();
            await claim(0);
            await record(0, found);
            const { nextPassAt, ...rest } = found;
            expect(await stored()).toEqual({
              ...newEndpointRecord(id),
              ...rest,
              schedule: { lastPassAt: at(0), nextPassAt, claimedUntil: null },
            });
          }),
          { numRuns: 60 },
        );
      });
    });

    describe('the leases', () => {
      const leaseOf = (personId: string, personName = personId) => ({
        ...aLease(alice, 30),
        endpointId: id,
        personId,
        personName,
        requestedAt: sampleNow,
        askedAt: sampleNow,
      });

      it('come with their endpoint, held or not, and with no other', async () => {
        const ended = { ...leaseOf(bob.id), until: minutesAfter(sampleNow, -1) };
        await stores.leases.extend(leaseOf(alice.id), null);
        await stores.leases.extend(ended, null);
        const { leases } = await stores.endpoints.load(id);
        expect(leases).toHaveLength(2);
        expect(leases).toEqual(expect.arrayContaining([leaseOf(alice.id), ended]));
        const other = await stores.endpoints.load(anotherEndpointId());
        expect(other.leases).toEqual([]);
      });

      it('come with what a pass has recorded', async () => {
        await stores.leases.extend(leaseOf(alice.id), null);
        await claim(0);
        const loaded = await stores.endpoints.load(id);
        expect(loaded.record.schedule.claimedUntil).toEqual(at(30));
        expect(loaded.leases).toEqual([leaseOf(alice.id)]);
      });

      it('all come, although they are more than AWS answers at once', async () => {
        const longName = 'x'.repeat(20_000);
        const people = Array.from({ length: 60 }, (_, index) => `person-${index}`);
        await stores.endpoints.noteRequest(id, at(0));
        await Promise.all(
          people.map((person) => stores.leases.extend(leaseOf(person, longName), null)),
        );
        const { leases, record: loaded } = await stores.endpoints.load(id);
        expect(new Set(leases.map(({ personId }) => personId))).toEqual(new Set(people));
        expect(leases).toHaveLength(people.length);
        expect(loaded.revision).toBe(1);
      });
    });
  });
}

export const nothingFound: PassFindings = {
  revision: 0,
  intent: { kind: 'none' },
  rememberedRoutes: null,
  subnetCheck: null,
  rulesCheck: null,
  usage: newUsageCursor,
  reported: null,
  events: [],
  lastConnectedAt: null,
  onSince: null,
  stateSince: null,
  startSeconds: [],
  terminations: [],
  traffic: [],
  lastPass: null,
  nextPassAt: sampleNow,
};
