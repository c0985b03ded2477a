import { describe, expect, it } from '@jest/globals';

import { unjudgedReasons } from '../../src/audit/connect-denials.ts';
import { answerMeasurements } from '../../src/metrics/answer-measurements.ts';

describe('an answer to a client that wants to connect', () => {
  it('counts as let in', () => {
    expect(answerMeasurements({ allowed: true, judged: true, reason: null })).toEqual([
      { name: 'ClientsLetIn', value: 1, of: null },
    ]);
  });

  it('counts as denied, by its reason', () => {
    expect(answerMeasurements({ allowed: false, judged: true, reason: 'not-in-group' })).toEqual([
      { name: 'ClientsDenied', value: 1, of: 'not-in-group' },
    ]);
  });

  it.each(unjudgedReasons)('counts as not judged, besides, by the reason %s', (reason) => {
    const unjudged = { name: 'ClientsUnjudged', value: 1, of: reason };
    expect(answerMeasurements({ allowed: true, judged: false, reason })).toEqual([
      { name: 'ClientsLetIn', value: 1, of: null },
      unjudged,
    ]);
    expect(answerMeasurements({ allowed: false, judged: false, reason })).toEqual([
      { name: 'ClientsDenied', value: 1, of: reason },
      unjudged,
    ]);
  });
});
