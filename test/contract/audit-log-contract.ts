/* eslint-disable jest/no-export -- a suite that several test files run */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { auditActions } from '../../src/audit/audit-log.ts';
import type { AuditEntry, AuditLog } from '../../src/audit/audit-log.ts';
import { secondsAfter } from '../../src/clock.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { anyText } from '../builders/any-text.ts';
import { anActor, anyMoment } from '../builders/arbitraries.ts';
import { carol, sampleNow } from '../builders/endpoint-for-person.ts';
import { anotherEndpointId } from './store-under-test.ts';

/** One kind of log, for a suite that holds all kinds against the same contract. */
export interface AuditLogUnderTest {
  /** With nothing in it. */
  start(): Promise<AuditLog>;
  /** What stands in it, in whatever order. */
  entries(): Promise<readonly AuditEntry[]>;
  stop(): Promise<void>;
}

export function anEntry(endpointId: EndpointId, overrides: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: sampleNow,
    actor: { id: carol.id, name: carol.name },
    address: '203.0.113.7',
    action: 'hold',
    endpointId,
    detail: 'on until 2026-03-04T04:00:00.000Z: Maintenance',
    outcome: 'recorded',
    requestIds: [],
    ...overrides,
  };
}

/** What every audit log does, whatever it is made of. */
export function describeAuditLog(name: string, underTest: AuditLogUnderTest): void {
  describe(`the audit log ${name}`, () => {
    let log: AuditLog;

    beforeAll(async () => {
      log = await underTest.start();
    });
    afterAll(() => underTest.stop());

    const entriesOf = async (id: EndpointId) =>
      (await underTest.entries()).filter(({ endpointId }) => endpointId === id);

    it('can be added to and read, and nothing else', () => {
      expect(Object.keys(log).filter((key) => key !== 'entries')).toEqual(['append', 'page']);
    });

    it('keeps every entry, and changes none for another', async () => {
      const id = anotherEndpointId();
      const entries = [
        anEntry(id),
        anEntry(id, { at: secondsAfter(sampleNow, 60), action: 'release-hold', detail: '' }),
        anEntry(id, { at: secondsAfter(sampleNow, 40 * 24 * 3600), outcome: 'not-permitted' }),
      ];
      for (const entry of entries) await log.append(entry);
      const kept = await entriesOf(id);
      expect(kept).toHaveLength(3);
      expect(kept).toEqual(expect.arrayContaining(entries));
    });

    it('keeps two entries of the same millisecond, although they say the same', async () => {
      const id = anotherEndpointId();
      await Promise.all([log.append(anEntry(id)), log.append(anEntry(id))]);
      expect(await entriesOf(id)).toEqual([anEntry(id), anEntry(id)]);
    });

    it('reads every entry as it was written', async () => {
      const anyEntry = fc.record({
        at: anyMoment,
        actor: anActor,
        address: fc.constantFrom('203.0.113.7', '2001:db8::7', null),
        action: fc.constantFrom(...auditActions),
        detail: anyText(),
        outcome: fc.constantFrom('recorded', 'failed', 'done'),
        requestIds: fc.array(fc.uuid(), { maxLength: 3 }),
      });
      await fc.assert(
        fc.asyncProperty(anyEntry, async (some) => {
          const entry = { endpointId: anotherEndpointId(), ...some };
          await log.append(entry);
          expect(await entriesOf(entry.endpointId)).toEqual([entry]);
        }),
        { numRuns: 25 },
      );
    });
  });
}
