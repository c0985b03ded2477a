import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import type { AwsClients } from '../../src/aws/clients.ts';
import { minutesAfter } from '../../src/clock.ts';
import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import { startContainer } from '../../src/container.ts';
import type { Container } from '../../src/container.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { atOnce, clientsFor } from '../web/portal-under-test.ts';
import { addOffice, changesOf, networksOf, signIn, soon, startBareStack } from './world.ts';
import type { BareStack, OfficeEndpoint } from './world.ts';

/*
 * The portal as the container runs it, whose schedule is a timer inside. It comes every twentieth of
 * a second instead of every minute; the minutes of the rest of the world pass when a test says so.
 */

const scheduleMilliseconds = 50;

let stack: BareStack;
let aws: AwsClients;
let log: RecordingLog;
let running: Container | null = null;
let offices = 0;

beforeAll(async () => {
  stack = await startBareStack(atOnce);
  aws = clientsFor(stack.environment);
});

afterEach(async () => {
  stack.faults.clear();
  await running?.stop();
  running = null;
});

afterAll(async () => {
  aws.ec2.destroy();
  aws.dynamo.destroy();
  await stack.stop();
});

/** An endpoint that is on and has been needed by nobody for an hour; the only managed one. */
async function idleOffice(): Promise<OfficeEndpoint> {
  for (const { clientVpnEndpointId } of stack.clientVpn.describeClientVpnEndpoints()) {
    stack.clientVpn.setTags(clientVpnEndpointId, {});
  }
  offices += 1;
  const onSince = minutesAfter(stack.clock.now(), -60);
  const office = await addOffice(stack, aws, offices, { onSince });
  stack.ec2.resetCalls();
  return office;
}

async function start(variables: Readonly<Record<string, string>> = {}): Promise<Container> {
  log = createRecordingLog();
  running = await startContainer(
    readEnvironment(serverEnvironment, { ...stack.environment, ...variables }),
    {
      surroundings: { aws, clock: stack.clock, log, fetchKey: stack.alb.fetchPublicKey },
      scheduleMilliseconds,
    },
  );
  stack.pointAt(`http://127.0.0.1:${running.port}`);
  return running;
}

/** Once. */
function refuse(action: string): void {
  const answer = { code: 'UnauthorizedOperation', status: 403 } as const;
  stack.faults.add({ service: 'ec2', action, times: 1, effect: 'before', ...answer });
}

const withSchedule = { RECONCILE_IN_PROCESS: 'true' };
const disassociate = 'DisassociateClientVpnTargetNetwork';
const runs = (): number =>
  stack.ec2.calls().filter(({ action }) => action === 'DescribeClientVpnEndpoints').length;

describe('a container that runs the schedule itself', () => {
  it('turns off an endpoint that nobody needs', async () => {
    const office = await idleOffice();
    await start(withSchedule);
    await soon(() => networksOf(stack, office).length === 0);
    expect(changesOf(stack, office)).toEqual([disassociate, disassociate]);
  });

  it('does not turn off one on which somebody is connected', async () => {
    const office = await idleOffice();
    stack.clientVpn.connect(office.id, 'alice@example.com');
    await start(withSchedule);
    await soon(() => runs() > 3);
    expect(changesOf(stack, office)).toEqual([]);
    expect(networksOf(stack, office)).toEqual(['associated', 'associated']);
  });

  it('logs a run that fails with what failed in it, and comes again', async () => {
    const office = await idleOffice();
    refuse('DescribeClientVpnTargetNetworks');
    await start(withSchedule);
    await soon(() => log.messages().includes('background work failed'));
    stack.clock.advance(1);
    await soon(() => networksOf(stack, office).length === 0);
    const failures = log.lines.filter(({ message }) => message === 'background work failed');
    expect(failures).toMatchObject([{ level: 'error', fields: { work: 'schedule' } }]);
    const error = failures[0]?.fields['error'] as AggregateError;
    expect(error.errors.map(String)).toEqual([
      expect.stringMatching(
        new RegExp(`passing the endpoint ${office.id}: .*UnauthorizedOperation`),
      ),
    ]);
  });

  it('comes again after a run that could not even begin', async () => {
    const office = await idleOffice();
    refuse('DescribeClientVpnEndpoints');
    await start(withSchedule);
    await soon(() => networksOf(stack, office).length === 0);
    expect(log.messages()).toContain('background work failed');
  });

  it('begins no run any more when it has stopped', async () => {
    await idleOffice();
    const container = await start(withSchedule);
    await soon(() => runs() > 1);
    await container.stop();
    const before = stack.ec2.calls().length;
    stack.clock.advance(10);
    await delay(5 * scheduleMilliseconds);
    expect(stack.ec2.calls()).toHaveLength(before);
  });

  it('changes nothing in AWS where it is told to run dry', async () => {
    const office = await idleOffice();
    await start({ ...withSchedule, RECONCILER_DRY_RUN: 'true' });
    await soon(() => runs() > 3);
    expect(changesOf(stack, office)).toEqual([]);
    expect(log.lines).toContainEqual({
      level: 'info',
      message: 'pass, as it would be',
      fields: expect.objectContaining({
        endpointId: office.id,
        reason: 'idle',
        action: 'disassociate',
        because: 'idle',
        outcome: 'dry-run',
      }) as object,
    });
  });
});

describe('a container that is not told to run the schedule', () => {
  it.each([{}, { RECONCILE_IN_PROCESS: 'false' }])(
    'does not turn anything off, however long people look on: %p',
    async (variables) => {
      const office = await idleOffice();
      await start(variables);
      const cookie = await signIn(stack, 'carol');
      const passes = () => log.lines.filter(({ message }) => message === 'pass');
      while (passes().length < 3) {
        stack.clock.advance(1);
        await fetch(`${stack.url}/endpoints/${office.id}`, { headers: { cookie } });
        await delay(50);
      }
      const reasons = passes().map(({ fields }) => fields['reason']);
      expect(new Set(reasons)).toEqual(new Set(['stop-overdue']));
      expect(changesOf(stack, office)).toEqual([]);
      expect(networksOf(stack, office)).toEqual(['associated', 'associated']);
    },
  );
});
