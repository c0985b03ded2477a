import { beforeEach, describe, expect, it } from '@jest/globals';

import type { AuditEntry, AuditLog } from '../../src/audit/audit-log.ts';
import { createBoundedRefusals } from '../../src/audit/bounded-refusals.ts';
import { requestRefusals } from '../../src/audit/request-refusals.ts';
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

const listed = () => written.entries.filter(({ action }) => action !== 'further-refusals');
const counted = () =>
  written.entries.filter(({ action }) => action === 'further-refusals').map(({ detail }) => detail);
const since = `in the minute from ${sampleNow.toISOString()}`;

describe('the refusals of one person', () => {
  it('are written thirty times a minute, and then once that there are more', async () => {
    await append(20);
    await append(200, { outcome: 'unknown-endpoint', action: 'request-lease' });
    expect(listed()).toHaveLength(30);
    expect(counted()).toEqual([`more, to be counted, ${since}`]);
  });

  it('are counted: how many more is written after the minute, with whatever comes next', async () => {
    await append(45);
    clock.advance(60);
    await append(1, { actor: { id: 'carol', name: 'carol@example.com' }, outcome: 'recorded' });
    expect(written.entries.at(-1)).toEqual({
      at: sampleNow,
      actor: { id: 'alice', name: 'alice@example.com' },
      address: null,
      action: 'further-refusals',
      endpointId: null,
      detail: `15 more, ${since}`,
      outcome: 'counted',
      requestIds: [],
    });
    await append(1);
    expect(counted()).toHaveLength(2);
  });

  it('are counted once, also where the count could not be written at first', async () => {
    let isFull = true;
    const refusing: AuditLog = {
      page: (query) => written.page(query),
      append: (entry) =>
        isFull && entry.detail.startsWith('1 more')
          ? Promise.reject(new Error('full'))
          : written.append(entry),
    };
    audit = createBoundedRefusals(refusing, clock);
    await append(31);
    clock.advance(60);
    await append(1, { outcome: 'recorded' });
    expect(counted()).toHaveLength(1);
    isFull = false;
    await append(2, { outcome: 'recorded' });
    expect(counted()).toEqual([`more, to be counted, ${since}`, `1 more, ${since}`]);
  });

  it.each(requestRefusals)(
    'are those of forms, too, that no service heard of: %s',
    async (outcome) => {
      await append(200, { outcome });
      expect(written.entries).toHaveLength(31);
    },
  );

  it('are written again in the next minute, and where the clock is set back', async () => {
    await append(40);
    clock.advance(59);
    await append(1);
    expect(listed()).toHaveLength(30);
    clock.advance(1);
    await append(40);
    expect(listed()).toHaveLength(60);
    clock.advance(-3600);
    await append(40);
    expect(listed()).toHaveLength(90);
  });

  it('take nothing from those of others, however many others there are', async () => {
    await append(40);
    for (let count = 0; count < 600; count += 1) {
      await append(1, { actor: { id: `person-${count}`, name: 'x' } });
    }
    expect(listed()).toHaveLength(630);
    await append(31, { actor: { id: 'person-599', name: 'x' } });
    expect(listed()).toHaveLength(659);
    // Of the one who was forgotten, because so many came after: not without being counted.
    expect(counted()).toContain(`10 more, ${since}`);
  });

  it.each(['recorded', 'confirmed', 'released', 'downloaded', 'failed'])(
    'keep nothing out of the audit that may have changed something: %s',
    async (outcome) => {
      await append(40);
      await append(40, { outcome });
      expect(listed()).toHaveLength(70);
    },
  );

  it('are read like everything else', async () => {
    await append(1);
    const range = { from: sampleNow, to: new Date(sampleNow.getTime() + 1) };
    const page = await audit.page({ range, endpointId: null, person: '', limit: 5, after: null });
    expect(page.entries).toHaveLength(1);
  });
});
