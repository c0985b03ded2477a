import { Router } from 'express';
import type { Request } from 'express';

import type { Clock } from '../../clock.ts';
import type { Prices } from '../../usage/cost.ts';
import { rangeOfMonth } from '../../usage/calendar.ts';
import type { Cell } from '../csv.ts';
import { sendCsv } from '../csv-answer.ts';
import { methodNotAllowed } from '../middleware/errors.ts';
import { formField } from '../middleware/form-body.ts';
import type { Pages } from '../pages.ts';
import { permitted } from '../permission.ts';
import { notUsable, rangeFor, refusePlaceOutside, usageQueryOf } from '../report-query.ts';
import { monthsKept } from '../report-settings.ts';
import type { ReportSettings } from '../report-settings.ts';
import { connectionColumns, connectionRow, periodColumns, periodRow } from '../usage-csv.ts';
import type { UsageReading } from '../usage-reading.ts';

export interface UsageRouteServices {
  readonly reading: UsageReading;
  readonly prices: Prices | null;
  readonly clock: Clock;
}

const page = '/admin/usage';
const recordsOnAPage = 50;

/** Who used what, and what it cost: the page and its files. */
export function usageRoutes(
  services: UsageRouteServices,
  settings: ReportSettings,
  pages: Pages,
): Router {
  const { clock, prices, reading } = services;
  const { retentionDays, timeZone } = settings;
  const router = Router({ caseSensitive: true, strict: true });

  router
    .route(page)
    .get(async (request, response) => {
      const principal = permitted(response, 'usage:read');
      const months = monthsKept(clock, settings, retentionDays.totals);
      const query = usageQueryOf(request, page, months.thisMonth);
      const range = rangeOfMonth(query.month, timeZone);
      refusePlaceOutside(query.after, range, page);
      const { names, report } = await reading.report(principal, query);
      const [records, periods] = await Promise.all([
        reading.records({ ...query, names, range, limit: recordsOnAPage }),
        query.person === '' ? reading.periods({ ...query, names, range }) : [],
      ]);
      pages.usage(response, {
        ...months,
        query,
        names,
        report,
        records,
        periods,
        prices,
        timeZone,
      });
    })
    .all(methodNotAllowed);

  router
    .route(`${page}.csv`)
    .get(async (request, response) => {
      const principal = permitted(response, 'usage:read');
      const { thisMonth } = monthsKept(clock, settings, retentionDays.totals);
      const query = usageQueryOf(request, page, thisMonth);
      const kind = kindOf(request);
      if (kind === 'periods' && query.person !== '') throw notUsable('periods-of-a-person', page);
      const range = rangeFor(request, page, query.month, timeZone);
      const { names } = await reading.report(principal, query);
      const scope = { ...query, names, range };
      const surroundings = { names, timeZone };
      const name = `${kind === 'periods' ? 'on-periods' : 'connections'}-${nameOf(range, query)}`;
      const rows = async function* (): AsyncGenerator<readonly (readonly Cell[])[]> {
        if (kind === 'periods') {
          const periods = await reading.periods(scope);
          yield periods.map((period) => periodRow(period, surroundings));
          return;
        }
        for await (const records of reading.allRecords(scope)) {
          yield records.map((record) => connectionRow(record, surroundings));
        }
      };
      const columns = kind === 'periods' ? periodColumns : connectionColumns;
      const file = { name: `${name}.csv`, columns, rows: rows(), page } as const;
      await sendCsv(response, file, settings.longestAnswerBytes);
    })
    .all(methodNotAllowed);

  return router;
}

/** The month, and that it is not the whole of it. */
function nameOf({ isWholeMonth }: { isWholeMonth: boolean }, { month }: { month: string }): string {
  return isWholeMonth ? month : `${month}-part`;
}

function kindOf(request: Request): 'connections' | 'periods' {
  const kind = formField(request.query, 'kind') ?? 'connections';
  if (kind !== 'connections' && kind !== 'periods') throw notUsable('kind', page);
  return kind;
}
