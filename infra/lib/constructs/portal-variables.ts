import type { portalEnvironment, reconcilerEnvironment } from '../../../src/config/environment.ts';
import { metricNamespace } from '../../../src/config/metric-names.ts';
import type { PortalSettings } from '../../settings.ts';
import type { EnvironmentOf } from '../environment-of.ts';
import { groupsClaim } from './sign-in.ts';

/** What only the resources know that the stack makes. */
export interface MadeByTheStack {
  readonly tableName: string;
  readonly loadBalancerArn: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly domainUrl: string;
  readonly scheduleRuleName: string;
  readonly eventBusName: string;
}

export function portalVariables(
  settings: PortalSettings,
  made: MadeByTheStack,
): EnvironmentOf<typeof portalEnvironment> {
  const { people, prices, signIn } = settings;
  const ofTheRegion = prices.byRegion[settings.region] ?? null;
  return {
    ...sharedVariables(settings, made),
    ALB_ARN: made.loadBalancerArn,
    COGNITO_CLIENT_ID: made.clientId,
    COGNITO_ISSUER: made.issuer,
    COGNITO_DOMAIN: made.domainUrl,
    PORTAL_URL: `https://${settings.address.hostName}`,
    GROUPS_CLAIM: groupsClaim,
    ADMIN_GROUPS: people.adminGroups.join(' '),
    AUDITOR_GROUPS: people.auditorGroups.join(' '),
    SIGN_IN_ORIGINS: signIn.identityProvider.origins.join(' '),
    PRICE_ASSOCIATION_HOUR: ofTheRegion === null ? undefined : String(ofTheRegion.associationHour),
    PRICE_CONNECTION_HOUR: ofTheRegion === null ? undefined : String(ofTheRegion.connectionHour),
    PORTAL_COST_PER_MONTH: String(prices.portalPerMonth),
    CURRENCY: prices.currency,
    RECONCILER_RULE_NAME: made.scheduleRuleName,
  };
}

export function reconcilerVariables(
  settings: PortalSettings,
  made: Pick<MadeByTheStack, 'tableName' | 'eventBusName'>,
): EnvironmentOf<typeof reconcilerEnvironment> {
  return {
    ...sharedVariables(settings, made),
    RECONCILER_DRY_RUN: String(settings.schedule.dryRun),
  };
}

/** Two portals in one account and Region count apart. */
export function namespaceOf({ name }: PortalSettings): string {
  return `${metricNamespace}/${name}`;
}

function sharedVariables(
  settings: PortalSettings,
  made: Pick<MadeByTheStack, 'tableName' | 'eventBusName'>,
) {
  const { endpoints, people, prices, retention } = settings;
  return {
    TABLE_NAME: made.tableName,
    TIME_ZONE: people.timeZone,
    BILLING: prices.billing,
    USAGE_RETENTION_DAYS: String(retention.usageDays),
    TOTALS_RETENTION_DAYS: String(retention.totalsDays),
    AUDIT_RETENTION_DAYS: String(retention.auditDays),
    METRIC_NAMESPACE: namespaceOf(settings),
    EVENT_BUS_NAME: made.eventBusName,
    ENDPOINT_IDS: endpoints.onlyArns.map((arn) => arn.slice(arn.lastIndexOf('/') + 1)).join(' '),
  };
}
