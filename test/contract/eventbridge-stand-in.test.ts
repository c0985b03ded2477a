import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { refusalOf, startAwsStack } from './ec2-stack.ts';
import type { AwsStack } from './ec2-stack.ts';
import { createEventBridgeStandIn } from '../../scripts/local/eventbridge/event-bridge-stand-in.ts';
import { createFaults } from '../../scripts/local/faults.ts';

const entry: PutEventsRequestEntry = {
  Source: 'vpn-portal',
  DetailType: 'Endpoint started',
  Detail: JSON.stringify({ endpoint: '東京' }),
};

let stack: AwsStack;
let events: EventBridgeClient;
let fired: Date[];
let target: () => Promise<void>;

beforeEach(async () => {
  fired = [];
  target = () => Promise.resolve();
  stack = await startAwsStack({
    rules: [
      {
        name: 'reconcile',
        scheduleExpression: 'rate(1 minute)',
        fire: async () => {
          fired.push(stack.clock.now());
          await target();
        },
      },
    ],
  });
  events = new EventBridgeClient({
    endpoint: stack.url,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  events.destroy();
  await stack.close();
});

describe('PutEvents', () => {
  test('takes events and keeps them in order', async () => {
    const answer = await events.send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Time: new Date('2026-02-01T00:00:00Z'), Resources: ['arn:aws:x'] },
          { ...entry, EventBusName: 'office' },
        ],
      }),
    );
    expect(answer.FailedEntryCount).toBe(0);
    expect(answer.Entries).toHaveLength(2);
    expect(stack.eventBridge.events()).toEqual([
      {
        id: answer.Entries?.[0]?.EventId,
        source: 'vpn-portal',
        detailType: 'Endpoint started',
        detail: { endpoint: '東京' },
        time: new Date('2026-02-01T00:00:00Z'),
        resources: ['arn:aws:x'],
        eventBusName: 'default',
      },
      {
        id: answer.Entries?.[1]?.EventId,
        source: 'vpn-portal',
        detailType: 'Endpoint started',
        detail: { endpoint: '東京' },
        time: new Date('2026-03-01T09:00:00Z'),
        resources: [],
        eventBusName: 'office',
      },
    ]);
  });

  test('takes the good entries of a request and names what is wrong with the others', async () => {
    const answer = await events.send(
      new PutEventsCommand({
        Entries: [
          entry,
          { ...entry, Source: undefined },
          { ...entry, Detail: '{' },
          { ...entry, Detail: '[]' },
          { ...entry, Source: 'aws.ec2' },
        ],
      }),
    );
    expect(answer.FailedEntryCount).toBe(4);
    expect(answer.Entries?.map((one) => one.ErrorCode)).toEqual([
      undefined,
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
    ]);
    expect(stack.eventBridge.events()).toHaveLength(1);
  });

  test.each([
    ['no entries', []],
    ['eleven entries', Array.from({ length: 11 }, () => entry)],
    ['a megabyte', [{ ...entry, Detail: JSON.stringify({ text: 'x'.repeat(1024 * 1024) }) }]],
  ])('refuses %s as a whole', async (_title, Entries) => {
    expect(await refusalOf(events.send(new PutEventsCommand({ Entries })))).toEqual({
      code: 'ValidationException',
      status: 400,
    });
    expect(stack.eventBridge.events()).toEqual([]);
  });

  test('takes ten entries of just under a megabyte together', async () => {
    const large = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(104_000) }) };
    const answer = await events.send(
      new PutEventsCommand({ Entries: Array.from({ length: 10 }, () => large) }),
    );
    expect(answer.FailedEntryCount).toBe(0);
  });
});

describe('a rule', () => {
  test('is described, disabled and enabled', async () => {
    const described = await events.send(new DescribeRuleCommand({ Name: 'reconcile' }));
    expect(described).toMatchObject({
      Name: 'reconcile',
      Arn: 'arn:aws:events:ap-northeast-1:123456789012:rule/reconcile',
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      EventBusName: 'default',
    });
    await events.send(new DisableRuleCommand({ Name: 'reconcile' }));
    expect((await events.send(new DescribeRuleCommand({ Name: 'reconcile' }))).State).toBe(
      'DISABLED',
    );
    await events.send(new EnableRuleCommand({ Name: 'reconcile' }));
    expect((await events.send(new DescribeRuleCommand({ Name: 'reconcile' }))).State).toBe(
      'ENABLED',
    );
  });

  test('that does not exist, a name that cannot be, and an operation that is not there', async () => {
    const described = (Name: string | undefined): Promise<unknown> =>
      refusalOf(events.send(new DescribeRuleCommand({ Name })));
    expect(await described('nothing')).toMatchObject({ code: 'ResourceNotFoundException' });
    expect(await described('a rule')).toMatchObject({ code: 'ValidationException' });
    expect(await described(undefined)).toMatchObject({ code: 'ValidationException' });
    expect(await refusalOf(events.send(new EnableRuleCommand({ Name: 'nothing' })))).toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(await refusalOf(events.send(new ListRulesCommand({})))).toMatchObject({
      code: 'UnknownOperationException',
    });
  });

  test('fires at once, then every minute', async () => {
    await stack.eventBridge.fireDue();
    await stack.eventBridge.fireDue();
    expect(fired).toHaveLength(1);
    stack.advanceMinutes(1);
    await stack.eventBridge.fireDue();
    expect(fired).toHaveLength(2);
  });

  test('fires once, not sixty times, when the clock moves by an hour', async () => {
    await stack.eventBridge.fireDue();
    stack.advanceMinutes(60);
    await stack.eventBridge.fireDue();
    await stack.eventBridge.fireDue();
    expect(fired).toHaveLength(2);
  });

  test('does not fire while it is disabled', async () => {
    await events.send(new DisableRuleCommand({ Name: 'reconcile' }));
    stack.advanceMinutes(5);
    await stack.eventBridge.fireDue();
    expect(fired).toHaveLength(0);
    await events.send(new EnableRuleCommand({ Name: 'reconcile' }));
    await stack.eventBridge.fireDue();
    expect(fired).toHaveLength(1);
  });

  test('goes on after a target that failed', async () => {
    target = () => Promise.reject(new Error('EC2 is away'));
    await stack.eventBridge.fireDue();
    stack.advanceMinutes(1);
    await stack.eventBridge.fireDue();
    expect(fired).toHaveLength(2);
  });

  test('never runs its target twice at once, and stopping waits for it', async () => {
    let finish = (): void => undefined;
    target = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const first = stack.eventBridge.fireDue();
    await Promise.resolve();
    stack.advanceMinutes(1);
    const second = stack.eventBridge.fireDue();
    expect(fired).toHaveLength(1);
    target = () => Promise.resolve();
    finish();
    await Promise.all([first, second]);
    expect(fired).toHaveLength(2);
    await stack.eventBridge.stop();
  });

  test('fires by itself once started, and no more once stopped', async () => {
    stack.eventBridge.start();
    await waitFor(() => fired.length === 1);
    stack.advanceMinutes(1);
    await waitFor(() => fired.length === 2);
    await stack.eventBridge.stop();
    stack.advanceMinutes(1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(fired).toHaveLength(2);
  });
});

test('the error of a target is told to whoever wants to know', async () => {
  const told: unknown[] = [];
  const failure = new Error('EC2 is away');
  const eventBridge = createEventBridgeStandIn({
    clock: stack.clock,
    faults: createFaults(),
    rules: [
      {
        name: 'reconcile',
        scheduleExpression: 'rate(5 minutes)',
        fire: () => Promise.reject(failure),
      },
    ],
    onTargetError: (ruleName, error) => told.push([ruleName, error]),
  });
  await eventBridge.fireDue();
  expect(told).toEqual([['reconcile', failure]]);
});

test.each(['cron(0 12 * * ? *)', 'rate(1 minutes)', 'rate(5 minute)', 'rate(0 minutes)', 'hourly'])(
  'a schedule of %s is refused with a sentence',
  (scheduleExpression) => {
    expect(() =>
      createEventBridgeStandIn({
        clock: stack.clock,
        faults: createFaults(),
        rules: [{ name: 'reconcile', scheduleExpression, fire: () => Promise.resolve() }],
      }),
    ).toThrow(`The schedule ${scheduleExpression} cannot be simulated`);
  },
);

test('a fault is answered in the protocol of EventBridge, before or after the work', async () => {
  for (const effect of ['before', 'after'] as const) {
    stack.faults.add({
      service: 'events',
      action: 'PutEvents',
      code: 'ThrottlingException',
      status: 400,
      times: 1,
      effect,
    });
  }
  const put = (): Promise<unknown> =>
    refusalOf(events.send(new PutEventsCommand({ Entries: [entry] })));
  expect(await put()).toEqual({ code: 'ThrottlingException', status: 400 });
  expect(stack.eventBridge.events()).toHaveLength(0);
  expect(await put()).toEqual({ code: 'ThrottlingException', status: 400 });
  expect(stack.eventBridge.events()).toHaveLength(1);
});

test('a request without a signature, and one that is no JSON, are refused', async () => {
  const ask = async (headers: Record<string, string>): Promise<unknown> => {
    const response = await fetch(stack.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSEvents.PutEvents',
        ...headers,
      },
      body: 'hello',
    });
    return response.json();
  };
  expect(await ask({})).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  expect(
    await ask({
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260301/ap-northeast-1/events/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    }),
  ).toMatchObject({ __type: 'SerializationException' });
});

async function waitFor(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 100) throw new Error('It did not happen within five seconds.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
