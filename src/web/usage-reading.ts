import type { Principal } from '../identity/principal.ts';
import type { EndpointDirectory } from '../lease/endpoint-directory.ts';
import type { ConnectionRecord } from '../usage/connection-record.ts';
import type { OnPeriod, TimeRange } from '../usage/on-period.ts';
import type { MonthReport, UsageReports } from '../usage/usage-reports.ts';
import type {
  ConnectionsPage,
  ConnectionsQuery,
  LeasesPage,
  LeasesQuery,
  UsageStore,
} from '../usage/usage-store.ts';
import type { EndpointId } from '../vpn/ids.ts';
import { notUsable } from './report-query.ts';
import type { ReportFilter } from './report-query.ts';

/** Endpoints by id, with the names that people read. */
export type EndpointNames = ReadonlyMap<EndpointId, string>;

export interface UsageReading {
  /** Those that are managed now. */
  names(principal: Principal): Promise<EndpointNames>;
  /**
   * A month's report, and the endpoints that it may be about.
   *
   * @throws {PageError} for an endpoint that neither is managed nor has figures
   */
  report(
    principal: Principal,
    filter: ReportFilter,
  ): Promise<{ readonly report: MonthReport; readonly names: EndpointNames }>;
  records(query: RecordsQuery): Promise<ConnectionsPage>;
  /** The newest first. */
  leases(query: LeasesQuery): Promise<LeasesPage>;
  /** Every record, a page at a time: by endpoint, then the oldest first. */
  allRecords(query: RecordsScope): AsyncIterable<readonly ConnectionRecord[]>;
  /** The oldest first. */
  periods(scope: Omit<RecordsScope, 'person'>): Promise<readonly OnPeriod[]>;
}

export interface RecordsScope {
  /** `null` for all of `names`; for a person, wherever they were. */
  readonly endpointId: EndpointId | null;
  readonly names: EndpointNames;
  /** Empty for everybody. */
  readonly person: string;
  readonly range: TimeRange;
}

export type RecordsQuery = RecordsScope & Pick<ConnectionsQuery, 'order' | 'limit' | 'after'>;

const exportedAtOnce = 500;

export function createUsageReading(deps: {
  readonly directory: EndpointDirectory;
  readonly usage: UsageStore;
  readonly reports: UsageReports;
}): UsageReading {
  const { directory, reports, usage } = deps;

  async function names(principal: Principal): Promise<EndpointNames> {
    const listing = await directory.list(principal);
    return new Map(
      (listing?.endpoints ?? []).map(({ endpoint, name }) => [endpoint.id, name] as const),
    );
  }

  function records({ after, limit, order, range, ...scope }: RecordsQuery) {
    return usage.connectionsPage({ of: whose(scope), range, order, limit, after });
  }

  return {
    names,

    async report(principal, filter) {
      const [managed, report] = await Promise.all([
        names(principal),
        reports.month(filter.month, filter.endpointId),
      ]);
      const all = new Map(managed);
      for (const { endpointId } of report.endpoints) {
        if (!all.has(endpointId)) all.set(endpointId, endpointId);
      }
      if (filter.endpointId !== null && !all.has(filter.endpointId)) {
        throw notUsable('endpoint', '/admin/usage');
      }
      return { report, names: all };
    },

    records,
    leases: (query) => usage.leasesPage(query),

    async *allRecords(scope) {
      if (scope.person === '') {
        for (const endpointId of chosen(scope)) yield* usage.connections(endpointId, scope.range);
        return;
      }
      const rest = { order: 'oldest-first', limit: exportedAtOnce } as const;
      let page: ConnectionsPage = { connections: [], next: null };
      do {
        page = await records({ ...scope, ...rest, after: page.next });
        yield page.connections;
      } while (page.next !== null);
    },

    async periods(scope) {
      const found = await Promise.all(
        chosen(scope).map((endpointId) => usage.periods(endpointId, scope.range)),
      );
      return found.flat().sort((a, b) => a.from.getTime() - b.from.getTime());
    },
  };
}

function whose({
  person,
  ...scope
}: Pick<RecordsScope, 'endpointId' | 'names' | 'person'>): ConnectionsQuery['of'] {
  const { endpointId } = scope;
  if (person === '') return { kind: 'endpoints', endpointIds: chosen(scope) };
  return { kind: 'person', person, ...(endpointId === null ? {} : { endpointId }) };
}

function chosen({
  endpointId,
  names,
}: Pick<RecordsScope, 'endpointId' | 'names'>): readonly EndpointId[] {
  return endpointId === null ? [...names.keys()] : [endpointId];
}
