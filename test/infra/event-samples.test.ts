import { describe, expect, it } from '@jest/globals';

import { caseNames, eventCase } from '../../infra/lib/event-cases.ts';
import { detailOf, typeOf } from '../builders/events.ts';
import { sampleEvents } from './sample-events.ts';

describe('the events that the infrastructure knows', () => {
  it.each(caseNames)('are such as the portal sends: the sample of %s', (name) => {
    const { event } = sampleEvents[name];
    const { detail, 'detail-type': detailType } = event;
    expect(detailOf({ detailType, detail })).toEqual(detail);
    expect(typeOf(detailType)).toBe(eventCase(name).type);
  });
});
