import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { connectAccessKeyId, localSecretAccessKey } from '../../scripts/local/access-keys.ts';
import { evaluate } from '../../scripts/local/iam/evaluate.ts';
import { sampleRegion } from '../../scripts/local/sample-world.ts';
import { localTableName } from '../../scripts/local/stack.ts';
import type { AuditEntry } from '../../src/audit/audit-log.ts';
import { unjudgedReasons } from '../../src/audit/connect-denials.ts';
import { createDynamoAuditLog } from '../../src/aws/dynamo-audit-log.ts';
import { createDynamoConnectDenials } from '../../src/aws/dynamo-connect-denials.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { createQuickDynamo } from '../../src/aws/quick-dynamo.ts';
import { connectEnvironment, readEnvironment } from '../../src/config/environment.ts';
import type { Answered, ConnectHandler } from '../../src/connect/connect-handler.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import { createConnectServices } from '../../src/services.ts';
import { connectTags } from '../../src/vpn/connect-policy.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { createAccessListener } from '../builders/access-listener.ts';
import { aCatalogue, connectEvents } from '../builders/connect.ts';
import { alice, sampleNow } from '../builders/endpoint-for-person.ts';
import { aStopIntent, ago, ahead } from '../builders/endpoint-record.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { thinnerThan } from '../builders/thinner-statements.ts';
import { deployedRoles } from '../infra/deployed-roles.ts';
import { anotherEndpointId, createDynaliteTable } from './store-under-test.ts';
import type { StoresUnderTest } from './store-under-test.ts';

/* The handler as it is deployed, with its own client and its own role, over a table on the wire. */

const roles = deployedRoles();
const listening = createAccessListener();
const table = createDynaliteTable({
  tableName: localTableName,
  policies: roles,
  onDecision: listening.onDecision,
});
const clock = createStoppedClock();
let stores: StoresUnderTest;
let client: DynamoDBClient;
let id: EndpointId;

beforeAll(async () => {
  stores = await table.start();
  client = createQuickDynamo({
    endpoint: table.endpoint(),
    region: sampleRegion,
    credentials: { accessKeyId: connectAccessKeyId, secretAccessKey: localSecretAccessKey },
  });
});
beforeEach(() => {
  id = anotherEndpointId();
});
afterEach(() => {
  table.faults.clear();
});
afterAll(async () => {
  client.destroy();
  await table.stop();
});

const environmentWith = (onFailure: 'allow' | 'deny') =>
  readEnvironment(connectEnvironment, {
    TABLE_NAME: localTableName,
    PORTAL_URL: 'https://vpn.example.com',
    CONNECT_ON_FAILURE: onFailure,
  });

function start(onFailure: 'allow' | 'deny' = 'deny') {
  const answered: Answered[] = [];
  const log = createRecordingLog();
  const environment = environmentWith(onFailure);
  const { answer } = createConnectServices(environment, { dynamo: client, clock, log }, (each) =>
    answered.push(each),
  );
  return { answer, answered, log };
}

async function list(tags: Readonly<Record<string, string>> = {}): Promise<void> {
  const listing = aCatalogue(tags);
  const endpoints = listing.endpoints.map((endpoint) => ({ ...endpoint, id }));
  await stores.catalogue.put({ ...listing, endpoints }, listing.schedule);
}

async function auditEntries(): Promise<readonly AuditEntry[]> {
  const dynamo = dynamoTable(table.client(), localTableName);
  const { entries } = await createDynamoAuditLog(dynamo, { clock, retentionDays: 400 }).page({
    range: { from: ago(1), to: ahead(1) },
    endpointId: id,
    person: '',
    limit: 10,
    after: null,
  });
  return entries;
}

/** The table no longer answers, until the test is over. */
function hang(action: string): void {
  table.faults.add({
    service: 'dynamodb',
    action,
    code: 'Timeout',
    status: 500,
    times: 1_000,
    effect: 'before',
  });
}

/** As the deployed handler counts them: the reasons of those whom nobody has judged. */
const unjudgedIn = (log: RecordingLog): readonly unknown[] =>
  log.lines.flatMap(({ fields }) => (fields['ClientsUnjudged'] === 1 ? [fields['Reason']] : []));

const ask = (answer: ConnectHandler) => answer({ ...connectEvents.v3, 'endpoint-id': id });

describe('the client connect handler over its table', () => {
  it('lets a client in after it has noted that', async () => {
    await list();
    const { answer, answered } = start();
    expect(await ask(answer)).toMatchObject({ allow: true });
    const { record } = await stores.endpoints.load(id);
    expect(record).toMatchObject({ lastAttemptAt: sampleNow, revision: 1 });
    expect(answered).toMatchObject([{ endpointId: id, allowed: true }]);
  });

  it('writes a denial down twice: in the audit, and among the last ones', async () => {
    await list({ [connectTags.connectLeaseHoldersOnly]: 'true' });
    const { answer } = start();
    expect(await ask(answer)).toMatchObject({ allow: false });
    expect(await auditEntries()).toMatchObject([
      { action: 'connect', outcome: 'no-lease', actor: { name: alice.name } },
    ]);
    const denials = createDynamoConnectDenials(dynamoTable(table.client(), localTableName), {
      clock,
    });
    const [last] = await denials.last(1);
    expect(last).toMatchObject({ endpointId: id, reason: 'no-lease', person: alice.name });
  });

  it('and a stop: one of the two wins, whoever is faster', async () => {
    await list();
    const { answer } = start();
    for (let round = 0; round < 10; round += 1) {
      id = anotherEndpointId();
      await list();
      const pass = { endpointId: id, passId: 'pass' };
      await stores.endpoints.claimPass({
        ...pass,
        at: sampleNow,
        claimedUntil: ahead(1),
        notIfPassedSince: ago(1),
      });
      const [letIn, stopped] = await Promise.all([
        ask(answer).then(({ allow }) => allow),
        stores.endpoints.writeIntent(pass, aStopIntent(), { unlessRevisedSince: 0 }).then(
          () => true,
          (error: unknown) => {
            if (!(error instanceof PassLostError)) throw error;
            return false;
          },
        ),
      ]);
      expect(letIn).toBe(!stopped);
    }
  });

  it.each(['allow', 'deny'] as const)(
    'decides by the setting %s where the table refuses to answer',
    async (onFailure) => {
      await list();
      const { answer, answered, log } = start(onFailure);
      table.faults.add({
        service: 'dynamodb',
        action: 'GetItem',
        code: 'AccessDeniedException',
        status: 400,
        times: 1,
        effect: 'before',
      });
      expect(await ask(answer)).toMatchObject({ allow: onFailure === 'allow' });
      expect(answered).toMatchObject([{ reason: 'failed' }]);
      expect(log.messages()).toContain('connection not judged');
    },
  );

  it.each(['allow', 'deny'] as const)(
    'answers by the setting %s where no reading comes back, and says so in metrics and audit',
    async (onFailure) => {
      await list();
      hang('GetItem');
      const log = createRecordingLog();
      const surroundings = { dynamo: client, clock, log };
      const { answer } = createConnectServices(environmentWith(onFailure), surroundings);
      expect(await ask(answer)).toMatchObject({ allow: onFailure === 'allow' });
      const [reason, ...more] = unjudgedIn(log);
      expect(unjudgedReasons).toContain(reason);
      expect(more).toEqual([]);
      expect(await auditEntries()).toMatchObject([
        {
          action: 'connect',
          outcome: `${onFailure === 'allow' ? 'let-in-' : ''}${String(reason)}`,
        },
      ]);
    },
  );

  it('answers where nothing at all comes back, and waits for no audit then', async () => {
    await list();
    hang('*');
    const log = createRecordingLog();
    const surroundings = { dynamo: client, clock, log };
    const { answer } = createConnectServices(environmentWith('allow'), surroundings);
    expect(await ask(answer)).toMatchObject({ allow: true });
    expect(unjudgedIn(log)).toHaveLength(1);
    expect(log.messages().join()).toContain('answer not written down');
  });

  it('asks for nothing that its role may not, and could do without nothing that it may', () => {
    expect(listening.refused()).toEqual([]);
    const asked = listening.of('connect');
    const needless = thinnerThan(roles.connect).filter(({ statements }) =>
      asked.every((access) => evaluate(statements, access).outcome === 'allowed'),
    );
    expect(needless.map(({ without }) => without)).toEqual([]);
  });
});
