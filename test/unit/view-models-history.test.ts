import { describe, expect, it } from '@jest/globals';
import type { Listing } from '../../src/lease/endpoint-directory.ts';
import { historyView } from '../../src/web/view-models/history-view.ts';
import type { HistoryData } from '../../src/web/view-models/history-view.ts';
import {
  aLease,
  alice,
  anEndpoint,
  anEndpointForPerson,
  bob,
  onFor,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';
import { usageSample } from '../builders/usage-sample.ts';

const sample = usageSample(sampleIds.endpoint, '2026-03', sampleNow, { people: [alice.name] });

const listing: Listing = {
  readAt: sampleNow,
  schedule: null,
  endpoints: [
    anEndpointForPerson(onFor(30, { leases: [aLease(alice, 30), aLease(bob, 90)] })),
    anEndpointForPerson(onFor(90, { leases: [aLease(bob, 90)] }), {
      name: 'Osaka',
      endpoint: anEndpoint({ id: sampleIds.otherEndpoint }),
    }),
  ],
};

function viewOf(data: Partial<HistoryData> = {}) {
  const records = { connections: sample.connections, next: null };
  const nothing = { after: null, leases: { leases: [], next: null }, asked: null };
  return historyView({ ...frameInput(), listing, records, ...nothing, ...data });
}

describe('one’s own history', () => {
  it('has one’s own leases, and nobody else’s', () => {
    const { rows } = viewOf().leases;

    expect(rows.map(({ name }) => name)).toEqual(['Tokyo office']);
    expect(rows[0]?.until.text).toBe('11:32');
  });

  it('has one’s connections, without naming oneself in each', () => {
    const { columns, rows } = viewOf().records;

    expect(rows.map(({ id }) => id)).toEqual(
      sample.connections.map(({ connectionId }) => connectionId),
    );
    expect(rows.filter(({ person }) => person !== null)).toEqual([]);
    expect(columns.map(({ text }) => text)).not.toContain('Person');
  });

  it('shows a connection that is open as one', () => {
    const open = sample.connections.find(({ to }) => to === null);
    const row = viewOf().records.rows.find(({ id }) => id === open?.connectionId);

    expect(row).toMatchObject({ to: null, open: 'Open', ending: 'Still open' });
  });

  it('names an endpoint that one may not see any more by its id', () => {
    const view = viewOf({ listing: { ...listing, endpoints: [] } });

    expect(view.records.rows[0]?.endpoint).toBe(sampleIds.endpoint);
  });

  it('leads on, and back to the beginning', () => {
    const [first, second] = sample.connections;
    const records = { connections: sample.connections.slice(1, 2), next: second ?? null };
    const { pager } = viewOf({ records, after: first ?? null }).records;

    expect(pager.first?.href).toBe('/history');
    expect(pager.next?.href).toMatch(/^\/history\?after=2026-03-/);
  });

  it('says that AWS has not been read yet, and not that nothing is kept on', () => {
    expect(viewOf({ listing: null }).leases.none).toContain('not been read');
  });
});
