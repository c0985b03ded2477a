import { execFile } from 'node:child_process';
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
import { startBundle } from './bundle-process.ts';
import type { BundleProcess } from './bundle-process.ts';
import { deployedEnvironment, deployedFunction } from './deployed-function.ts';
import { connectRole, synthesisePortal } from './synthesised-portal.ts';
import type { SynthesisedPortal } from './synthesised-portal.ts';

/* As it is deployed: the asset that was synthesised, with the environment that the template sets. */

const table = createDynaliteTable();
let stores: StoresUnderTest;
let made = '';
let synthesised: SynthesisedPortal;
let running: BundleProcess | null = null;

beforeAll(async () => {
  made = mkdtempSync(path.join(tmpdir(), 'connect-bundle-'));
  // As `npm run bundle` makes it, which the test of all the assets holds it against; the other two take
  // their time, and are not looked at here.
  const entry = path.join(import.meta.dirname, '../../src/connect.lambda.ts');
  await bundleLambda({ entry, folder: made, warmUps: [] });
  synthesised = synthesisePortal(
    { connect: { enabled: true, onFailure: 'deny' } },
    { connect: made },
  );
  stores = await table.start();
});
beforeEach(async () => {
  const { endpoints, schedule } = aCatalogue();
  await stores.catalogue.put({ readAt: new Date(), endpoints }, schedule);
});
afterEach(async () => {
  await running?.kill();
  running = null;
});
afterAll(async () => {
  await table.stop();
  synthesised.remove();
  rmSync(made, { recursive: true });
});

const deployed = () => deployedFunction(synthesised, connectRole);

const environment = (): Record<string, string> =>
  deployedEnvironment(deployed().variables, {
    TABLE_NAME: tableName,
    AWS_REGION: 'ap-northeast-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint(),
  });

/** The function in a process that knows nothing but its environment. */
async function ask(event: unknown): Promise<unknown> {
  running ??= startBundle(deployed().file, environment());
  return running.send(event);
}

describe('the client connect handler that is deployed', () => {
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
    const index = JSON.stringify(deployed().file);
    const program = `try { require(${index}); } catch ({ message }) { console.log(message); }`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program], {
      env: without,
    });
    expect(stdout).toBe('The environment is not usable: CONNECT_ON_FAILURE is not set.\n');
  });
});

describe('its code', () => {
  const code = (): string => readFileSync(path.join(deployed().asset, 'code.cjs'), 'utf8');

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
