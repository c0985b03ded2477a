import type { AuditLog } from './audit/audit-log.ts';
import { createBoundedRefusals } from './audit/bounded-refusals.ts';
import type { FetchKey } from './aws/alb-keys.ts';
import type { AwsClients } from './aws/clients.ts';
import { createDynamoAuditLog } from './aws/dynamo-audit-log.ts';
import { createDynamoCatalogueStore } from './aws/dynamo-catalogue-store.ts';
import { createDynamoEndpointStore } from './aws/dynamo-endpoint-store.ts';
import { createDynamoNightStore } from './aws/dynamo-night-store.ts';
import { createDynamoScheduleTrouble } from './aws/dynamo-schedule-trouble.ts';
import type { DynamoTable } from './aws/dynamo-table.ts';
import { createDynamoUsageStore } from './aws/dynamo-usage-store.ts';
import { createEc2ClientVpn } from './aws/ec2-client-vpn.ts';
import { createEventBridgeEvents } from './aws/eventbridge-events.ts';
import { createEmfMetrics } from './aws/emf-metrics.ts';
import { createEventBridgeScheduleRule } from './aws/eventbridge-schedule-rule.ts';
import type { Clock } from './clock.ts';
import type { PortalEnvironment, ReconcilerEnvironment } from './config/environment.ts';
import type { Answered } from './connect/connect-handler.ts';
import { createSharedScheduleRule } from './lease/schedule-rule.ts';
import type { ScheduleRule } from './lease/schedule-rule.ts';
import type { Log } from './log.ts';
import type { EventPublisher } from './notify/domain-event.ts';
import { createNightWatch } from './notify/night-watch.ts';
import type { NightWatch } from './notify/night-watch.ts';
import { createOutbox } from './notify/outbox.ts';
import { createScheduleWatch } from './notify/schedule-watch.ts';
import type { ScheduleWatch } from './notify/schedule-watch.ts';
import type { Audience } from './reconcile/news.ts';
import { answerMeasurements } from './metrics/answer-measurements.ts';
import { createCountedClientVpn } from './metrics/counted-client-vpn.ts';
import type { Metrics } from './metrics/metrics.ts';
import { passMeasurements, runMeasurements } from './metrics/pass-measurements.ts';
import type { ReconcilerDependencies } from './reconcile/reconciler.ts';
import type { Prices } from './usage/cost.ts';
import type { UsageStore } from './usage/usage-store.ts';
import type { ClientVpn } from './vpn/client-vpn.ts';
import { withNamedEndpoints } from './vpn/named-endpoints.ts';

/*
 * What the processes are made of, each part from what of the environment it needs: built in one way,
 * whichever process has it.
 */

/** What the local stack and the tests put in the place of the world outside. */
export interface Surroundings {
  readonly aws: AwsClients;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the load balancer's public keys come from. */
  readonly fetchKey: FetchKey;
}

export function countedBy(metrics: Metrics): (answered: Answered) => void {
  return (answered) => {
    metrics.record(answerMeasurements(answered), { endpointId: answered.endpointId });
  };
}

export function clientVpnOf(
  { ec2 }: AwsClients,
  metrics: Metrics,
  { ENDPOINT_IDS: named }: Pick<ReconcilerEnvironment, 'ENDPOINT_IDS'>,
): ClientVpn {
  return withNamedEndpoints(createCountedClientVpn(createEc2ClientVpn(ec2), metrics), named);
}

export function createMetrics(
  { clock, log }: Pick<Surroundings, 'clock' | 'log'>,
  { METRIC_NAMESPACE: namespace }: Pick<ReconcilerEnvironment, 'METRIC_NAMESPACE'>,
): Metrics {
  return createEmfMetrics({ log, clock, namespace });
}

export function measuredBy(metrics: Metrics): Pick<ReconcilerDependencies, 'onPassed' | 'onRan'> {
  return {
    onPassed: (report) => {
      const { before, found } = report;
      const reason = found.lastPass?.reason.code;
      metrics.record(passMeasurements(report), { endpointId: before.endpointId, reason });
    },
    onRan: (report) => {
      metrics.record(runMeasurements(report));
    },
  };
}

type SharedEnvironment = Pick<
  ReconcilerEnvironment,
  'USAGE_RETENTION_DAYS' | 'TOTALS_RETENTION_DAYS' | 'AUDIT_RETENTION_DAYS'
>;

export function createUsageStore(
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

export function createAuditLog(
  table: DynamoTable,
  clock: Clock,
  environment: Pick<SharedEnvironment, 'AUDIT_RETENTION_DAYS'>,
): AuditLog {
  const retentionDays = environment.AUDIT_RETENTION_DAYS;
  return createBoundedRefusals(createDynamoAuditLog(table, { clock, retentionDays }), clock);
}

/** `null` where nobody listens. */
export function publisherOf(
  { EVENT_BUS_NAME: busName }: Pick<ReconcilerEnvironment, 'EVENT_BUS_NAME'>,
  { aws, log }: Pick<Surroundings, 'aws' | 'log'>,
): EventPublisher | null {
  if (busName === undefined) return null;
  return createEventBridgeEvents({ client: aws.eventBridge, busName, log });
}

export function audienceOf(publisher: EventPublisher | null): Audience | null {
  return publisher === null ? null : { publisher };
}

export function watchOf(
  publisher: EventPublisher | null,
  table: DynamoTable,
  { clock, log }: Pick<Surroundings, 'clock' | 'log'>,
): ScheduleWatch {
  const outbox = publisher === null ? null : createOutbox({ publisher, clock, log });
  return createScheduleWatch({ store: createDynamoScheduleTrouble(table), outbox, clock, log });
}

export function nightOf(
  publisher: EventPublisher | null,
  table: DynamoTable,
  { clock, log, timeZone }: Pick<Surroundings, 'clock' | 'log'> & { readonly timeZone: string },
): NightWatch | null {
  if (publisher === null) return null;
  return createNightWatch({
    store: createDynamoNightStore(table),
    catalogue: createDynamoCatalogueStore(table),
    endpoints: createDynamoEndpointStore(table),
    outbox: createOutbox({ publisher, clock, log }),
    clock,
    log,
    timeZone,
  });
}

export function scheduleRuleOf(
  { RECONCILER_RULE_NAME: name }: PortalEnvironment,
  { aws, clock, log }: Pick<Surroundings, 'aws' | 'clock' | 'log'>,
): ScheduleRule | null {
  if (name === undefined) return null;
  const rule = createEventBridgeScheduleRule({ client: aws.eventBridge, name, log });
  return createSharedScheduleRule(rule, clock);
}

/** `null` where the Region's prices are not configured: they have no default. */
export function pricesOf(environment: PortalEnvironment): Prices | null {
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
