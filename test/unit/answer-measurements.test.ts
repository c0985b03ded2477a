import { describe, expect, it } from '@jest/globals';

import { answerMeasurements } from '../../src/metrics/answer-measurements.ts';

describe('an answer to a client that wants to connect', () => {
  it('counts as let in, also where that was by the setting alone', () => {
    const letIn = [{ name: 'ClientsLetIn', value: 1, of: null }];
    expect(answerMeasurements({ allowed: true, reason: null })).toEqual(letIn);
    expect(answerMeasurements({ allowed: true, reason: 'not-decided-in-time' })).toEqual(letIn);
  });

  it('counts as denied, by its reason', () => {
    expect(answerMeasurements({ allowed: false, reason: 'not-in-group' })).toEqual([
      { name: 'ClientsDenied', value: 1, of: 'not-in-group' },
    ]);
  });
});
