import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Log } from '../../src/log.ts';
import { createBoundedLog } from '../../src/web/bounded-log.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';

let clock: StoppedClock;
let log: RecordingLog;
let bounded: Log;

beforeEach(() => {
  clock = createStoppedClock();
  log = createRecordingLog();
  bounded = createBoundedLog(clock, log);
});

function write(times: number): void {
  for (let count = 0; count < times; count += 1) bounded.info({ count }, 'request');
}

describe('a log of what strangers do', () => {
  it('has every line as it is, up to three hundred a minute', () => {
    bounded.warn({ a: 1 }, 'refused');
    bounded.error({ b: 2 }, 'failed');
    write(298);
    expect(log.lines).toHaveLength(300);
    expect(log.lines.slice(0, 2)).toEqual([
      { level: 'warn', message: 'refused', fields: { a: 1 } },
      { level: 'error', message: 'failed', fields: { b: 2 } },
    ]);
  });

  it('says once that it leaves lines out, of whichever level', () => {
    write(1000);
    bounded.error({}, 'failed');
    expect(log.lines).toHaveLength(301);
    expect(log.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: 'too many lines about strangers: the rest is counted',
    });
  });

  it('says in the next minute how many they were, and goes on', () => {
    write(310);
    clock.advance(59);
    write(1);
    clock.advance(1);
    write(2);
    expect(log.lines.slice(301)).toEqual([
      {
        level: 'warn',
        message: 'lines about strangers were left out',
        fields: { leftOut: 11, since: sampleNow },
      },
      { level: 'info', message: 'request', fields: { count: 0 } },
      { level: 'info', message: 'request', fields: { count: 1 } },
    ]);
  });

  it('says nothing of the kind where nothing was left out', () => {
    write(300);
    clock.advance(60);
    write(300);
    expect(new Set(log.messages())).toEqual(new Set(['request']));
  });

  it('is not silent for long where the clock is set back', () => {
    write(400);
    clock.advance(-3600);
    write(1);
    expect(log.lines).toHaveLength(303);
  });
});
