import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import {
  heldOff,
  heldOnUntil,
  holdInEffect,
  leasesCount,
  saidAfter,
  wantedOn,
} from '../../src/lease/hold.ts';
import { aHold, aLease, alice, carol, sampleNow } from '../builders/endpoint-for-person.ts';
import { aRecord, ago, ahead } from '../builders/endpoint-record.ts';

const by = { id: carol.id, name: carol.name };
const stopped = (minutesAgo: number) => ({ stopRequest: { by, at: ago(minutesAgo) } });
const orders = (overrides: Partial<EndpointRecord>) => aRecord(overrides);

describe('a hold', () => {
  it('is in effect until its end, and not at it', () => {
    const hold = aHold('off', { until: ahead(5) });
    expect(holdInEffect(orders({ hold }), sampleNow)).toBe(hold);
    expect(holdInEffect(orders({ hold }), secondsAfter(ahead(5), -0.001))).toBe(hold);
    expect(holdInEffect(orders({ hold }), ahead(5))).toBeNull();
    expect(holdInEffect(orders({}), sampleNow)).toBeNull();
  });

  // The hold was said ten minutes ago.
  it.each([
    ['on', 'later', 9, false],
    ['on', 'at the same moment', 10, false],
    ['on', 'earlier', 11, true],
    ['off', 'later', 9, true],
    ['off', 'at the same moment', 10, true],
    ['off', 'earlier', 11, true],
  ] as const)('%s, and a stop that was ordered %s', (kind, _, minutesAgo, inEffect) => {
    const record = orders({ hold: aHold(kind), ...stopped(minutesAgo) });
    expect(holdInEffect(record, sampleNow) !== null).toBe(inEffect);
  });

  it('off is the reason, with who, until when, and why', () => {
    expect(heldOff(aHold('off'))).toEqual({
      code: 'held-off',
      until: ahead(110),
      by: carol.name,
      why: 'Maintenance of the file server',
    });
  });
});

describe('when a hold-on came to its end by itself', () => {
  const ended = (record: Partial<EndpointRecord>) => heldOnUntil(orders(record), sampleNow);

  it('is its end, from that moment on', () => {
    expect(ended({ hold: aHold('on', { until: ago(5) }) })).toEqual(ago(5));
    expect(ended({ hold: aHold('on', { until: sampleNow }) })).toEqual(sampleNow);
    expect(ended({ hold: aHold('on', { until: secondsAfter(sampleNow, 0.001) }) })).toBeNull();
  });

  it('is not at all where there was none, or it held off', () => {
    expect(ended({})).toBeNull();
    expect(ended({ hold: aHold('off', { until: ago(5) }) })).toBeNull();
  });

  // The hold was said ten minutes ago.
  it('is not its end where a stop had voided it before', () => {
    const hold = aHold('on', { until: ago(5) });
    expect(ended({ hold, ...stopped(9) })).toBeNull();
    expect(ended({ hold, ...stopped(10) })).toBeNull();
    expect(ended({ hold, ...stopped(11) })).toEqual(ago(5));
  });
});

describe('until when an endpoint shall be on', () => {
  const wanted = (record: Partial<EndpointRecord>, ...minutes: readonly number[]) =>
    wantedOn(
      orders(record),
      minutes.map((each) => aLease(alice, each)),
      sampleNow,
    );

  it('is not at all where nobody wants it', () => {
    expect(wanted({})).toBeNull();
    expect(wanted({}, -1)).toBeNull();
  });

  it('is the last end of the leases', () => {
    expect(wanted({}, 30, 60)).toEqual(ahead(60));
  });

  it('is the end of a hold-on, or that of a lease which ends later', () => {
    const hold = aHold('on');
    expect(wanted({ hold })).toBe(hold.until);
    expect(wanted({ hold }, 30)).toBe(hold.until);
    expect(wanted({ hold }, 110)).toBe(hold.until);
    expect(wanted({ hold }, 111)).toEqual(ahead(111));
  });

  it('is not at all while it is held off, whatever the leases say, and is theirs after', () => {
    expect(wanted({ hold: aHold('off') }, 300)).toBeNull();
    expect(wanted({ hold: aHold('off', { until: sampleNow }) }, 300)).toEqual(ahead(300));
  });

  it('is not at all where a stop has voided the leases and the hold', () => {
    expect(wanted({ hold: aHold('on'), ...stopped(5) }, 60)).toBeNull();
    // A stop between the lease, of half an hour ago, and the hold, of ten minutes ago.
    expect(wanted({ hold: aHold('on'), ...stopped(20) }, 300)).toEqual(ahead(110));
  });

  it('counts leases from the last stop on', () => {
    expect(leasesCount(orders({}), sampleNow)).toEqual({ now: sampleNow, stoppedAt: null });
    expect(leasesCount(orders(stopped(5)), sampleNow)).toEqual({
      now: sampleNow,
      stoppedAt: ago(5),
    });
  });
});

describe('what is said after something else', () => {
  it('is said now, or just after that by a clock which is behind', () => {
    expect(saidAfter(null, sampleNow)).toEqual(sampleNow);
    expect(saidAfter(ago(1), sampleNow)).toEqual(sampleNow);
    expect(saidAfter(sampleNow, sampleNow)).toEqual(secondsAfter(sampleNow, 0.001));
    expect(saidAfter(ahead(1), sampleNow)).toEqual(secondsAfter(ahead(1), 0.001));
  });
});
