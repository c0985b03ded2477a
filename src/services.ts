import { randomUUID } from 'node:crypto';

import { pino } from 'pino';

import type { AuditLog } from './audit/audit-log.ts';
import { createAuditedLeases } from './audit/audited-leases.ts';
import { fetchKeyFromAws } from './aws/alb-keys.ts';
import type { FetchKey } from './aws/alb-keys.ts';
import { createAlbVerifier } from './aws/alb-verifier.ts';
import { createAwsClients } from './aws/clients.ts';
import type { AwsClients } from './aws/clients.ts';
import { createDynamoAuditLog } from './aws/dynamo-audit-log.ts';
import { createDynamoCatalogueStore } from './aws/dynamo-catalogue-store.ts';
import { createDynamoEndpointStore } from './aws/dynamo-endpoint-store.ts';
import { createDynamoLeaseStore } from './aws/dynamo-lease-store.ts';
import { dynamoTable } from './aws/dynamo-table.ts';
import type { DynamoTable } from './aws/dynamo-table.ts';
import { createDynamoUsageStore } from './aws/dynamo-usage-store.ts';
import { createEc2ClientVpn } from './aws/ec2-client-vpn.ts';
import { createEventBridgeScheduleRule } from './aws/eventbridge-schedule-rule.ts';
import { createBackground } from './background.ts';
import type { Background } from './background.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { PortalEnvironment, ReconcilerEnvironment } from './config/environment.ts';
import type { IdentityVerifier } from './identity/verifier.ts';
import { createAdministration } from './lease/administration.ts';
import type { Administration } from './lease/administration.ts';
import { createEndpointDirectory } from './lease/endpoint-directory.ts';
import type { EndpointDirectory } from './lease/endpoint-directory.ts';
import { createLeaseService } from './lease/lease-service.ts';
import type { LeaseService } from './lease/lease-service.ts';
import { createSharedScheduleRule } from './lease/schedule-rule.ts';
import type { ScheduleRule } from './lease/schedule-rule.ts';
import type { Log } from './log.ts';
import { createReconciler } from './reconcile/reconciler.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import { createScheduledWork } from './scheduled-work.ts';
import type { ScheduledWork } from './scheduled-work.ts';
import type { Prices } from './usage/cost.ts';
import { createTotals } from './usage/totals-service.ts';
import type { Totals } from './usage/totals-service.ts';
import { createUsageRecorder } from './usage/usage-recorder.ts';
import { createUsageReports } from './usage/usage-reports.ts';
import type { UsageReports } from './usage/usage-reports.ts';
import type { UsageStore } from './usage/usage-store.ts';
import type { CatalogueStore } from './vpn/catalogue.ts';
import { createClientConfigurations } from './vpn/client-configurations.ts';
import type { ClientConfigurations } from './vpn/client-configurations.ts';
import type { EndpointId } from './vpn/ids.ts';

/** What the pages are built on. */
export interface PortalServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly verifier: IdentityVerifier;
  readonly directory: EndpointDirectory;
  readonly leases: LeaseService;
  readonly administration: Administration;
  readonly clientConfigurations: ClientConfigurations;
  readonly audit: AuditLog;
  readonly usage: UsageStore;
  readonly reports: UsageReports;
  /** `null` where they are not configured. */
  readonly prices: Prices | null;
  /** `null` where no rule runs the schedule, or its name is not configured. */
  readonly scheduleRule: ScheduleRule | null;
  readonly background: Background;
  /** Rejects when the store does not answer. */
  readonly checkStore: () => Promise<void>;
}

/** What the local stack and the tests put in the place of the world outside. */
export interface Surroundings {
  readonly aws: AwsClients;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the load balancer's public keys come from. */
  readonly fetchKey: FetchKey;
}

/**
 * @param options.level the least that is written
 * @param options.destination a file descriptor; standard output unless given
 */
export function createLog(
  options: { level?: 'info' | 'warn' | 'silent'; destination?: number } = {},
): Log {
  const { destination = 1, level = 'info' } = options;
  return pino(
    {
      base: null,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    pino.destination({ dest: destination, sync: true }),
  );
}

function inTheWorld(): Surroundings {
  return {
    aws: createAwsClients(),
    clock: systemClock,
    log: createLog(),
    fetchKey: fetchKeyFromAws,
  };
}

/** The portal may associate and create routes; it never disassociates anything. */
export function createPortalServices(
  environment: PortalEnvironment,
  { aws, clock, fetchKey, log }: Surroundings = inTheWorld(),
): PortalServices {
  const clientVpn = createEc2ClientVpn(aws.ec2);
  const table = dynamoTable(aws.dynamo, environment.TABLE_NAME);
  const endpoints = createDynamoEndpointStore(table);
  const catalogue = createDynamoCatalogueStore(table);
  const audit = createAuditLog(table, clock, environment);
  const usage = createUsageStore(table, clock, environment);
  const prices = pricesOf(environment);
  const background = createBackground(log);
  const reconciler = createReconciler({
    clientVpn,
    endpoints,
    catalogue,
    clock,
    log,
    newId: randomUUID,
    audit,
    usage: createUsageRecorder({ store: usage, log }),
    mode: 'portal',
  });
  const nudge = (endpointId: EndpointId): void => {
    background.run('pass', () => reconciler.pass(endpointId));
  };
  const directory = createEndpointDirectory({
    endpoints,
    catalogue,
    clock,
    passIsDue: nudge,
    listingIsDue: () => {
      background.run('listing', () => reconciler.refreshCatalogue());
    },
  });
  return {
    clock,
    log,
    background,
    directory,
    verifier: createAlbVerifier({
      albArn: environment.ALB_ARN,
      clientId: environment.COGNITO_CLIENT_ID,
      issuer: environment.COGNITO_ISSUER,
      groupsClaim: environment.GROUPS_CLAIM,
      roles: {
        adminGroups: environment.ADMIN_GROUPS,
        auditorGroups: environment.AUDITOR_GROUPS,
      },
      // Tokens are of the real world, whatever the clock of the rest.
      clock: systemClock,
      fetchKey,
    }),
    leases: createAuditedLeases(
      createLeaseService({
        directory,
        endpoints,
        leases: createDynamoLeaseStore(table),
        clock,
        log,
        nudge,
      }),
      { audit, clock },
    ),
    administration: createAdministration({
      directory,
      endpoints,
      audit,
      clock,
      nudge,
    }),
    clientConfigurations: createClientConfigurations({ clientVpn, clock }),
    audit,
    usage,
    reports: createUsageReports({ store: usage, timeZone: environment.TIME_ZONE, prices }),
    prices,
    scheduleRule: scheduleRuleOf(environment, { aws, clock, log }),
    checkStore: async () => {
      await catalogue.get();
    },
  };
}

/** What the schedule runs: the only one that may disassociate. */
export interface ScheduleServices {
  readonly reconciler: Reconciler;
  readonly scheduled: ScheduledWork;
  readonly totals: Totals;
  readonly usage: UsageStore;
  readonly catalogue: CatalogueStore;
}

export function createScheduleServices(
  environment: ReconcilerEnvironment,
  { aws, clock, log }: Pick<Surroundings, 'aws' | 'clock' | 'log'> = inTheWorld(),
): ScheduleServices {
  const table = dynamoTable(aws.dynamo, environment.TABLE_NAME);
  const catalogue = createDynamoCatalogueStore(table);
  const usage = createUsageStore(table, clock, environment);
  const dryRun = environment.RECONCILER_DRY_RUN;
  const reconciler = createReconciler({
    clientVpn: createEc2ClientVpn(aws.ec2),
    endpoints: createDynamoEndpointStore(table),
    catalogue,
    clock,
    log,
    newId: randomUUID,
    audit: createAuditLog(table, clock, environment),
    usage: createUsageRecorder({ store: usage, log }),
    mode: dryRun ? 'dry-run' : 'schedule',
  });
  const { BILLING: billing, TIME_ZONE: timeZone } = environment;
  const totals = createTotals({ store: usage, clock, timeZone, billing });
  return {
    reconciler,
    scheduled: createScheduledWork({ reconciler, catalogue, totals, clock, dryRun }),
    totals,
    usage,
    catalogue,
  };
}

type SharedEnvironment = Pick<
  ReconcilerEnvironment,
  'USAGE_RETENTION_DAYS' | 'TOTALS_RETENTION_DAYS' | 'AUDIT_RETENTION_DAYS'
>;

function createUsageStore(
  table: DynamoTable,
  clock: Clock,
  environment: SharedEnvironment,
): UsageStore {
  const retention = {
    recordDays: environment.USAGE_RETENTION_DAYS,
    totalDays: environment.TOTALS_RETENTION_DAYS,
  };
  return createDynamoUsageStore(table, { clock, retention });
}

function createAuditLog(
  table: DynamoTable,
  clock: Clock,
  environment: SharedEnvironment,
): AuditLog {
  return createDynamoAuditLog(table, { clock, retentionDays: environment.AUDIT_RETENTION_DAYS });
}

function scheduleRuleOf(
  { RECONCILER_RULE_NAME: name }: PortalEnvironment,
  { aws, clock, log }: Pick<Surroundings, 'aws' | 'clock' | 'log'>,
): ScheduleRule | null {
  if (name === undefined) return null;
  const rule = createEventBridgeScheduleRule({ client: aws.eventBridge, name, log });
  return createSharedScheduleRule(rule, clock);
}

/** `null` where the Region's prices are not configured: they have no default. */
function pricesOf(environment: PortalEnvironment): Prices | null {
  const { PRICE_ASSOCIATION_HOUR, PRICE_CONNECTION_HOUR } = environment;
  if (PRICE_ASSOCIATION_HOUR === undefined || PRICE_CONNECTION_HOUR === undefined) return null;
  return {
    currency: environment.CURRENCY,
    perAssociationHour: PRICE_ASSOCIATION_HOUR,
    perConnectionHour: PRICE_CONNECTION_HOUR,
    portalPerMonth: environment.PORTAL_COST_PER_MONTH,
    billing: environment.BILLING,
  };
}
