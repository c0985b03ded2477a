import { describe, expect, it } from '@jest/globals';

import { heldLeases, heldUntil, isHeld, isVoid } from '../../src/lease/lease.ts';
import type { HeldAsOf } from '../../src/lease/lease.ts';
import { aLease, alice, bob, dave, sampleNow } from '../builders/endpoint-for-person.ts';
import { ago, ahead } from '../builders/endpoint-record.ts';

const asOf = (stoppedAt: Date | null = null): HeldAsOf => ({ now: sampleNow, stoppedAt });

describe('a lease', () => {
  it('is held until its end, and not at it', () => {
    expect(isHeld(aLease(alice, 1), asOf())).toBe(true);
    expect(isHeld(aLease(alice, 0), asOf())).toBe(false);
    expect(isHeld(aLease(alice, -1), asOf())).toBe(false);
  });

  it.each([
    ['after it', 29, false],
    ['at the same moment', 30, false],
    ['before it', 30.001, true],
  ])('is void where an administrator’s stop came %s', (_, minutesAgo, held) => {
    // Asked for half an hour ago.
    expect(isHeld(aLease(alice, 10), asOf(ago(minutesAgo)))).toBe(held);
  });

  it('counts from when it was last asked for, not from when it was first', () => {
    const extended = { ...aLease(alice, 10), requestedAt: ago(60), askedAt: ago(5) };
    expect(isHeld(extended, asOf(ago(6)))).toBe(true);
    expect(isHeld(extended, asOf(ago(4)))).toBe(false);
  });

  it('that has ended is not held because it was asked for after a stop', () => {
    expect(isHeld(aLease(alice, 0), asOf(ago(40)))).toBe(false);
  });
});

describe('a lease and an administrator’s stop', () => {
  // Asked for half an hour ago.
  it.each([
    ['none', null, false],
    ['one before it', ago(30.001), false],
    ['one in the same moment', ago(30), true],
    ['one after it', ago(29), true],
  ])('is void by %s: its end does not matter', (_, stoppedAt, voided) => {
    for (const minutes of [300, 0, -10]) {
      expect(isVoid(aLease(alice, minutes), stoppedAt)).toBe(voided);
    }
  });
});

describe('the held leases', () => {
  const leases = [aLease(alice, 10), aLease(dave, -5), aLease(bob, 20)];

  it('come with the one that ends last first, and without those that have ended', () => {
    expect(heldLeases(leases, asOf())).toEqual([leases[2], leases[0]]);
  });

  it('hold until the last end', () => {
    expect(heldUntil(leases, asOf())).toEqual(ahead(20));
    expect(heldUntil([aLease(dave, -5)], asOf())).toBeNull();
    expect(heldUntil([], asOf())).toBeNull();
  });

  it('are those that no stop has voided', () => {
    const asked = leases.map((lease, index) => ({ ...lease, askedAt: ago(10 * (index + 1)) }));
    expect(heldLeases(asked, asOf(ago(15)))).toEqual([asked[0]]);
    expect(heldUntil(asked, asOf(ago(15)))).toEqual(ahead(10));
    expect(heldUntil(asked, asOf(ago(5)))).toBeNull();
  });
});
