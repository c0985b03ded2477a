import { describe, expect, it } from '@jest/globals';

import {
  begunAt,
  isOfBefore,
  lastAskedForAt,
  newEndpointRecord,
  orderedStop,
} from '../../src/lease/endpoint-record.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { aHold, sampleIds } from '../builders/endpoint-for-person.ts';
import {
  aRecord,
  aStartIntent,
  aStopIntent,
  aStopRequest,
  ago,
} from '../builders/endpoint-record.ts';

const heldOn = (minutesAgo: number) => ({ hold: aHold('on', { at: ago(minutesAgo) }) });
const asked = (minutesAgo: number) => ({ lastRequestAt: ago(minutesAgo) });

describe('when what is on was begun', () => {
  it('is when the start was taken up, and later since when it can be used', () => {
    const intent = aStartIntent({ since: ago(4) });
    expect(begunAt(aRecord({ intent, onSince: ago(60) }))).toEqual(ago(4));
    expect(begunAt(aRecord({ onSince: ago(60) }))).toEqual(ago(60));
    expect(begunAt(aRecord({ intent: aStopIntent(), onSince: ago(60) }))).toEqual(ago(60));
  });

  it('is not known of what was never seen', () => {
    expect(begunAt(newEndpointRecord(sampleIds.endpoint))).toBeNull();
  });
});

describe('when somebody last wanted it on', () => {
  const lastAsked = (record: Partial<EndpointRecord>) => lastAskedForAt(aRecord(record), ago(20));

  it('is when it was begun, where nobody has asked since', () => {
    expect(lastAsked({})).toEqual(ago(20));
    expect(lastAsked({ ...asked(30), ...heldOn(25) })).toEqual(ago(20));
  });

  it('is the last request, or the hold-on, whichever is later', () => {
    expect(lastAsked(asked(5))).toEqual(ago(5));
    expect(lastAsked(heldOn(5))).toEqual(ago(5));
    expect(lastAsked({ ...asked(5), ...heldOn(4) })).toEqual(ago(4));
    expect(lastAsked({ ...asked(4), ...heldOn(5) })).toEqual(ago(4));
  });

  it('is not when somebody held it off', () => {
    expect(lastAsked({ hold: aHold('off', { at: ago(5) }) })).toEqual(ago(20));
  });
});

describe('an order of ten minutes ago', () => {
  const applies = (record: Partial<EndpointRecord>) => isOfBefore(aRecord(record), ago(10));

  it.each([
    [11, true],
    [10, true],
    [9, false],
  ])('is about what was begun %i minutes ago: %p', (minutes, expected) => {
    expect(applies({ onSince: ago(minutes) })).toBe(expected);
    expect(applies({ intent: aStartIntent({ since: ago(minutes) }) })).toBe(expected);
  });

  it.each([
    [11, true],
    [10, true],
    [9, false],
  ])('is about what somebody has wanted %i minutes ago: %p', (minutes, expected) => {
    expect(applies({ onSince: ago(60), ...asked(minutes) })).toBe(expected);
    expect(applies({ onSince: ago(60), ...heldOn(minutes) })).toBe(expected);
  });

  it('is about nothing where nothing is on, whatever was asked for before', () => {
    expect(applies({ onSince: null })).toBe(false);
    expect(applies({ onSince: null, ...asked(30) })).toBe(false);
  });
});

describe('a stop that was ordered', () => {
  const stopRequest = aStopRequest(10);
  const ordered = (overrides: Partial<EndpointRecord>) =>
    orderedStop(aRecord({ stopRequest, onSince: ago(60), ...overrides }));

  it('is of what was begun by then, and of nothing begun since', () => {
    expect(ordered({})).toBe(stopRequest);
    expect(ordered({ onSince: ago(10) })).toBe(stopRequest);
    expect(ordered({ onSince: ago(9) })).toBeNull();
    expect(ordered({ onSince: null })).toBeNull();
  });

  it('is over once somebody has asked since', () => {
    expect(ordered(asked(9))).toBeNull();
    expect(ordered(heldOn(9))).toBeNull();
    expect(ordered({ ...asked(11), ...heldOn(11) })).toBe(stopRequest);
    // Whoever keeps it off does not want it on.
    expect(ordered({ hold: aHold('off', { at: ago(9) }) })).toBe(stopRequest);
  });

  it('is none where nobody has ordered one', () => {
    expect(ordered({ stopRequest: null })).toBeNull();
  });
});
