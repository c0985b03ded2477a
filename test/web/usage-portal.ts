import { createServer } from 'node:http';
import request from 'supertest';
import type { Test } from 'supertest';
import { listen, stopListening } from '../../scripts/local/listen.ts';
import type { AuditLog } from '../../src/audit/audit-log.ts';
import type { ConnectDenials } from '../../src/audit/connect-denials.ts';
import { createDynamoAuditLog } from '../../src/aws/dynamo-audit-log.ts';
import { createDynamoConnectDenials } from '../../src/aws/dynamo-connect-denials.ts';
import { createDynamoPauseStore } from '../../src/aws/dynamo-pause-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { createDynamoUsageStore } from '../../src/aws/dynamo-usage-store.ts';
import { portalEnvironment, readEnvironment } from '../../src/config/environment.ts';
import { IdentityError } from '../../src/identity/verifier.ts';
import type { IdentityVerifier } from '../../src/identity/verifier.ts';
import { capabilitiesOf } from '../../src/identity/principal.ts';
import { createAdministration } from '../../src/lease/administration.ts';
import type { EndpointDirectory, EndpointForPerson } from '../../src/lease/endpoint-directory.ts';
import type { LeaseService } from '../../src/lease/lease-service.ts';
import type { PauseStore } from '../../src/lease/pause-store.ts';
import { createScheduleAdministration } from '../../src/lease/schedule-administration.ts';
import type { ScheduleRule } from '../../src/lease/schedule-rule.ts';
import type { Prices } from '../../src/usage/cost.ts';
import { createUsageReports } from '../../src/usage/usage-reports.ts';
import type { UsageStore } from '../../src/usage/usage-store.ts';
import { createApp } from '../../src/web/app.ts';
import type { AppLimits } from '../../src/web/app.ts';
import { sourceFiles } from '../../src/web/files.ts';
import { sampleIds } from '../builders/endpoint-for-person.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import { accountsZone, samplePrices, storeSample, usageSample } from '../builders/usage-sample.ts';
import { createDynaliteTable, tableName } from '../contract/store-under-test.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';

/** A Friday, 15:00 in Tokyo. */
export const portalNow = new Date('2026-03-20T06:00:00Z');
export const portalMonth = '2026-03';

/** The real app over the real stores, with a month of use and the endpoints that it is told of. */
export interface UsagePortal {
  readonly url: string;
  readonly usage: UsageStore;
  readonly audit: AuditLog;
  readonly denials: ConnectDenials;
  readonly log: RecordingLog;
  as(person: UsagePerson | null): Visitor;
  stop(): Promise<void>;
}

export interface Visitor {
  get(address: string): Test;
  post(address: string, form?: Readonly<Record<string, string>>): Test;
}

export type UsagePerson = 'alice' | 'carol' | 'dave';

/** An employee, an administrator and an auditor. */
const groups: Readonly<Record<UsagePerson, readonly string[]>> = {
  alice: [],
  carol: ['administrators'],
  dave: ['auditors'],
};

const roles = { adminGroups: ['administrators'], auditorGroups: ['auditors'] };

const verifier: IdentityVerifier = {
  verify: (token) => {
    const person = (['alice', 'carol', 'dave'] as const).find((name) => name === token);
    if (person === undefined) return Promise.reject(new IdentityError('missing'));
    return Promise.resolve({
      id: `sub-of-${person}@example.com`,
      name: `${person}@example.com`,
      groups: groups[person],
      capabilities: capabilitiesOf(groups[person], roles),
    });
  },
};

const noLeases: LeaseService = {
  request: () => Promise.resolve({ kind: 'not-permitted' }),
  release: () => Promise.resolve({ kind: 'not-permitted' }),
};

export async function startUsagePortal(
  options: {
    readonly endpoints?: readonly EndpointForPerson[];
    readonly prices?: Prices | null;
    readonly limits?: AppLimits;
    /** An audit whose writing fails, say. */
    readonly auditOf?: (audit: AuditLog) => AuditLog;
    /** `null` unless given, as where a container runs the schedule. */
    readonly scheduleRule?: ScheduleRule | null;
    /** Pauses that cannot be read, say. */
    readonly pauses?: PauseStore;
    readonly schedule?: { readonly at: Date; readonly dryRun: boolean } | null;
  } = {},
): Promise<UsagePortal> {
  const { endpoints = [], prices = samplePrices } = options;
  const table = createDynaliteTable();
  await table.start();
  const clock = createStoppedClock(portalNow);
  const dynamo = dynamoTable(table.client(), tableName);
  const usage = createDynamoUsageStore(dynamo, {
    clock,
    retention: { recordDays: 400, totalDays: 1100 },
  });
  const stored = createDynamoAuditLog(dynamo, { clock, retentionDays: 400 });
  const audit = options.auditOf?.(stored) ?? stored;
  const denials = createDynamoConnectDenials(dynamo, { clock });
  const log = createRecordingLog();
  const directory: EndpointDirectory = {
    list: () =>
      Promise.resolve({
        readAt: portalNow,
        schedule: options.schedule ?? { at: portalNow, dryRun: false },
        endpoints,
      }),
    find: (_principal, endpointId) =>
      Promise.resolve(endpoints.find(({ endpoint }) => endpoint.id === endpointId) ?? null),
  };
  const ids = [sampleIds.endpoint, sampleIds.otherEndpoint];
  for (const [index, endpointId] of ids.entries()) {
    const sample = usageSample(endpointId, portalMonth, portalNow, { seed: index + 1 });
    await storeSample(usage, endpointId, portalMonth, portalNow, sample);
  }
  const pauses = options.pauses ?? createDynamoPauseStore(dynamo);
  const environment = readEnvironment(portalEnvironment, {
    TABLE_NAME: tableName,
    TIME_ZONE: accountsZone,
    ALB_ARN:
      'arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:loadbalancer/app/portal/0123456789abcdef',
    COGNITO_CLIENT_ID: 'client',
    COGNITO_ISSUER: 'https://cognito-idp.ap-northeast-1.amazonaws.com/pool',
    COGNITO_DOMAIN: 'https://sign-in.example.com',
    PORTAL_URL: 'http://127.0.0.1',
  });
  const app = createApp(
    {
      clock,
      log,
      verifier,
      directory,
      leases: noLeases,
      administration: createAdministration({
        directory,
        endpoints: createMemoryStores().endpoints,
        audit,
        clock,
        nudge: () => undefined,
      }),
      clientConfigurations: { get: () => Promise.resolve('client\n') },
      audit,
      denials,
      usage,
      reports: createUsageReports({ store: usage, timeZone: accountsZone, prices }),
      prices,
      scheduleRule: options.scheduleRule ?? null,
      scheduleAdministration: createScheduleAdministration({
        pauses,
        rule: options.scheduleRule ?? null,
        audit,
        clock,
      }),
      pauses,
      checkStore: () => Promise.resolve(),
    },
    environment,
    sourceFiles(),
    options.limits,
  );
  const server = createServer(app);
  const url = `http://127.0.0.1:${(await listen(server, 0, 'PORT')).toString()}`;
  return {
    url,
    usage,
    audit,
    denials,
    log,
    as: (person) => {
      const headers = {
        'sec-fetch-site': 'same-origin',
        'x-forwarded-for': '203.0.113.7',
        ...(person === null ? {} : { 'x-amzn-oidc-data': person }),
      };
      return {
        get: (address) => request(url).get(address).set(headers).redirects(0),
        post: (address, form = {}) =>
          request(url).post(address).set(headers).redirects(0).type('form').send(form),
      };
    },
    stop: async () => {
      await stopListening(server);
      await table.stop();
    },
  };
}
