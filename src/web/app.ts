import express from 'express';
import type { Express, RequestHandler } from 'express';

import type { AuditLog } from '../audit/audit-log.ts';
import type { ConnectDenials } from '../audit/connect-denials.ts';
import type { Clock } from '../clock.ts';
import type { PortalEnvironment } from '../config/environment.ts';
import type { IdentityVerifier } from '../identity/verifier.ts';
import type { PauseStore } from '../lease/pause-store.ts';
import type { ScheduleRule } from '../lease/schedule-rule.ts';
import type { Log } from '../log.ts';
import type { Prices } from '../usage/cost.ts';
import type { UsageReports } from '../usage/usage-reports.ts';
import type { UsageStore } from '../usage/usage-store.ts';
import { createAssets } from './assets.ts';
import { createBoundedLog } from './bounded-log.ts';
import { authenticate } from './middleware/authenticate.ts';
import { compressed } from './middleware/compressed.ts';
import { errorPages, notFound } from './middleware/errors.ts';
import { auditRefusals } from './middleware/refusals.ts';
import { knowOfPause } from './middleware/pause.ts';
import { requestLog } from './middleware/request-log.ts';
import { sameSiteOnly } from './middleware/same-site-only.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { viewerPreferences } from './middleware/viewer-preferences.ts';
import type { AppFiles } from './files.ts';
import { createPace, steadyPace } from './pace.ts';
import { createPages } from './pages.ts';
import type { ReportSettings } from './report-settings.ts';
import { administrationRoutes } from './routes/administration.ts';
import type { AdministrationRouteServices } from './routes/administration.ts';
import { auditRoutes } from './routes/audit.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import type { EndpointRouteServices } from './routes/endpoints.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { overviewRoutes } from './routes/overview.ts';
import { scheduleRoutes } from './routes/schedule.ts';
import type { ScheduleRouteServices } from './routes/schedule.ts';
import { signOutRoutes, signedOutRoutes } from './routes/sign-out.ts';
import { usageRoutes } from './routes/usage.ts';
import { compileTemplates } from './templates.ts';
import { createUsageReading } from './usage-reading.ts';

export interface AppServices
  extends EndpointRouteServices, AdministrationRouteServices, ScheduleRouteServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly verifier: IdentityVerifier;
  readonly audit: AuditLog;
  readonly denials: Pick<ConnectDenials, 'last'>;
  readonly usage: UsageStore;
  readonly reports: UsageReports;
  /** `null` where they are not configured. */
  readonly prices: Prices | null;
  /** `null` where no rule runs the schedule, or its name is not configured. */
  readonly scheduleRule: ScheduleRule | null;
  readonly pauses: Pick<PauseStore, 'get'>;
  /** Rejects when the store does not answer. */
  readonly checkStore: () => Promise<void>;
}

/** What the host allows, and how busy it is. */
export interface AppLimits {
  /**
   * The part of the time since it was asked last in which the process did something, from 0 to 1: open tabs
   * are slowed down by it. They look as often as usual unless it is given.
   */
  readonly activity?: () => number;
  /** `null` where an answer may be as long as it likes. */
  readonly longestAnswerBytes: number | null;
}

/** The portal. Read from top to bottom, this is what happens to a request. */
export function createApp(
  services: AppServices,
  environment: PortalEnvironment,
  files: AppFiles,
  limits: AppLimits = { longestAnswerBytes: null },
): Express {
  const { audit, clock, log } = services;
  const ofStrangers = createBoundedLog(clock, log);
  const portal = new URL(environment.PORTAL_URL);
  const cognito = new URL(environment.COGNITO_DOMAIN);
  const assets = createAssets(files.assets);
  const render = compileTemplates(files.views);
  const { activity } = limits;
  const pace = activity === undefined ? steadyPace : createPace(clock, activity);
  const pages = createPages(clock, assets.url, render, pace);
  const reading = createUsageReading(services);
  const reportSettings = reportSettingsOf(environment, limits);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');

  app.use(securityHeaders([cognito.origin, ...environment.SIGN_IN_ORIGINS]));
  app.use(healthRoutes(services.checkStore, clock, ofStrangers));
  app.use(requestLog(clock, { log, ofStrangers }, environment.TIME_ZONE));
  app.use(compressed());
  app.use('/assets', assets.handler);
  app.use(neverStored);
  app.use(viewerPreferences(portal.protocol === 'https:'));
  app.use('/assets', notFound);
  app.use(signedOutRoutes(pages));
  app.use(authenticate(services.verifier));
  app.use(sameSiteOnly(portal.origin));
  app.use(knowOfPause(services.pauses, clock, log));
  app.use(endpointRoutes(services, pages));
  app.use(administrationRoutes(services, pages));
  app.use(historyRoutes({ ...services, reading }, reportSettings, pages));
  app.use(scheduleRoutes(services));
  app.use(overviewRoutes(services, reportSettings, pages));
  app.use(usageRoutes({ ...services, reading }, reportSettings, pages));
  app.use(auditRoutes({ ...services, reading }, reportSettings, pages));
  app.use(
    signOutRoutes({
      cognitoDomain: environment.COGNITO_DOMAIN,
      clientId: environment.COGNITO_CLIENT_ID,
      portalUrl: environment.PORTAL_URL,
    }),
  );
  app.use(notFound);
  app.use(auditRefusals(audit, clock, log));
  app.use(errorPages(pages, { log, ofStrangers }));
  return app;
}

/** A page is one person's, at one moment: not for a cache, and not for the back button of the next. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store');
  next();
};

function reportSettingsOf(environment: PortalEnvironment, limits: AppLimits): ReportSettings {
  return {
    ...limits,
    timeZone: environment.TIME_ZONE,
    retentionDays: {
      usage: environment.USAGE_RETENTION_DAYS,
      totals: environment.TOTALS_RETENTION_DAYS,
      audit: environment.AUDIT_RETENTION_DAYS,
    },
  };
}
