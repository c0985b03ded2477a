import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';

import { createEventBridgeEvents } from '../../src/aws/eventbridge-events.ts';
import { eventSource } from '../../src/config/event-names.ts';
import { secondsAfter } from '../../src/clock.ts';
import type { EventPublisher, PendingEvent } from '../../src/notify/domain-event.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { aPendingEvent, detailOf } from '../builders/events.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createEventBridgeClients } from './event-bridge-clients.ts';
import { startAwsStack } from './ec2-stack.ts';
import type { AwsStack } from './ec2-stack.ts';

const busName = 'vpn-portal';
let stack: AwsStack;
let log: RecordingLog;
const clients = createEventBridgeClients();

beforeEach(async () => {
  log = createRecordingLog();
  stack = await startAwsStack();
});
afterEach(async () => {
  clients.close();
  await stack.close();
});

function publisher(connection: EventBridgeClientConfig = {}): EventPublisher {
  const client = clients.connect(stack.url, connection);
  return createEventBridgeEvents({ client, busName, log });
}

const some = (count: number): readonly PendingEvent[] =>
  Array.from({ length: count }, (_, index) =>
    aPendingEvent({ id: `event-${index}`, at: secondsAfter(sampleNow, index) }),
  );
const idsOf = (events: readonly PendingEvent[]) => events.map(({ id }) => id);
const arrived = () => stack.eventBridge.events().map((event) => detailOf(event)['id']);

function fail(code: string, status: number, times = 1, effect: 'before' | 'after' = 'before') {
  stack.faults.add({ service: 'events', action: 'PutEvents', code, status, times, effect });
}

describe('events on the bus', () => {
  it('arrive as they were decided, and are answered', async () => {
    const event = aPendingEvent();
    expect(await publisher().publish([event])).toEqual({ delivered: ['event-1'], answered: true });
    expect(stack.eventBridge.events()).toMatchObject([
      {
        source: eventSource,
        detailType: 'Endpoint Stopped',
        detail: detailOf(event),
        time: sampleNow,
        eventBusName: busName,
      },
    ]);
    expect(log.lines).toEqual([]);
  });

  it('are sent ten at a time at the most', async () => {
    const events = some(23);
    expect(await publisher().publish(events)).toEqual({
      delivered: idsOf(events),
      answered: true,
    });
    expect(arrived()).toEqual(idsOf(events));
  });

  it('are sent alone where together they are too large', async () => {
    const large = [1, 2, 3].map((number) => {
      const detail = JSON.stringify({ text: '東'.repeat(60_000) });
      return aPendingEvent({ id: `large-${number}`, detail });
    });
    fail('InternalException', 500, 2);
    // The first call fails, with its retry, and nothing has arrived: so they were not all in one.
    expect(await publisher().publish(large)).toMatchObject({ delivered: [], answered: false });
    expect(await publisher().publish(large)).toEqual({ delivered: idsOf(large), answered: true });
  });
});

describe('an EventBridge that fails', () => {
  it('once is asked once more', async () => {
    fail('InternalException', 500);
    expect((await publisher().publish(some(2))).delivered).toHaveLength(2);
    expect(arrived()).toHaveLength(2);
    expect(log.lines).toEqual([]);
  });

  it('loses an answer: the events come twice, and are recognised by their id', async () => {
    fail('ConnectionReset', 0, 1, 'after');
    expect((await publisher().publish(some(1))).delivered).toEqual(['event-0']);
    expect(arrived()).toEqual(['event-0', 'event-0']);
  });

  it('keeps failing: nothing is delivered, and the log says so', async () => {
    fail('InternalException', 500, 99);
    expect(await publisher().publish(some(2))).toEqual({ delivered: [], answered: false });
    expect(log.lines).toMatchObject([
      { level: 'warn', message: 'events not delivered', fields: { bus: busName, left: 2 } },
    ]);
  });

  it('may not be used: nothing is delivered, and the log says why', async () => {
    fail('AccessDeniedException', 400);
    expect((await publisher().publish(some(1))).delivered).toEqual([]);
    expect(log.lines).toMatchObject([{ fields: { error: { name: 'AccessDeniedException' } } }]);
  });

  it('refuses some of them in an answer that is a success: those are left', async () => {
    fail('FailedEntries', 200);
    expect(await publisher().publish(some(5))).toEqual({
      delivered: ['event-1', 'event-3'],
      answered: true,
    });
    expect(arrived()).toEqual(['event-1', 'event-3']);
    const refused = ['event-0', 'event-2', 'event-4'].map((id) => ({
      id,
      code: 'InternalFailure',
    }));
    expect(log.lines).toMatchObject([
      { level: 'warn', message: 'events refused', fields: { bus: busName, refused } },
    ]);
  });

  it('fails in the middle: what was delivered before is known', async () => {
    fail('FailedEntries', 200);
    fail('AccessDeniedException', 400);
    const { answered, delivered } = await publisher().publish(some(20));
    expect(answered).toBe(false);
    expect(delivered).toEqual(['event-1', 'event-3', 'event-5', 'event-7', 'event-9']);
  });

  it('hangs: it is given up in a bounded time', async () => {
    fail('Timeout', 0, 99);
    expect(await publisher().publish(some(30))).toEqual({ delivered: [], answered: false });
    expect(log.messages()).toEqual(['events not delivered']);
  });

  it('is not reached for want of credentials: it is given up in a bounded time', async () => {
    const never = new Promise<never>(() => undefined);
    const publishing = publisher({ credentials: () => never }).publish(some(1));
    expect(await publishing).toEqual({ delivered: [], answered: false });
  });
});
