import { describe, expect, it } from '@jest/globals';

import type { AuditEntry } from '../../src/audit/audit-log.ts';
import { createAuditedLeases } from '../../src/audit/audited-leases.ts';
import { minutesAfter } from '../../src/clock.ts';
import type { LeaseService } from '../../src/lease/lease-service.ts';
import { aLease, alice, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';

const { endpoint } = sampleIds;

function audited(leases: Partial<LeaseService>, append?: (entry: AuditEntry) => Promise<void>) {
  const entries: AuditEntry[] = [];
  const unexpected = () => Promise.reject(new Error('not asked for'));
  const service = createAuditedLeases(
    { request: unexpected, release: unexpected, ...leases },
    {
      clock: createStoppedClock(),
      audit: {
        append: (entry) => {
          entries.push(entry);
          return append?.(entry) ?? Promise.resolve();
        },
      },
    },
  );
  return { entries, service };
}

const entry: AuditEntry = {
  at: sampleNow,
  actor: { id: alice.id, name: alice.name },
  address: null,
  action: 'request-lease',
  endpointId: endpoint,
  detail: '',
  outcome: 'confirmed',
  requestIds: [],
};

describe('the audit of leases', () => {
  it('tells of a request who and from where before anything is done, and until when after', async () => {
    const outcome = { kind: 'confirmed', lease: aLease(alice, 60), revision: 1 } as const;
    const { entries, service } = audited({
      async request(_principal, _endpointId, _minutes, begin) {
        expect(entries).toEqual([]);
        await begin?.();
        expect(entries).toHaveLength(1);
        return outcome;
      },
    });
    const principal = { ...alice, address: '203.0.113.7' };
    expect(await service.request(principal, endpoint, 60)).toBe(outcome);
    const detail = `until ${minutesAfter(sampleNow, 60).toISOString()}`;
    const asked = { ...entry, address: '203.0.113.7' };
    expect(entries).toEqual([
      { ...asked, outcome: 'begun', detail: 'for 60 minutes' },
      { ...asked, detail },
    ]);
  });

  it.each([
    [600, 'for 600 minutes'],
    [null, 'for no number of minutes'],
  ])('tells of a refused request what was asked for (%p minutes)', async (minutes, detail) => {
    const outcome = { kind: 'minutes-not-offered', offered: [30] } as const;
    const { entries, service } = audited({ request: () => Promise.resolve(outcome) });
    expect(await service.request(alice, endpoint, minutes)).toBe(outcome);
    expect(entries).toEqual([{ ...entry, detail, outcome: 'minutes-not-offered' }]);
  });

  it('tells of a lease that is given back, or may not be', async () => {
    const outcomes = [{ kind: 'released', revision: 2 }, { kind: 'not-permitted' }] as const;
    for (const outcome of outcomes) {
      const { entries, service } = audited({ release: () => Promise.resolve(outcome) });
      expect(await service.release(alice, endpoint)).toBe(outcome);
      expect(entries).toEqual([{ ...entry, action: 'release-lease', outcome: outcome.kind }]);
    }
  });

  it('tells of what has failed, and lets the failure through', async () => {
    const failure = new Error('no table');
    const { entries, service } = audited({ release: () => Promise.reject(failure) });
    await expect(service.release(alice, endpoint)).rejects.toBe(failure);
    expect(entries).toEqual([{ ...entry, action: 'release-lease', outcome: 'failed' }]);
  });

  it('lets the first failure through, where that cannot be written down either', async () => {
    const failure = new Error('no table');
    const { service } = audited({ release: () => Promise.reject(failure) }, () =>
      Promise.reject(new Error('no audit')),
    );
    await expect(service.release(alice, endpoint)).rejects.toBe(failure);
  });

  it('lets nothing be done that could not be written down before', async () => {
    let isDone = false;
    const { service } = audited(
      {
        async release(_principal, _endpointId, begin) {
          await begin?.();
          isDone = true;
          return { kind: 'released', revision: 1 };
        },
      },
      () => Promise.reject(new Error('no audit')),
    );
    await expect(service.release(alice, endpoint)).rejects.toThrow('no audit');
    expect(isDone).toBe(false);
  });

  it('has what was done, where what came of it could not be written down', async () => {
    const { entries, service } = audited(
      {
        async release(_principal, _endpointId, begin) {
          await begin?.();
          return { kind: 'released', revision: 1 };
        },
      },
      ({ outcome }) =>
        outcome === 'begun' ? Promise.resolve() : Promise.reject(new Error('no audit')),
    );
    await expect(service.release(alice, endpoint)).rejects.toThrow('no audit');
    expect(entries[0]).toEqual({ ...entry, action: 'release-lease', outcome: 'begun' });
  });
});
