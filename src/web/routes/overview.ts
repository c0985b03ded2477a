import { Router } from 'express';
import type { Request } from 'express';

import type { ConnectDenials } from '../../audit/connect-denials.ts';
import type { Clock } from '../../clock.ts';
import type { EndpointDirectory } from '../../lease/endpoint-directory.ts';
import type { ScheduleRule } from '../../lease/schedule-rule.ts';
import { monthOf } from '../../usage/calendar.ts';
import type { Prices } from '../../usage/cost.ts';
import type { UsageReports } from '../../usage/usage-reports.ts';
import { cameToNothing } from '../endpoint-request.ts';
import { methodNotAllowed } from '../middleware/errors.ts';
import type { Pages } from '../pages.ts';
import { permitted } from '../permission.ts';
import type { ReportSettings } from '../report-settings.ts';
import type { OverviewData } from '../view-models/overview-view.ts';

export interface OverviewRouteServices {
  readonly directory: EndpointDirectory;
  readonly reports: UsageReports;
  readonly prices: Prices | null;
  readonly denials: Pick<ConnectDenials, 'last'>;
  readonly scheduleRule: ScheduleRule | null;
  readonly clock: Clock;
}

const denialsShown = 10;

/** Everything at a glance. */
export function overviewRoutes(
  { clock, denials, directory, prices, reports, scheduleRule }: OverviewRouteServices,
  { timeZone }: ReportSettings,
  pages: Pages,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin')
    .get(async (request, response) => {
      const principal = permitted(response, 'usage:read');
      const [listing, report, rule, denied] = await Promise.all([
        directory.list(principal),
        reports.month(monthOf(clock.now(), timeZone), null),
        readRule(scheduleRule, request),
        denials.last(denialsShown),
      ]);
      pages.overview(response, {
        listing,
        report,
        prices,
        timeZone,
        rule,
        denials: denied,
        notDone: cameToNothing(request),
      });
    })
    .all(methodNotAllowed);
  return router;
}

/** Whoever has just enabled it must not read what was true before. */
async function readRule(
  rule: ScheduleRule | null,
  { query }: Request,
): Promise<OverviewData['rule']> {
  if (rule === null) return null;
  const state = await rule.state(query['look-again'] === undefined ? 'shared' : 'new');
  return { name: rule.name, state };
}
