import { describe, expect, it } from '@jest/globals';

import { heldLeases, heldUntil, isHeld } from '../../src/lease/lease.ts';
import { aLease, alice, bob, dave, sampleNow } from '../builders/endpoint-for-person.ts';
import { ahead } from '../builders/endpoint-record.ts';

describe('a lease', () => {
  it('is held until its end, and not at it', () => {
    expect(isHeld(aLease(alice, 1), sampleNow)).toBe(true);
    expect(isHeld(aLease(alice, 0), sampleNow)).toBe(false);
    expect(isHeld(aLease(alice, -1), sampleNow)).toBe(false);
  });
});

describe('the held leases', () => {
  const leases = [aLease(alice, 10), aLease(dave, -5), aLease(bob, 20)];

  it('come with the one that ends last first, and without those that have ended', () => {
    expect(heldLeases(leases, sampleNow)).toEqual([leases[2], leases[0]]);
  });

  it('hold until the last end', () => {
    expect(heldUntil(leases, sampleNow)).toEqual(ahead(20));
    expect(heldUntil([aLease(dave, -5)], sampleNow)).toBeNull();
    expect(heldUntil([], sampleNow)).toBeNull();
  });
});
