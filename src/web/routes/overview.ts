import { Router } from 'express';

import type { Clock } from '../../clock.ts';
import type { EndpointDirectory } from '../../lease/endpoint-directory.ts';
import type { ScheduleRule } from '../../lease/schedule-rule.ts';
import { monthOf } from '../../usage/calendar.ts';
import type { Prices } from '../../usage/cost.ts';
import type { UsageReports } from '../../usage/usage-reports.ts';
import { methodNotAllowed } from '../middleware/errors.ts';
import type { Pages } from '../pages.ts';
import { permitted } from '../permission.ts';
import type { ReportSettings } from '../report-settings.ts';
import type { OverviewData } from '../view-models/overview-view.ts';

export interface OverviewRouteServices {
  readonly directory: EndpointDirectory;
  readonly reports: UsageReports;
  readonly prices: Prices | null;
  readonly scheduleRule: ScheduleRule | null;
  readonly clock: Clock;
}

/** Everything at a glance. */
export function overviewRoutes(
  { clock, directory, prices, reports, scheduleRule }: OverviewRouteServices,
  { timeZone }: ReportSettings,
  pages: Pages,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin')
    .get(async (_request, response) => {
      const principal = permitted(response, 'usage:read');
      const [listing, report, rule] = await Promise.all([
        directory.list(principal),
        reports.month(monthOf(clock.now(), timeZone), null),
        readRule(scheduleRule),
      ]);
      pages.overview(response, { listing, report, prices, timeZone, rule });
    })
    .all(methodNotAllowed);
  return router;
}

async function readRule(rule: ScheduleRule | null): Promise<OverviewData['rule']> {
  return rule === null ? null : { name: rule.name, state: await rule.state() };
}
