import { execFile, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bundleLambda } from '../../scripts/bundle/lambda-bundle.ts';
import { aCatalogue, connectEvents } from '../builders/connect.ts';
import { sampleIds } from '../builders/endpoint-for-person.ts';
import { createDynaliteTable, tableName } from '../contract/store-under-test.ts';
import type { StoresUnderTest } from '../contract/store-under-test.ts';

const root = path.join(import.meta.dirname, '..', '..');
const table = createDynaliteTable();
let stores: StoresUnderTest;
let folder = '';
let child: ChildProcess | null = null;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'connect-bundle-'));
  const entry = path.join(root, 'src/connect.lambda.ts');
  await bundleLambda({ entry, folder, warmUpPaths: [] });
  stores = await table.start();
});
beforeEach(async () => {
  const { endpoints, schedule } = aCatalogue();
  await stores.catalogue.put({ readAt: new Date(), endpoints }, schedule);
});
afterEach(async () => {
  if (child === null) return;
  const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve();
  child.kill('SIGKILL');
  await ended;
  child = null;
});
afterAll(async () => {
  await table.stop();
  rmSync(folder, { recursive: true });
});

const environment = (): Record<string, string> => ({
  AWS_REGION: 'ap-northeast-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_DYNAMODB: table.endpoint(),
  TABLE_NAME: tableName,
  PORTAL_URL: 'https://vpn.example.com',
  CONNECT_ON_FAILURE: 'deny',
});

/** The bundle in a process that knows nothing but its environment. */
async function ask(event: unknown): Promise<unknown> {
  child ??= fork(
    path.join(import.meta.dirname, 'bundled-lambda.ts'),
    [path.join(folder, 'index.cjs')],
    { env: environment(), cwd: tmpdir(), silent: true },
  );
  const answered = once(child, 'message');
  child.send(event as object);
  const [message] = (await answered) as [{ result?: unknown; error?: string }];
  if (message.error !== undefined) throw new Error(message.error);
  return message.result;
}

describe('the bundled client connect handler', () => {
  it('lets somebody in, and notes it in the table before', async () => {
    expect(await ask(connectEvents.v3)).toEqual({
      allow: true,
      'error-msg-on-denied-connection': '',
      'posture-compliance-statuses': [],
      'schema-version': 'v3',
    });
    const { record } = await stores.endpoints.load(sampleIds.endpoint);
    expect(record.lastAttemptAt).not.toBeNull();
  });

  it('answers what is no request, in the version that it names', async () => {
    expect(await ask({ 'schema-version': 'v1' })).toMatchObject({
      allow: false,
      'error-msg-on-failed-posture-compliance': expect.stringContaining('cannot be read'),
      'schema-version': 'v1',
    });
  });

  it('does not start without being told what to do when it cannot tell', async () => {
    const names = Object.entries(environment());
    const without = Object.fromEntries(names.filter(([name]) => name !== 'CONNECT_ON_FAILURE'));
    const index = JSON.stringify(path.join(folder, 'index.cjs'));
    const program = `try { require(${index}); } catch ({ message }) { console.log(message); }`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program], {
      env: without,
    });
    expect(stdout).toBe('The environment is not usable: CONNECT_ON_FAILURE is not set.\n');
  });
});

describe('its code', () => {
  const code = (): string => readFileSync(path.join(folder, 'code.cjs'), 'utf8');

  it('has the client of the table, and none for EC2 or EventBridge', () => {
    expect(code()).toContain('DynamoDBClient');
    for (const foreign of ['EC2Client', 'EventBridgeClient', 'AssociateClientVpnTargetNetwork']) {
      expect([foreign, code().includes(foreign)]).toEqual([foreign, false]);
    }
  });

  it('carries everything: it requires nothing but what Node has', () => {
    const required = [...code().matchAll(/(?<![\w$.])require\("([^"]+)"\)/g)].map(([, id]) => id);
    expect(required.filter((id = '') => !isBuiltin(id))).toEqual([]);
  });
});
