import { beforeEach, describe, expect, it } from '@jest/globals';

import type { AuditEntry, AuditLog } from '../../src/audit/audit-log.ts';
import { createBoundedRefusals } from '../../src/audit/bounded-refusals.ts';
import { sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.ts';
import type { MemoryAuditLog } from '../fakes/memory-audit-log.ts';

let clock: StoppedClock;
let written: MemoryAuditLog;
let audit: AuditLog;

beforeEach(() => {
  clock = createStoppedClock();
  written = createMemoryAuditLog();
  audit = createBoundedRefusals(written, clock);
});

async function append(times: number, changed: Partial<AuditEntry> = {}): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    await audit.append({
      at: sampleNow,
      actor: { id: 'alice', name: 'alice@example.com' },
      address: null,
      action: 'stop',
      endpointId: sampleIds.endpoint,
      detail: '',
      outcome: 'not-permitted',
      requestIds: [],
      ...changed,
    });
  }
}

describe('the refusals of one person', () => {
  it('are written thirty times a minute, and no more', async () => {
    await append(20);
    await append(200, { outcome: 'unknown-endpoint', action: 'request-lease' });
    expect(written.entries).toHaveLength(30);
  });

  it('are written again in the next minute, and where the clock is set back', async () => {
    await append(40);
    clock.advance(59);
    await append(1);
    expect(written.entries).toHaveLength(30);
    clock.advance(1);
    await append(40);
    expect(written.entries).toHaveLength(60);
    clock.advance(-3600);
    await append(40);
    expect(written.entries).toHaveLength(90);
  });

  it('take nothing from those of others, however many others there are', async () => {
    await append(40);
    for (let count = 0; count < 600; count += 1) {
      await append(1, { actor: { id: `person-${count}`, name: 'x' } });
    }
    expect(written.entries).toHaveLength(630);
    await append(31, { actor: { id: 'person-599', name: 'x' } });
    expect(written.entries).toHaveLength(659);
  });

  it.each(['recorded', 'confirmed', 'released', 'downloaded', 'failed'])(
    'keep nothing out of the audit that may have changed something: %s',
    async (outcome) => {
      await append(40);
      await append(40, { outcome });
      expect(written.entries).toHaveLength(70);
    },
  );

  it('are read like everything else', async () => {
    await append(1);
    const range = { from: sampleNow, to: new Date(sampleNow.getTime() + 1) };
    const page = await audit.page({ range, endpointId: null, person: '', limit: 5, after: null });
    expect(page.entries).toHaveLength(1);
  });
});
