import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DisableRuleCommand, EnableRuleCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClient, EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import { createEventBridgeScheduleRule } from '../../src/aws/eventbridge-schedule-rule.ts';
import { createSharedScheduleRule } from '../../src/lease/schedule-rule.ts';
import type { ScheduleRule } from '../../src/lease/schedule-rule.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { createEventBridgeClients } from './event-bridge-clients.ts';
import { startAwsStack } from './ec2-stack.ts';
import type { AwsStack } from './ec2-stack.ts';

const name = 'vpn-portal-reconciler';
let stack: AwsStack;
let log: RecordingLog;
const clients = createEventBridgeClients();

beforeEach(async () => {
  log = createRecordingLog();
  stack = await startAwsStack({
    rules: [{ name, scheduleExpression: 'rate(1 minute)', fire: () => Promise.resolve() }],
  });
});
afterEach(async () => {
  clients.close();
  await stack.close();
});

function clientFor(connection: EventBridgeClientConfig = {}): EventBridgeClient {
  return clients.connect(stack.url, connection);
}

function ruleOf(client = clientFor(), ruleName = name): ScheduleRule {
  return createEventBridgeScheduleRule({ client, name: ruleName, log });
}

function fail(code: string, status: number, times = 1, action = 'DescribeRule'): void {
  stack.faults.add({
    service: 'events',
    action,
    code,
    status,
    times,
    effect: 'before',
  });
}

describe('the rule of the schedule', () => {
  it('is enabled, or disabled, as EventBridge has it at the time', async () => {
    const client = clientFor();
    const rule = ruleOf(client);

    expect(await rule.state()).toBe('enabled');
    await client.send(new DisableRuleCommand({ Name: name }));
    expect(await rule.state()).toBe('disabled');
    await client.send(new EnableRuleCommand({ Name: name }));
    expect(await rule.state()).toBe('enabled');
    expect(log.lines).toEqual([]);
  });

  it('is missing where EventBridge has none of this name', async () => {
    expect(await ruleOf(clientFor(), 'another').state()).toBe('missing');
    expect(log.lines).toEqual([]);
  });

  it('is unknown where the portal may not look, and the log says so', async () => {
    fail('AccessDeniedException', 400);

    expect(await ruleOf().state()).toBe('unknown');
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { rule: name, error: { name: 'AccessDeniedException' } } },
    ]);
  });

  it('is asked for once more where EventBridge stumbles', async () => {
    fail('InternalException', 500);

    expect(await ruleOf().state()).toBe('enabled');
  });

  it('is asked for once more where a first try hangs', async () => {
    fail('Timeout', 0);

    expect(await ruleOf().state()).toBe('enabled');
  });

  it('is given up, and unknown, where EventBridge does not answer', async () => {
    fail('Timeout', 0, 99);
    const rule = ruleOf();

    expect(await rule.state()).toBe('unknown');
    expect(log.lines).toHaveLength(1);
  });

  it('is given up, and unknown, where there are no credentials in time', async () => {
    const never = new Promise<never>(() => undefined);
    const rule = ruleOf(clientFor({ credentials: () => never }));

    expect(await rule.state()).toBe('unknown');
  });
});

describe('enabling the rule of the schedule', () => {
  const failEnabling = (code: string, status: number, times = 1): void => {
    fail(code, status, times, 'EnableRule');
  };

  it('enables one that is disabled, and leaves one that is enabled so', async () => {
    const client = clientFor();
    const rule = ruleOf(client);
    await client.send(new DisableRuleCommand({ Name: name }));

    const requestId = expect.stringMatching(/./);
    expect(await rule.enable()).toEqual({ kind: 'enabled', requestId });
    expect(await rule.state()).toBe('enabled');
    expect(await rule.enable()).toMatchObject({ kind: 'enabled' });
    expect(await rule.state()).toBe('enabled');
    expect(log.lines).toEqual([]);
  });

  it.each<[string, string, string, number]>([
    ['is refused', 'refused', 'AccessDeniedException', 400],
    ['is refused of a rule of another service', 'refused', 'ManagedRuleException', 400],
    ['is not confirmed', 'not-confirmed', 'ConcurrentModificationException', 400],
  ])('%s where EventBridge says so, and the log says why', async (_what, kind, code, status) => {
    const client = clientFor();
    await client.send(new DisableRuleCommand({ Name: name }));
    failEnabling(code, status, 99);

    expect(await ruleOf(client).enable()).toEqual({ kind });
    expect(await ruleOf(client).state()).toBe('disabled');
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { rule: name, error: { name: code } } },
    ]);
  });

  it('finds nothing where there is no rule of this name', async () => {
    expect(await ruleOf(clientFor(), 'another').enable()).toEqual({ kind: 'missing' });
  });

  it('is asked for once more where EventBridge stumbles', async () => {
    failEnabling('InternalException', 500);

    expect(await ruleOf().enable()).toMatchObject({ kind: 'enabled' });
  });

  it('is given up, and not confirmed, where EventBridge does not answer', async () => {
    failEnabling('Timeout', 0, 99);

    expect(await ruleOf().enable()).toEqual({ kind: 'not-confirmed' });
    expect(log.lines).toHaveLength(1);
  });
});

describe('the rule that many look at', () => {
  it('is asked for again by whoever has just enabled it', async () => {
    const client = clientFor();
    const rule = createSharedScheduleRule(ruleOf(client), createStoppedClock());
    await client.send(new DisableRuleCommand({ Name: name }));

    expect(await rule.state()).toBe('disabled');
    expect(await rule.enable()).toMatchObject({ kind: 'enabled' });
    expect(await rule.state()).toBe('disabled');
    expect(await rule.state('new')).toBe('enabled');
    expect(await rule.state()).toBe('enabled');
  });

  it('is asked for every 30 seconds, and not before', async () => {
    const client = clientFor();
    const clock = createStoppedClock();
    const rule = createSharedScheduleRule(ruleOf(client), clock);

    expect(rule.name).toBe(name);
    expect(await rule.state()).toBe('enabled');
    await client.send(new DisableRuleCommand({ Name: name }));
    clock.advance(29);
    expect(await rule.state()).toBe('enabled');
    clock.advance(1);
    expect(await rule.state()).toBe('disabled');
  });

  it('is asked for once by those who look at the same time, even where nobody answers', async () => {
    fail('Timeout', 0, 99);
    const rule = createSharedScheduleRule(ruleOf(), createStoppedClock());

    const states = await Promise.all([rule.state(), rule.state(), rule.state()]);
    expect([...states, await rule.state()]).toEqual(Array(4).fill('unknown'));
    expect(log.lines).toHaveLength(1);
  });
});
