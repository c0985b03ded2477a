import { beforeEach, describe, expect, it } from '@jest/globals';

import { daysAfter, secondsAfter } from '../../src/clock.ts';
import type { PendingEvent, Published } from '../../src/notify/domain-event.ts';
import { createOutbox, mostPending, oldestFirst } from '../../src/notify/outbox.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { aPendingEvent } from '../builders/events.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';

let clock: StoppedClock;
let log: RecordingLog;
let sent: (readonly string[])[];
let settled: (readonly string[])[];

beforeEach(() => {
  clock = createStoppedClock();
  log = createRecordingLog();
  sent = [];
  settled = [];
});

const all = (events: readonly PendingEvent[]): Published => ({
  delivered: events.map(({ id }) => id),
  answered: true,
});
const silence = (): Published => ({ delivered: [], answered: false });

function outboxOver(answer: (events: readonly PendingEvent[]) => Published) {
  return createOutbox({
    clock,
    log,
    publisher: {
      publish(events) {
        sent.push(events.map(({ id }) => id));
        return Promise.resolve(answer(events));
      },
    },
  });
}

const settle = (ids: readonly string[]): Promise<void> => {
  settled.push(ids);
  return Promise.resolve();
};
const event = (id: string, secondsAgo = 0): PendingEvent =>
  aPendingEvent({ id, at: secondsAfter(sampleNow, -secondsAgo) });

describe('the outbox', () => {
  it('delivers what is pending, the oldest first, and takes it out', async () => {
    await outboxOver(all).deliver([event('b'), event('c'), event('a', 9)], settle);
    expect(sent).toEqual([['a', 'b', 'c']]);
    expect(settled).toEqual([['a', 'b', 'c']]);
    expect(log.lines).toEqual([]);
  });

  it('asks nobody for anything where nothing is pending', async () => {
    await outboxOver(all).deliver([], settle);
    expect([sent, settled]).toEqual([[], []]);
  });

  it('delivers one that was decided twice once', async () => {
    await outboxOver(all).deliver([event('a', 9), event('a')], settle);
    expect(sent).toEqual([['a']]);
  });

  it('leaves where it is what was not delivered', async () => {
    const second = outboxOver(() => ({ delivered: ['b'], answered: true }));
    await second.deliver([event('a'), event('b')], settle);
    expect(settled).toEqual([['b']]);
  });

  it('takes out nothing where nothing was delivered', async () => {
    await outboxOver(silence).deliver([event('a')], settle);
    expect(settled).toEqual([]);
  });

  it('does not fail where it cannot be taken out: it comes once more', async () => {
    const refuse = () => Promise.reject(new Error('no table'));
    await outboxOver(all).deliver([event('a')], refuse);
    expect(log.lines).toMatchObject([
      { level: 'warn', message: 'delivered events not settled', fields: { events: ['a'] } },
    ]);
  });

  it('is quiet for a while where nobody has answered, and asks again after it', async () => {
    const answers = [silence, all];
    const outbox = outboxOver((events) => (answers.shift() ?? all)(events));
    await outbox.deliver([event('a')], settle);
    clock.advance(19);
    await outbox.deliver([event('b')], settle);
    expect(sent).toEqual([['a']]);
    clock.advance(1);
    await outbox.deliver([event('b')], settle);
    await outbox.deliver([event('c')], settle);
    expect(sent).toEqual([['a'], ['b'], ['c']]);
  });

  it('is not quiet where some were refused', async () => {
    const outbox = outboxOver(() => ({ delivered: [], answered: true }));
    await outbox.deliver([event('a')], settle);
    await outbox.deliver([event('a')], settle);
    expect(sent).toEqual([['a'], ['a']]);
  });

  it('gives up the oldest of too many, and says which', async () => {
    const events = Array.from({ length: mostPending + 2 }, (_, index) =>
      event(`event-${index}`, 100 - index),
    );
    await outboxOver(silence).deliver(events, settle);
    expect(settled).toEqual([['event-0', 'event-1']]);
    expect(sent[0]).toHaveLength(mostPending);
    expect(log.lines).toMatchObject([
      { level: 'error', message: 'events given up', fields: { events: ['event-0', 'event-1'] } },
    ]);
  });

  it('gives up what is a day old, and sends nothing where nothing else is there', async () => {
    const old = aPendingEvent({ id: 'old', at: daysAfter(sampleNow, -1) });
    await outboxOver(all).deliver([old], settle);
    expect([sent, settled]).toEqual([[], [['old']]]);
    const younger = aPendingEvent({ id: 'younger', at: secondsAfter(old.at, 1) });
    await outboxOver(all).deliver([younger], settle);
    expect(sent).toEqual([['younger']]);
  });
});

describe('the order of events', () => {
  it('is that of their moments, and of their ids at one moment', () => {
    expect([event('b'), event('a'), event('c', 1)].sort(oldestFirst).map(({ id }) => id)).toEqual([
      'c',
      'a',
      'b',
    ]);
  });
});
