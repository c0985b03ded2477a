import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listen, stopListening } from '../../scripts/local/listen.ts';
import { startServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

/*
 * The portal as a process, behind a load balancer that keeps its connections. Its table is a server
 * that answers when the test says so: that is how long a request is in flight.
 */

const environment = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'nobody',
  AWS_SECRET_ACCESS_KEY: 'nothing',
  TABLE_NAME: 'portal',
  ALB_ARN: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/portal/0a1b',
  COGNITO_CLIENT_ID: 'client',
  COGNITO_ISSUER: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool',
  COGNITO_DOMAIN: 'https://sign-in.example.com',
  PORTAL_URL: 'https://vpn.example.com',
};

/** What is still open when it is told to stop would be cut only after so long. */
const cutAfterSeconds = 14;

const waiting: ServerResponse[] = [];
const table = createServer((_request, response) => {
  waiting.push(response);
});
let tablePort: number;
let running: ServerProcess;
let port: number;
let agent: Agent;

beforeEach(async () => {
  tablePort = await listen(table, 0, 'PORT');
  agent = new Agent({ keepAlive: true });
  running = startServer(variables());
  port = await running.port();
});

afterEach(async () => {
  agent.destroy();
  await running.kill();
  waiting.splice(0);
  await stopListening(table);
});

function variables(): Readonly<Record<string, string>> {
  return { ...environment, AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${tablePort}` };
}

const toldToStop = () =>
  running.find(() => (running.written().includes('"msg":"stopping"') ? true : undefined));

async function ask(
  place: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number | undefined; body: string }> {
  const asked = request({ agent, port, host: '127.0.0.1', path: place, headers }).end();
  const [response] = (await once(asked, 'response')) as [
    AsyncIterable<Buffer> & { statusCode?: number },
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
}

/** A client that has connected and says nothing yet. */
async function connected(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('the portal as a process', () => {
  it('takes as many cookies and claims as the load balancer sends', async () => {
    const headers = {
      cookie: `shard=${'x'.repeat(16_000)}`,
      'x-amzn-oidc-data': 'x'.repeat(11_000),
    };
    expect(await ask('/healthz', headers)).toMatchObject({ status: 200 });
  });
});

describe('the portal that is told to stop', () => {
  it('ends at once although a connection is kept alive that nobody uses any more', async () => {
    const used = await ask('/healthz');
    expect(used).toEqual({ status: 200, body: 'ok\n' });
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    const { code, seconds } = await running.terminate();
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(cutAfterSeconds);
  });

  it('answers a request that is in flight first, and does not keep its connection', async () => {
    const idle = await ask('/healthz');
    expect(idle.status).toBe(200);
    const answer = ask('/readyz');
    const asked = await running.find(() => waiting[0]);
    const end = running.terminate();
    await toldToStop();
    await delay(500);
    expect(running.isRunning()).toBe(true);
    asked.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
    expect(await answer).toEqual({ status: 200, body: 'ready\n' });
    const { code, seconds } = await end;
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(cutAfterSeconds);
    expect(running.written()).toContain('"msg":"stopped"');
  });

  it('takes no new connection while it answers the last request', async () => {
    const answer = ask('/readyz');
    const asked = await running.find(() => waiting[0]);
    const end = running.terminate();
    await toldToStop();
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
    asked.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
    expect((await answer).status).toBe(200);
    expect((await end).code).toBe(0);
  });

  it('does not wait for a client that has connected and says nothing', async () => {
    const socket = await connected();
    // So that the portal has taken the connection.
    await ask('/healthz');
    const { code, seconds } = await running.terminate();
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(cutAfterSeconds);
    socket.destroy();
  });

  it('still answers one that had connected, and asks right then', async () => {
    const socket = await connected();
    await ask('/healthz');
    const end = running.terminate();
    await toldToStop();
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.write('GET /healthz HTTP/1.1\r\nHost: portal\r\n\r\n');
    expect((await end).code).toBe(0);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });
});

describe('the portal that cannot listen', () => {
  it('says why and ends, with the schedule or without', async () => {
    for (const schedule of ['true', 'false']) {
      const other = startServer({
        ...variables(),
        PORT: port.toString(),
        RECONCILE_IN_PROCESS: schedule,
      });
      expect(await other.ended).toBe(1);
      expect(other.written()).toContain('"msg":"not started"');
      expect(other.written()).toContain('EADDRINUSE');
    }
    expect(waiting).toEqual([]);
  });
});
