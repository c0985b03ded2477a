import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { listen, stopListening } from '../../scripts/local/listen.ts';
import { localTableName } from '../../scripts/local/stack.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { createDynamoEndpointStore } from '../../src/aws/dynamo-endpoint-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { minutesAfter } from '../../src/clock.ts';
import { addOffice, auditOf, changesOf, networksOf, startBareStack } from '../stack/world.ts';
import type { BareStack, OfficeEndpoint } from '../stack/world.ts';
import { atOnce, clientsFor } from '../web/portal-under-test.ts';
import { startServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

/* The schedule in the container's own process, with EC2 behind a door that the test opens. */

let stack: BareStack;
let aws: AwsClients;
let running: ServerProcess;
let doorPort: number;
/** Resolves when the door is open. */
let opened = Promise.resolve();
let atTheDoor = 0;

const door = createServer((request, response) => {
  void passOn(request, response);
});

/** Keeps what would take a network away waiting until the door is open. */
async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  if (body.includes('Action=DisassociateClientVpnTargetNetwork')) {
    atTheDoor += 1;
    await opened;
  }
  const { authorization = '' } = request.headers;
  const answer = await fetch(stack.environment['AWS_ENDPOINT_URL_EC2'] ?? '', {
    method: 'POST',
    headers: { authorization, 'content-type': request.headers['content-type'] ?? '' },
    body,
  });
  response.writeHead(answer.status, { 'content-type': 'text/xml' });
  response.end(await answer.text());
}

beforeAll(async () => {
  stack = await startBareStack(atOnce);
  aws = clientsFor(stack.environment);
  doorPort = await listen(door, 0, 'PORT');
});

afterEach(() => running.kill());

afterAll(async () => {
  aws.ec2.destroy();
  aws.dynamo.destroy();
  await stopListening(door);
  await stack.stop();
});

/** On, and needed by nobody for an hour. */
async function idleOffice(number: number): Promise<OfficeEndpoint> {
  const onSince = minutesAfter(stack.clock.now(), -60);
  const office = await addOffice(stack, aws, number, { onSince });
  stack.ec2.resetCalls();
  return office;
}

function start(variables: Readonly<Record<string, string>>): ServerProcess {
  running = startServer({
    ...stack.environment,
    AWS_ENDPOINT_URL_EC2: `http://127.0.0.1:${doorPort}`,
    ...variables,
  });
  return running;
}

describe('the container whose schedule is under way when it is told to stop', () => {
  it('finishes the pass, tells the store and the audit, and ends', async () => {
    const office = await idleOffice(1);
    let open = (): void => undefined;
    opened = new Promise((resolve) => (open = resolve));
    start({ RECONCILE_IN_PROCESS: 'true' });
    await running.find(() => (atTheDoor > 0 ? true : undefined));
    const end = running.terminate();
    await running.find(() => (running.written().includes('"msg":"stopping"') ? true : undefined));
    await delay(500);
    expect(running.isRunning()).toBe(true);
    expect(networksOf(stack, office)).toEqual(['associated', 'associated']);
    open();
    expect((await end).code).toBe(0);
    expect(running.written()).toContain('"msg":"stopped"');

    expect(networksOf(stack, office)).toEqual([]);
    expect(atTheDoor).toBe(2);
    const store = createDynamoEndpointStore(dynamoTable(aws.dynamo, localTableName));
    const { record } = await store.load(office.id);
    expect(record.lastPass).toMatchObject({ state: 'stopping', reason: { code: 'idle' } });
    expect(record.schedule.claimedUntil).toBeNull();
    expect(await auditOf(aws, office.id)).toMatchObject([
      { action: 'disassociate', detail: 'idle', outcome: 'begun' },
      { action: 'disassociate', detail: 'idle', outcome: 'done' },
    ]);
  });
});

describe('the container that is not told to run the schedule', () => {
  it('does not ask AWS for anything of its own accord', async () => {
    const office = await idleOffice(2);
    start({});
    const port = await running.port();
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    await delay(1000);
    expect(stack.ec2.calls()).toEqual([]);
    expect(changesOf(stack, office)).toEqual([]);
    expect((await running.terminate()).code).toBe(0);
  });
});
