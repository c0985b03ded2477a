import type { connectEnvironment } from '../../../src/config/environment.ts';
import type { PortalSettings } from '../../settings.ts';
import type { ConnectSettings } from '../../settings-telling.ts';
import type { EnvironmentOf } from '../environment-of.ts';
import { namespaceOf } from './portal-variables.ts';

export function connectVariables(
  settings: PortalSettings,
  { onFailure }: ConnectSettings,
  tableName: string,
): EnvironmentOf<typeof connectEnvironment> {
  const { address, notifications, retention } = settings;
  return {
    TABLE_NAME: tableName,
    AUDIT_RETENTION_DAYS: String(retention.auditDays),
    METRIC_NAMESPACE: namespaceOf(settings),
    PORTAL_URL: `https://${address.hostName}`,
    CONNECT_ON_FAILURE: onFailure,
    CONNECT_LANGUAGE: notifications.language,
  };
}
