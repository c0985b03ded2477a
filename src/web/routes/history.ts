import { Router } from 'express';

import type { Clock } from '../../clock.ts';
import { minutesAfter } from '../../clock.ts';
import type { EndpointDirectory } from '../../lease/endpoint-directory.ts';
import { methodNotAllowed } from '../middleware/errors.ts';
import type { Pages } from '../pages.ts';
import { connectionsCursorOf, refusePlaceOutside } from '../report-query.ts';
import { oldestKept } from '../report-settings.ts';
import type { ReportSettings } from '../report-settings.ts';
import { principalOf } from '../request-context.ts';
import type { UsageReading } from '../usage-reading.ts';

export interface HistoryRouteServices {
  readonly directory: EndpointDirectory;
  readonly reading: UsageReading;
  readonly clock: Clock;
}

const recordsOnAPage = 25;

/** What everybody may see of themselves. */
export function historyRoutes(
  { clock, directory, reading }: HistoryRouteServices,
  { retentionDays }: ReportSettings,
  pages: Pages,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/history')
    .get(async (request, response) => {
      const principal = principalOf(response);
      const after = connectionsCursorOf(request, '/history');
      const range = {
        from: oldestKept(clock, retentionDays.usage),
        // AWS's clock may be a little ahead of ours.
        to: minutesAfter(clock.now(), 5),
      };
      refusePlaceOutside(after, range, '/history');
      const [listing, records] = await Promise.all([
        directory.list(principal),
        reading.records({
          // Under the name by which the VPN client has signed in, through the same provider.
          person: principal.name,
          endpointId: null,
          names: new Map(),
          range,
          order: 'newest-first',
          limit: recordsOnAPage,
          after,
        }),
      ]);
      pages.history(response, { listing, records, after });
    })
    .all(methodNotAllowed);
  return router;
}
