import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { AuditLog } from './audit/audit-log.ts';
import { createAuditedLeases } from './audit/audited-leases.ts';
import type { ConnectDenials } from './audit/connect-denials.ts';
import { fetchKeyFromAws } from './aws/alb-keys.ts';
import { createAlbVerifier } from './aws/alb-verifier.ts';
import { createAwsClients } from './aws/clients.ts';
import type { AwsClients } from './aws/clients.ts';
import { createDynamoCatalogueStore } from './aws/dynamo-catalogue-store.ts';
import { createDynamoConnectDenials } from './aws/dynamo-connect-denials.ts';
import { createDynamoEndpointStore } from './aws/dynamo-endpoint-store.ts';
import { createDynamoLeaseStore } from './aws/dynamo-lease-store.ts';
import { createDynamoPauseStore } from './aws/dynamo-pause-store.ts';
import { dynamoTable } from './aws/dynamo-table.ts';
import { createQuickDynamo } from './aws/quick-dynamo.ts';
import { createBackground } from './background.ts';
import type { Background } from './background.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type {
  ConnectEnvironment,
  PortalEnvironment,
  ReconcilerEnvironment,
} from './config/environment.ts';
import { createConnectHandler } from './connect/connect-handler.ts';
import type { Answered, ConnectHandler } from './connect/connect-handler.ts';
import { startTimer } from './connect/timer.ts';
import type { IdentityVerifier } from './identity/verifier.ts';
import { createAdministration } from './lease/administration.ts';
import type { Administration } from './lease/administration.ts';
import { createEndpointDirectory } from './lease/endpoint-directory.ts';
import type { EndpointDirectory } from './lease/endpoint-directory.ts';
import { createLeaseService } from './lease/lease-service.ts';
import type { LeaseService } from './lease/lease-service.ts';
import type { PauseStore } from './lease/pause-store.ts';
import { createScheduleAdministration } from './lease/schedule-administration.ts';
import type { ScheduleAdministration } from './lease/schedule-administration.ts';
import type { ScheduleRule } from './lease/schedule-rule.ts';
import type { Log } from './log.ts';
import { leavesThemPending } from './notify/outbox.ts';
import { watchedCatalogue } from './notify/schedule-watch.ts';
import { createReconciler } from './reconcile/reconciler.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import { createScheduledWork } from './scheduled-work.ts';
import type { ScheduledWork } from './scheduled-work.ts';
import type { Prices } from './usage/cost.ts';
import { createRecordedLeases } from './usage/recorded-leases.ts';
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
import {
  audienceOf,
  clientVpnOf,
  countedBy,
  createAuditLog,
  createMetrics,
  createUsageStore,
  measuredBy,
  nightOf,
  pricesOf,
  publisherOf,
  scheduleRuleOf,
  watchOf,
} from './service-parts.ts';
import type { Surroundings } from './service-parts.ts';

/** What the pages are built on. */
export interface PortalServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly verifier: IdentityVerifier;
  readonly directory: EndpointDirectory;
  readonly leases: LeaseService;
  readonly administration: Administration;
  readonly scheduleAdministration: ScheduleAdministration;
  readonly clientConfigurations: ClientConfigurations;
  readonly audit: AuditLog;
  readonly denials: ConnectDenials;
  readonly usage: UsageStore;
  readonly reports: UsageReports;
  /** `null` where they are not configured. */
  readonly prices: Prices | null;
  /** `null` where no rule runs the schedule, or its name is not configured. */
  readonly scheduleRule: ScheduleRule | null;
  readonly pauses: Pick<PauseStore, 'get'>;
  readonly background: Background;
  /** Rejects when the store does not answer. */
  readonly checkStore: () => Promise<void>;
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

/**
 * What becomes of a portal between two requests: `running` goes on as a server does, `frozen` stands
 * still as a function does, so that its answers wait for what is in the background.
 */
export type BetweenRequests = 'running' | 'frozen';

/**
 * The portal may associate and create routes; it never disassociates anything.
 *
 * A frozen one keeps nobody waiting for those who listen: its passes leave their events to the next
 * pass of the schedule, and no answer waits until it has told that the schedule is in trouble.
 */
export function createPortalServices(
  environment: PortalEnvironment,
  { aws, clock, fetchKey, log }: Surroundings = inTheWorld(),
  betweenRequests: BetweenRequests = 'running',
): PortalServices {
  const metrics = createMetrics({ log, clock }, environment);
  const clientVpn = clientVpnOf(aws, metrics, environment);
  const table = dynamoTable(aws.dynamo, environment.TABLE_NAME);
  const endpoints = createDynamoEndpointStore(table);
  const catalogue = createDynamoCatalogueStore(table);
  const pauses = createDynamoPauseStore(table);
  const audit = createAuditLog(table, clock, environment);
  const usage = createUsageStore(table, clock, environment);
  const scheduleRule = scheduleRuleOf(environment, { aws, clock, log });
  const prices = pricesOf(environment);
  const background = createBackground(log);
  const publisher = publisherOf(environment, { aws, log });
  const watch = publisher === null ? null : watchOf(publisher, table, { clock, log });
  const isFrozen = betweenRequests === 'frozen';
  const publishedByPasses = publisher !== null && isFrozen ? leavesThemPending : publisher;
  const reconciler = createReconciler({
    clientVpn,
    endpoints,
    catalogue,
    pauses,
    clock,
    log,
    newId: randomUUID,
    audit,
    usage: createUsageRecorder({ store: usage, log }),
    ...measuredBy(metrics),
    mode: 'portal',
    audience: audienceOf(publishedByPasses),
  });
  const nudge = (endpointId: EndpointId): void => {
    background.run('pass', () => reconciler.pass(endpointId));
  };
  const directory = createEndpointDirectory({
    endpoints,
    catalogue: watchedCatalogue(catalogue, watch, isFrozen ? createBackground(log) : background),
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
        leases: createRecordedLeases(createDynamoLeaseStore(table), { usage, clock, log }),
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
      newEventId: publisher === null ? null : randomUUID,
    }),
    scheduleAdministration: createScheduleAdministration({
      pauses,
      rule: scheduleRule,
      audit,
      clock,
    }),
    clientConfigurations: createClientConfigurations({ clientVpn, clock }),
    audit,
    denials: createDynamoConnectDenials(table, { clock }),
    usage,
    reports: createUsageReports({ store: usage, timeZone: environment.TIME_ZONE, prices }),
    prices,
    scheduleRule,
    pauses,
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
  const endpoints = createDynamoEndpointStore(table);
  const usage = createUsageStore(table, clock, environment);
  const dryRun = environment.RECONCILER_DRY_RUN;
  const publisher = publisherOf(environment, { aws, log });
  const watch = watchOf(publisher, table, { clock, log });
  const metrics = createMetrics({ log, clock }, environment);
  const reconciler = createReconciler({
    clientVpn: clientVpnOf(aws, metrics, environment),
    endpoints,
    catalogue,
    pauses: createDynamoPauseStore(table),
    clock,
    log,
    newId: randomUUID,
    audit: createAuditLog(table, clock, environment),
    usage: createUsageRecorder({ store: usage, log }),
    ...measuredBy(metrics),
    mode: dryRun ? 'dry-run' : 'schedule',
    audience: audienceOf(publisher),
  });
  const { BILLING: billing, TIME_ZONE: timeZone } = environment;
  const night = nightOf(publisher, table, { clock, log, timeZone });
  const readingsOf = async (id: EndpointId) => (await endpoints.load(id, 'record')).record.usage;
  const totals = createTotals({ store: usage, clock, timeZone, billing, readingsOf });
  return {
    reconciler,
    scheduled: createScheduledWork({ reconciler, catalogue, totals, clock, dryRun, watch, night }),
    totals,
    usage,
    catalogue,
  };
}

/** What answers the Client VPN service. It knows the table, and nothing of EC2. */
export interface ConnectServices {
  readonly answer: ConnectHandler;
}

/** @param onAnswered called with every answer; counts it in the metrics unless given */
export function createConnectServices(
  environment: ConnectEnvironment,
  { clock, dynamo, log }: Pick<Surroundings, 'clock' | 'log'> & Pick<AwsClients, 'dynamo'> = {
    dynamo: createQuickDynamo(),
    clock: systemClock,
    log: createLog(),
  },
  onAnswered: (answered: Answered) => void = countedBy(createMetrics({ log, clock }, environment)),
): ConnectServices {
  const table = dynamoTable(dynamo, environment.TABLE_NAME);
  return {
    answer: createConnectHandler({
      endpoints: createDynamoEndpointStore(table),
      catalogue: createDynamoCatalogueStore(table),
      audit: createAuditLog(table, clock, environment),
      denials: createDynamoConnectDenials(table, { clock }),
      clock,
      log,
      startTimer,
      settings: {
        onFailure: environment.CONNECT_ON_FAILURE,
        portalUrl: environment.PORTAL_URL,
        language: environment.CONNECT_LANGUAGE,
      },
      onAnswered,
    }),
  };
}
