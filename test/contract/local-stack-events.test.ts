import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';

import { localBusName, startLocalStack } from '../../scripts/local/stack.ts';
import type { LocalStack } from '../../scripts/local/stack.ts';
import type { WorldState } from '../../scripts/local/world-state.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { clientsFor, quickStack } from '../web/portal-under-test.ts';
import { startEchoPortal } from './local-stack-echo-portal.ts';

let stack: LocalStack;
let aws: AwsClients;

beforeAll(async () => {
  stack = await startLocalStack({ ...quickStack, portal: startEchoPortal });
  aws = clientsFor(stack.environment);
});

beforeEach(() => {
  stack.faults.clear();
});

afterAll(async () => {
  aws.ec2.destroy();
  aws.dynamo.destroy();
  aws.eventBridge.destroy();
  await stack.stop();
});

const put = (...names: readonly string[]) =>
  aws.eventBridge.send(
    new PutEventsCommand({
      Entries: names.map((name) => ({
        Source: 'test',
        DetailType: name,
        Detail: JSON.stringify({ name: `<b>${name}</b>` }),
        EventBusName: localBusName,
      })),
    }),
  );

async function state(): Promise<WorldState> {
  return (await (await fetch(`${stack.url}/local/state`)).json()) as WorldState;
}

const page = async (): Promise<string> => (await fetch(`${stack.url}/local`)).text();

describe('events in the local stack', () => {
  it('are none at first, as the page says', async () => {
    expect((await state()).events).toEqual([]);
    expect(await page()).toContain('None yet.');
  });

  it('are shown with what they say, the newest first', async () => {
    await put('first', 'second');
    expect((await state()).events).toEqual(
      ['second', 'first'].map((name) => ({
        time: expect.stringMatching(/Z$/),
        source: 'test',
        detailType: name,
        eventBusName: localBusName,
        detail: { name: `<b>${name}</b>` },
      })),
    );
    const html = await page();
    expect(html.indexOf('<td>second</td>')).toBeGreaterThan(0);
    expect(html.indexOf('<td>second</td>')).toBeLessThan(html.indexOf('<td>first</td>'));
    expect(html).toContain('&lt;b&gt;first&lt;/b&gt;');
  });

  it('can be told to fail in part: every other one, beginning with the first', async () => {
    stack.faults.add({
      service: 'events',
      action: 'PutEvents',
      code: 'FailedEntries',
      status: 200,
      times: 1,
      effect: 'before',
    });
    const answer = await put('one', 'two', 'three');
    expect(answer.FailedEntryCount).toBe(2);
    expect(answer.Entries?.map(({ ErrorCode = null }) => ErrorCode)).toEqual([
      'InternalFailure',
      null,
      'InternalFailure',
    ]);
    expect((await put('four')).FailedEntryCount).toBe(0);
    const [newest, before] = (await state()).events.map(({ detailType }) => detailType);
    expect([newest, before]).toEqual(['four', 'two']);
  });
});
