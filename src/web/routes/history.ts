import { Router } from 'express';

import type { Clock } from '../../clock.ts';
import { minutesAfter } from '../../clock.ts';
import type { EndpointDirectory } from '../../lease/endpoint-directory.ts';
import { methodNotAllowed } from '../middleware/errors.ts';
import type { Pages } from '../pages.ts';
import { connectionsCursorOf, leasesCursorOf, refusePlaceOutside } from '../report-query.ts';
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
const leasesOnAPage = 10;

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
      const asked = leasesCursorOf(request, '/history');
      refusePlaceOutside(after, range, '/history');
      refusePlaceOutside(asked, range, '/history');
      const [listing, records, leases] = await Promise.all([
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
        reading.leases({ person: principal.name, range, limit: leasesOnAPage, after: asked }),
      ]);
      pages.history(response, { listing, records, after, leases, asked });
    })
    .all(methodNotAllowed);
  return router;
}
