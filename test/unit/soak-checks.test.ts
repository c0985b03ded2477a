import { describe, expect, it } from '@jest/globals';

import type { Bill } from '../../scripts/local/client-vpn/bill.ts';
import { compareAccounts } from '../../scripts/soak/checks/accounts.ts';
import type { History } from '../../scripts/soak/checks/accounts.ts';
import { createHonouredCheck } from '../../scripts/soak/checks/honoured.ts';
import { createIdleCheck } from '../../scripts/soak/checks/idle.ts';
import { memoryTrend } from '../../scripts/soak/checks/memory.ts';
import { createJournal } from '../../scripts/soak/journal.ts';
import type { Laptops } from '../../scripts/soak/laptops.ts';
import { minuteMs } from '../../scripts/soak/moments.ts';
import type { NetworksOfPlace } from '../../scripts/soak/networks.ts';
import { createPromises } from '../../scripts/soak/promises.ts';
import { places } from '../../scripts/soak/town.ts';
import { faultOf } from '../../scripts/soak/visitors.ts';
import { minutesAfter } from '../../src/clock.ts';
import { parseAssociationId } from '../../src/vpn/ids.ts';
import type { AssociationId } from '../../src/vpn/ids.ts';

/* What the soak holds the product against: that each of its checks can fail. */

const [place] = places;
const associationId = ((): AssociationId => {
  const id = parseAssociationId('cvpn-assoc-0a1b2c3d4e5f60001');
  if (id === null) throw new Error('an id of the test does not parse');
  return id;
})();
const start = new Date('2026-03-02T00:00:00Z');
const off = {
  associations: [],
  usable: false,
  moving: false,
  changedAt: 0,
  onSince: null,
} as const;
const on: NetworksOfPlace = {
  associations: place.subnets.map((subnetId) => ({ id: subnetId, subnetId, status: 'associated' })),
  usable: true,
  moving: false,
  changedAt: 0,
  onSince: start.getTime(),
};

function world() {
  let now = start;
  const clock = { now: () => now };
  const journal = createJournal(clock);
  return {
    clock,
    journal,
    promises: createPromises(clock, () => Infinity),
    later: (minutes: number) => {
      now = minutesAfter(now, minutes);
      return { startedAt: now.getTime(), endedAt: now.getTime() };
    },
    broken: () => journal.violations().map(({ what }) => what),
  };
}

describe('the check of leases', () => {
  function runs(networks: NetworksOfPlace, minutes: number): readonly string[] {
    const { broken, journal, later, promises } = world();
    const check = createHonouredCheck(place, promises, journal);
    promises.askLease('alice', 120).settle('told');
    for (let passed = 0; passed < minutes; passed += 1) {
      check.afterCalmRun(later(1), networks, 0);
    }
    return broken();
  }

  it('finds an endpoint that stays off under a lease', () => {
    expect(runs(off, 30)[0]).toMatch(/^Tokyo office has no network, although the lease of alice/);
  });

  it('finds nothing where the endpoint is usable, or has had no time yet', () => {
    expect([runs(on, 30), runs(off, 15)]).toEqual([[], []]);
  });

  it.each([
    ['was given back', (promises: ReturnType<typeof createPromises>) => promises.giveBack('alice')],
    [
      'may have been overruled',
      (promises: ReturnType<typeof createPromises>) => promises.askStop(),
    ],
  ])('finds nothing where the lease %s, whatever was answered', (_what, ends) => {
    const { broken, journal, later, promises } = world();
    const check = createHonouredCheck(place, promises, journal);
    promises.askLease('alice', 120).settle('told');
    later(1);
    ends(promises).settle('unknown');
    for (let passed = 0; passed < 60; passed += 1) check.afterCalmRun(later(1), off, 0);
    expect(broken()).toEqual([]);
  });
});

describe('the check of what is idle', () => {
  function runs(connected: boolean, minutes: number): readonly string[] {
    const { broken, journal, later, promises } = world();
    const session = {
      connectionId: 'c',
      endpointId: place.id,
      person: 'alice',
      from: start.getTime(),
      silentSince: null,
    };
    const laptops: Pick<Laptops, 'inUse' | 'lastUsedAt'> = {
      inUse: () => (connected ? [session] : []),
      lastUsedAt: () => start.getTime(),
    };
    const pausedUntil = (): number => 0;
    const check = createIdleCheck({ place, promises, laptops, journal, pausedUntil });
    for (let passed = 0; passed < minutes; passed += 1) check.afterCalmRun(later(1), on, 0);
    return broken();
  }

  it('finds an endpoint that is on past its grace and three runs', () => {
    expect(runs(false, place.idleGraceMinutes + 5)[0]).toMatch(/^Tokyo office is idle since/);
  });

  it('finds nothing before, or while somebody is connected', () => {
    expect([runs(false, place.idleGraceMinutes), runs(true, 90)]).toEqual([[], []]);
  });
});

describe('the check of the accounts', () => {
  const from = minutesAfter(start, 10);
  const to = minutesAfter(start, 70);
  const readAt = Array.from({ length: 100 }, (_each, nth) => start.getTime() + nth * minuteMs);
  const bill: Bill = {
    associations: [
      { endpointId: place.id, subnetId: place.subnets[0] ?? '', associationId, from, to },
    ],
    connections: [],
  };

  function history(changed: Partial<History['periods'][number]> | null): History {
    const period = {
      endpointId: place.id,
      associationId,
      subnetId: null,
      from,
      to,
      seenAt: to,
      startedBy: { kind: 'portal' },
      endedBecause: 'idle',
      unobservedSince: null,
      unobservedUntil: null,
    } as const;
    return { periods: changed === null ? [] : [{ ...period, ...changed }], connections: [] };
  }

  it('finds nothing where history and bill say the same', () => {
    const accounts = compareAccounts(place, bill, history({}), readAt);
    expect(accounts).toMatchObject({ billedMinutes: 60, recordedMinutes: 60, difference: null });
  });

  it.each([
    ['a period that is missing', null],
    ['an end that is too late', { to: minutesAfter(to, 5) }],
    ['a beginning that is too late', { from: minutesAfter(from, 5) }],
    ['a period that never ends', { to: null }],
  ])('finds %s', (_what, changed) => {
    expect(compareAccounts(place, bill, history(changed), readAt).difference).not.toBeNull();
  });
});

describe('the check of memory', () => {
  const megabytes = (...values: readonly number[]) => values.map((each) => each * 2 ** 20);

  it('finds a heap that grows', () => {
    expect(memoryTrend(megabytes(40, 44, 48, 52, 56, 60, 64, 68, 72))?.isFlat).toBe(false);
  });

  it('finds nothing where it grows at first only', () => {
    expect(memoryTrend(megabytes(20, 30, 40, 50, 51, 50, 51, 50, 52))?.isFlat).toBe(true);
  });

  it('says nothing of a few samples', () => {
    expect(memoryTrend(megabytes(1, 2, 3, 4, 5, 6, 7, 8))).toBeNull();
  });
});

describe('the check of answers', () => {
  const asked = { begunAt: 100_000, endedAt: 101_000 };
  const nothing = { lastKillAt: () => 0, lastFaultAt: () => 0 };
  const killed = { lastKillAt: () => 100_500, lastFaultAt: () => 0 };
  const failed = { lastKillAt: () => 0, lastFaultAt: () => 100_500 };

  it.each([
    [500, failed],
    [500, killed],
    [504, failed],
    [404, failed],
    [503, nothing],
    [503, killed],
    [502, failed],
    [null, nothing],
  ])('finds %p where nothing explains it', (status, excuses) => {
    expect(faultOf({ status }, asked, excuses)).not.toBeNull();
  });

  it.each([
    [200, nothing],
    [303, nothing],
    [409, nothing],
    [503, failed],
    [502, killed],
    [null, killed],
  ])('lets %p pass', (status, excuses) => {
    expect(faultOf({ status }, asked, excuses)).toBeNull();
  });
});
