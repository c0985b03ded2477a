import { Router } from 'express';

import type { AuditEntry, AuditLog, AuditQuery } from '../../audit/audit-log.ts';
import type { Clock } from '../../clock.ts';
import { rangeOfMonth } from '../../usage/calendar.ts';
import { sendCsv } from '../csv-answer.ts';
import { methodNotAllowed } from '../middleware/errors.ts';
import type { Pages } from '../pages.ts';
import { permitted } from '../permission.ts';
import { auditPlaceOf, rangeFor, reportFilterOf } from '../report-query.ts';
import { monthsKept } from '../report-settings.ts';
import type { ReportSettings } from '../report-settings.ts';
import { auditColumns, auditRow } from '../usage-csv.ts';
import type { UsageReading } from '../usage-reading.ts';

export interface AuditRouteServices {
  readonly audit: AuditLog;
  readonly reading: UsageReading;
  readonly clock: Clock;
}

const page = '/admin/audit';
const entriesOnAPage = 50;
const exportedAtOnce = 500;

/** Who did what: the page and its file. */
export function auditRoutes(
  { audit, clock, reading }: AuditRouteServices,
  settings: ReportSettings,
  pages: Pages,
): Router {
  const { retentionDays, timeZone } = settings;
  const router = Router({ caseSensitive: true, strict: true });

  router
    .route(page)
    .get(async (request, response) => {
      const principal = permitted(response, 'audit:read');
      const months = monthsKept(clock, settings, retentionDays.audit);
      const filter = reportFilterOf(request, page, months.thisMonth);
      const after = auditPlaceOf(request);
      const { endpointId, month, person } = filter;
      const range = rangeOfMonth(month, timeZone);
      const [names, found] = await Promise.all([
        reading.names(principal),
        audit.page({ range, endpointId, person, limit: entriesOnAPage, after }),
      ]);
      pages.audit(response, { ...months, filter, names, page: found, after, timeZone });
    })
    .all(methodNotAllowed);

  router
    .route(`${page}.csv`)
    .get(async (request, response) => {
      const principal = permitted(response, 'audit:read');
      const { thisMonth } = monthsKept(clock, settings, retentionDays.audit);
      const { endpointId, month, person } = reportFilterOf(request, page, thisMonth);
      const range = rangeFor(request, page, month, timeZone);
      const surroundings = { names: await reading.names(principal), timeZone };
      const rows = async function* () {
        for await (const entries of allEntries(audit, { range, endpointId, person })) {
          yield entries.map((entry) => auditRow(entry, surroundings));
        }
      };
      const name = `audit-${month}${range.isWholeMonth ? '' : '-part'}.csv`;
      const file = { name, columns: auditColumns, rows: rows(), page } as const;
      await sendCsv(response, file, settings.longestAnswerBytes);
    })
    .all(methodNotAllowed);

  return router;
}

async function* allEntries(
  audit: AuditLog,
  query: Pick<AuditQuery, 'range' | 'endpointId' | 'person'>,
): AsyncGenerator<readonly AuditEntry[]> {
  let after: string | null = null;
  do {
    const found = await audit.page({ ...query, limit: exportedAtOnce, after });
    yield found.entries;
    after = found.next;
  } while (after !== null);
}
