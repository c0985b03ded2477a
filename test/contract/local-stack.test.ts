import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeClientVpnEndpointsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSettings } from '../../scripts/local/settings.ts';
import { sampleEndpoints, sampleSubnets } from '../../scripts/local/sample-world.ts';
import { localRuleName, localTableName, startLocalStack } from '../../scripts/local/stack.ts';
import type { LocalStack, LocalStackOptions } from '../../scripts/local/stack.ts';
import { startEchoPortal } from './local-stack-echo-portal.ts';

let dataFolder: string;
let running: LocalStack[];

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'local-stack-'));
  running = [];
});

afterEach(async () => {
  for (const stack of running) await stack.stop();
  rmSync(dataFolder, { recursive: true });
});

async function start(changed: Partial<LocalStackOptions> = {}): Promise<LocalStack> {
  const stack = await startLocalStack({
    albPort: 0,
    awsPort: 0,
    dynamodbPort: 0,
    dataFolder,
    secondsToAssociate: 0,
    secondsToRoute: 0,
    secondsToDisassociate: 0,
    portal: startEchoPortal,
    log: () => undefined,
    ...changed,
  });
  running.push(stack);
  return stack;
}

function portOf(url: string | undefined): number {
  return Number(new URL(url ?? '').port);
}

const clientVpnEndpointId = sampleEndpoints.osakaLab;

describe('the environment of the portal', () => {
  it('leads each SDK client to a stand-in that answers', async () => {
    const { environment } = await start();
    const credentials = {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    };
    const clientOf = (endpoint: string | undefined) => ({
      endpoint: endpoint ?? '',
      region: environment['AWS_REGION'] ?? '',
      credentials,
      maxAttempts: 1,
    });
    const ec2 = new EC2Client(clientOf(environment['AWS_ENDPOINT_URL_EC2']));
    const dynamoDb = new DynamoDBClient(clientOf(environment['AWS_ENDPOINT_URL_DYNAMODB']));
    const events = new EventBridgeClient(clientOf(environment['AWS_ENDPOINT_URL_EVENTBRIDGE']));

    const endpoints = await ec2.send(new DescribeClientVpnEndpointsCommand());
    expect(endpoints.ClientVpnEndpoints?.map((one) => one.ClientVpnEndpointId)).toEqual(
      Object.values(sampleEndpoints),
    );
    const tableName = environment['TABLE_NAME'];
    expect(tableName).toBe(localTableName);
    const table = await dynamoDb.send(new DescribeTableCommand({ TableName: tableName }));
    expect(table.Table?.TableStatus).toBe('ACTIVE');
    const rule = await events.send(new DescribeRuleCommand({ Name: localRuleName }));
    expect(rule).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    for (const client of [ec2, dynamoDb, events]) client.destroy();
  });

  it('names the load balancer by the address it is opened at', async () => {
    const { environment, url } = await start();
    expect(environment['PORTAL_URL']).toBe(url);
    expect(environment['COGNITO_DOMAIN']).toBe(`${url}/local`);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('lets the schedule run dry where that is wanted, and nowhere else', async () => {
    const dry = await start({ dryRun: true });
    expect(dry.environment).toMatchObject({ RECONCILER_DRY_RUN: 'true' });
    await dry.stop();
    expect((await start()).environment).toMatchObject({ RECONCILER_DRY_RUN: 'false' });
  });

  it('comes with the clock of the world and with the keys of the load balancer', async () => {
    let time: () => Date = () => new Date(0);
    const stack = await start({
      portal(environment, overrides) {
        time = () => overrides.clock.now();
        expect(overrides.fetchAlbPublicKey).toBeInstanceOf(Function);
        return startEchoPortal(environment, overrides);
      },
    });
    stack.clock.advance(60);
    expect(time().getTime() - Date.now()).toBeGreaterThan(59 * 60_000);
  });
});

describe('the table', () => {
  it('is filled when it is new, and not again', async () => {
    const seeded: string[] = [];
    const seedTable = (_client: DynamoDBClient, tableName: string): Promise<void> => {
      seeded.push(tableName);
      return Promise.resolve();
    };
    await (await start({ seedTable })).stop();
    await (await start({ seedTable })).stop();
    expect(seeded).toEqual([localTableName]);
  });
});

describe('the schedule', () => {
  it('reconciles when its minute has come, and goes on after a failure', async () => {
    let reconciliations = 0;
    const lines: string[] = [];
    const stack = await start({
      log: (line) => lines.push(line),
      portal: async (...arguments_) => ({
        ...(await startEchoPortal(...arguments_)),
        reconcile() {
          reconciliations += 1;
          return Promise.reject(new Error('no luck'));
        },
      }),
    });
    const before = reconciliations;
    for (const passes of [1, 2]) {
      stack.clock.advance(1);
      await stack.eventBridge.fireDue();
      expect(reconciliations).toBe(before + passes);
    }
    expect(lines).toContain(`The target of the rule ${localRuleName} failed: Error: no luck`);
  });
});

describe('the data folder', () => {
  it('brings the world and its time back after a stop', async () => {
    const first = await start();
    first.clientVpn.associateClientVpnTargetNetwork({
      clientVpnEndpointId,
      subnetId: sampleSubnets.osakaA,
    });
    const connectionId = first.clientVpn.connect(clientVpnEndpointId, 'bob@example.com');
    first.clock.advance(600);
    await first.stop();

    const second = await start();
    expect(second.clientVpn.describeClientVpnConnections({ clientVpnEndpointId })).toEqual([
      expect.objectContaining({ connectionId, status: { code: 'active' } }),
    ]);
    expect(second.clock.offsetMs()).toBe(600 * 60_000);
  });

  it('is left alone by a stack in memory', async () => {
    await (await start({ dataFolder: 'memory' })).stop();
    expect(readdirSync(dataFolder)).toEqual([]);
  });

  it.each(['world.json', 'clock.json'])('names a damaged %s and what to do', async (file) => {
    const path = join(dataFolder, file);
    for (const content of ['{"half":', '{"version":99}']) {
      writeFileSync(path, content);
      await expect(start()).rejects.toThrow(
        `The file ${path} is damaged or of another version; delete it to begin anew.`,
      );
    }
  });

  it('is not shared with another process that is alive', async () => {
    writeFileSync(join(dataFolder, 'in-use-by'), `${String(process.ppid)}\n`);
    await expect(start()).rejects.toThrow(
      `The folder ${dataFolder} is in use by process ${String(process.ppid)}; stop that one, or set LOCAL_DATA to another folder.`,
    );
  });

  it('is taken over from a process that was killed', async () => {
    writeFileSync(join(dataFolder, 'in-use-by'), '4194304999\n');
    await expect(start()).resolves.toBeDefined();
  });

  it('must be a folder', async () => {
    const file = join(dataFolder, 'file');
    writeFileSync(file, '');
    await expect(start({ dataFolder: file })).rejects.toThrow(/set LOCAL_DATA to another one/);
  });
});

describe('starting and stopping', () => {
  it.each([
    ['LOCAL_PORT', 'albPort', 'PORTAL_URL'],
    ['LOCAL_AWS_PORT', 'awsPort', 'AWS_ENDPOINT_URL_EC2'],
    ['LOCAL_DYNAMODB_PORT', 'dynamodbPort', 'AWS_ENDPOINT_URL_DYNAMODB'],
  ])('says in one sentence that a port is taken, naming %s', async (setting, option, variable) => {
    const { environment } = await start();
    const port = portOf(environment[variable]);
    await expect(start({ dataFolder: 'memory', [option]: port })).rejects.toThrow(
      `Port ${port} is in use; set ${setting} to a free one.`,
    );
  });

  it('leaves no port open when the portal cannot start', async () => {
    let url = '';
    await expect(
      start({
        portal(environment) {
          url = environment['PORTAL_URL'] ?? '';
          return Promise.reject(new Error('the portal is broken'));
        },
      }),
    ).rejects.toThrow('the portal is broken');
    await expect(fetch(url)).rejects.toThrow();
    await expect(start()).resolves.toBeDefined();
  });

  it('stops once, however often it is asked, and then nothing answers', async () => {
    const stack = await start();
    await Promise.all([stack.stop(), stack.stop()]);
    for (const url of [stack.url, stack.environment['AWS_ENDPOINT_URL_EC2'] ?? '']) {
      await expect(fetch(url)).rejects.toThrow();
    }
  });
});

describe('the settings', () => {
  it('have their defaults', () => {
    expect(readSettings({ LOCAL_PORT: '' })).toEqual({
      albPort: 8080,
      awsPort: 4566,
      dynamodbPort: 8000,
      dataFolder: '.local',
      dryRun: false,
      secondsToAssociate: 20,
      secondsToRoute: 5,
      secondsToDisassociate: 10,
    });
  });

  it('are read from the environment', () => {
    expect(
      readSettings({
        LOCAL_PORT: '0',
        LOCAL_DATA: 'memory',
        LOCAL_SECONDS_TO_ASSOCIATE: '0.5',
        LOCAL_SECONDS_TO_ROUTE: '0',
      }),
    ).toMatchObject({
      albPort: 0,
      dataFolder: 'memory',
      secondsToAssociate: 0.5,
      secondsToRoute: 0,
    });
  });

  it.each(['abc', '-1', '65536', '80.5', ' '])('refuse %j as a port, in a sentence', (port) => {
    expect(() => readSettings({ LOCAL_AWS_PORT: port })).toThrow(
      `LOCAL_AWS_PORT must be a whole number from 0 (any free port) to 65535, not "${port}".`,
    );
  });

  it('say one sentence for each value that is wrong', () => {
    expect(() => readSettings({ LOCAL_PORT: 'x', LOCAL_SECONDS_TO_DISASSOCIATE: '1e9' })).toThrow(
      [
        'LOCAL_PORT must be a whole number from 0 (any free port) to 65535, not "x".',
        'LOCAL_SECONDS_TO_DISASSOCIATE must be a number of seconds from 0 to 86400, not "1e9".',
      ].join('\n'),
    );
  });
});
