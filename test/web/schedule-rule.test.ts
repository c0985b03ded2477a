import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DisableRuleCommand, EnableRuleCommand } from '@aws-sdk/client-eventbridge';
import { localRuleName } from '../../scripts/local/stack.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { textOf } from './page-text.ts';
import { clientsFor, startPortal } from './portal-under-test.ts';
import type { PortalUnderTest } from './portal-under-test.ts';

let portal: PortalUnderTest;
let aws: AwsClients;

beforeAll(async () => {
  portal = await startPortal();
  aws = clientsFor(portal.stack.environment);
});
beforeEach(async () => {
  // Older than what is shared of the rule, and the schedule has run by now.
  portal.later(60);
  await portal.stack.eventBridge.fireDue();
});
afterEach(async () => {
  portal.stack.faults.clear();
  await aws.eventBridge.send(new EnableRuleCommand({ Name: localRuleName }));
});
afterAll(async () => {
  for (const client of [aws.ec2, aws.dynamo, aws.eventBridge]) client.destroy();
  await portal.stop();
});

async function overview(of = portal) {
  const { status, text } = await of.as('carol').get('/admin');
  const attention = /<section class="attention[^]*?<\/section>/.exec(text)?.[0] ?? '';
  const problems = [...attention.matchAll(/<li>([^]*?)<\/li>/g)].map(([, item = '']) =>
    textOf(item),
  );
  return { status, problems, said: textOf(text) };
}

describe('the overview', () => {
  it('says that the rule of the schedule is enabled', async () => {
    const { problems, said } = await overview();

    expect(said).toContain(`Its rule ${localRuleName} is enabled.`);
    expect(problems.join(' ')).not.toContain(localRuleName);
  });

  it('tells first of a rule that is disabled', async () => {
    await aws.eventBridge.send(new DisableRuleCommand({ Name: localRuleName }));
    const { problems, said } = await overview();

    expect(problems[0]).toContain(
      `The rule ${localRuleName}, which runs the schedule, is disabled`,
    );
    expect(said).toContain('Switched off');
  });

  it.each([
    ['refuses', { code: 'AccessDeniedException', status: 400, times: 1 }],
    ['does not answer', { code: 'Timeout', status: 0, times: 99 }],
  ])('shows everything else where EventBridge %s', async (_what, fault) => {
    portal.stack.faults.add({
      service: 'events',
      action: 'DescribeRule',
      effect: 'before',
      ...fault,
    });
    const { said, status } = await overview();

    expect(status).toBe(200);
    expect(said).toContain(`Whether its rule ${localRuleName} is enabled could not be read`);
    expect(said).toContain('Tokyo office');
  });

  it('says that the rule it was told of does not exist', async () => {
    const other = await startPortal({ variables: { RECONCILER_RULE_NAME: 'another' } });
    try {
      const { problems } = await overview(other);

      expect(problems[0]).toContain('EventBridge has no rule another');
    } finally {
      await other.stop();
    }
  });
});
