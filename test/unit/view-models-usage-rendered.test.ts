import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ConnectDenial } from '../../src/audit/connect-denials.ts';
import { minutesAfter } from '../../src/clock.ts';
import type { Listing } from '../../src/lease/endpoint-directory.ts';
import { languages } from '../../src/web/locales/index.ts';
import type { Language } from '../../src/web/locales/index.ts';
import { defaultSort } from '../../src/web/report-query.ts';
import { compileTemplates } from '../../src/web/templates.ts';
import { auditView } from '../../src/web/view-models/audit-view.ts';
import { errorView } from '../../src/web/view-models/error-view.ts';
import { historyView } from '../../src/web/view-models/history-view.ts';
import { overviewView } from '../../src/web/view-models/overview-view.ts';
import { usageView } from '../../src/web/view-models/usage-view.ts';
import { htmlFaultsOf } from '../builders/html-faults.ts';
import {
  aLease,
  alice,
  anEndpoint,
  anEndpointForPerson,
  aPrincipal,
  gaveUp,
  onFor,
  sampleIds,
  seenOn,
  aPause,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';
import { aLeaseRecord } from '../builders/usage.ts';
import {
  accountsZone,
  hostileNames,
  samplePrices,
  sampleReport,
  usageSample,
} from '../builders/usage-sample.ts';

const render = compileTemplates(path.join(import.meta.dirname, '../../views'));
const now = new Date('2026-03-20T06:00:00Z');
const carol = aPrincipal('carol@example.com', [
  'endpoint:use',
  'endpoint:see-all',
  'endpoint:hold',
  'usage:read',
  'audit:read',
]);
const people = [...hostileNames, 'alice@example.com'];
const sample = usageSample(sampleIds.endpoint, '2026-03', now, { people });
const empty = { connections: [], next: null };
const evil = hostileNames[1];
const names = new Map([
  [sampleIds.endpoint, evil],
  [sampleIds.otherEndpoint, 'Osaka'],
]);

const sampleDenials: readonly ConnectDenial[] = [
  { at: now, endpointId: sampleIds.endpoint, person: evil, reason: 'not-in-group' },
  { at: minutesAfter(now, -9), endpointId: null, person: '', reason: 'request-malformed' },
];

const listing: Listing = {
  readAt: minutesAfter(now, -1),
  schedule: { at: minutesAfter(now, -20), dryRun: true },
  endpoints: [
    anEndpointForPerson(
      onFor(30, {
        seen: {
          ...seenOn(2),
          connections: [{ id: sampleIds.connectionA, person: evil, establishedAt: now }],
        },
        connected: 2,
        leases: [aLease(alice, 30)],
      }),
      { name: evil },
    ),
    anEndpointForPerson(
      { ...gaveUp, lacksRules: true },
      { endpoint: anEndpoint({ id: sampleIds.otherEndpoint }) },
    ),
  ],
};

async function pagesIn(language: Language): Promise<[string, object][]> {
  const input = { ...frameInput(carol, language), now };
  const report = await sampleReport('2026-03', now, { prices: samplePrices, people });
  const usage = {
    query: {
      month: '2026-03',
      endpointId: null,
      person: '',
      sort: defaultSort,
      allPeople: false,
      periodsPage: 1,
      order: 'newest-first' as const,
      after: null,
    },
    report,
    names,
    records: { connections: sample.connections, next: sample.connections[3] ?? null },
    periods: sample.periods,
    prices: samplePrices,
    timeZone: accountsZone,
    thisMonth: '2026-03',
    oldestMonth: '2025-03',
  };
  const filter = { month: '2026-03', endpointId: null, person: evil };
  const entry = {
    at: now,
    actor: { id: 'sub', name: evil },
    address: '203.0.113.7',
    action: 'hold' as const,
    endpointId: sampleIds.endpoint,
    detail: `on: ${evil}`,
    outcome: 'recorded',
    requestIds: [],
  };
  const own = { ...entry, actor: { id: 'schedule', name: 'schedule' }, address: null };
  return [
    ['usage', usageView({ ...input, ...usage })],
    ['usage of one', usageView({ ...input, ...usage, query: { ...usage.query, person: evil } })],
    [
      'usage without anything',
      usageView({
        ...input,
        ...usage,
        report: await sampleReport('2025-11', now, { endpointIds: [] }),
        records: empty,
        periods: [],
        prices: null,
      }),
    ],
    [
      'history',
      historyView({
        ...input,
        listing,
        records: { connections: sample.connections, next: sample.connections[3] ?? null },
        after: sample.connections[2] ?? null,
        leases: {
          leases: [
            aLeaseRecord({ from: minutesAfter(now, -90), person: evil }),
            aLeaseRecord({ from: minutesAfter(now, -9), to: now, ending: 'given-back' }),
          ],
          next: aLeaseRecord(),
        },
        asked: aLeaseRecord(),
      }),
    ],
    [
      'history without anything',
      historyView({
        ...input,
        listing: null,
        records: empty,
        after: null,
        leases: { leases: [], next: null },
        asked: null,
      }),
    ],
    [
      'audit',
      auditView({
        ...input,
        filter,
        names,
        page: { entries: [entry, { ...own, outcome: 'made-up', requestIds: ['id-1'] }], next: 'x' },
        after: 'y',
        timeZone: accountsZone,
        thisMonth: '2026-03',
        oldestMonth: '2025-03',
      }),
    ],
    [
      'audit without anything',
      auditView({
        ...input,
        filter,
        names,
        page: { entries: [], next: null },
        after: null,
        timeZone: accountsZone,
        thisMonth: '2026-03',
        oldestMonth: '2025-03',
      }),
    ],
    [
      'overview',
      overviewView({
        ...input,
        listing,
        report,
        prices: samplePrices,
        rule: { name: 'reconciler', state: 'disabled' },
        denials: sampleDenials,
        timeZone: accountsZone,
      }),
    ],
    [
      'overview while stopping is paused',
      overviewView({
        ...input,
        pause: aPause(),
        notDone: true,
        listing,
        report,
        prices: samplePrices,
        rule: { name: 'reconciler', state: 'enabled' },
        denials: [],
        timeZone: accountsZone,
      }),
    ],
    [
      'overview before the first reading',
      overviewView({
        ...input,
        listing: null,
        report,
        prices: null,
        rule: null,
        denials: [],
        timeZone: accountsZone,
      }),
    ],
    [
      'error',
      errorView({
        ...input,
        status: 400,
        problem: { code: 'answer-too-long', longestBytes: 900_000, page: '/admin/usage' },
      }),
    ],
  ];
}

const pages = (
  await Promise.all(
    languages.map(async (language) =>
      (await pagesIn(language)).map(([name, view]) => [language, name, view] as const),
    ),
  )
).flat();

describe('a rendered report', () => {
  it.each(pages)('in %s (%s) is sound HTML', async (_language, _name, view) => {
    const faults = await htmlFaultsOf(render('layouts/page', view));

    expect([...new Set(faults)].slice(0, 10)).toEqual([]);
  });

  it.each(pages)('in %s (%s) shows no value that is missing', (_language, _name, view) => {
    expect(render('layouts/page', view)).not.toMatch(/undefined|\[object|NaN|Infinity|>null</);
  });

  it.each(pages)('in %s (%s) needs no inline script and no inline style', (...[, , view]) => {
    expect(render('layouts/page', view)).not.toMatch(
      /<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:/,
    );
  });

  it.each(pages)('in %s (%s) shows hostile names as text', (...[, , view]) => {
    expect(render('layouts/page', view)).not.toContain('<script>alert');
  });

  it('shows them at all', () => {
    const htmlOf = (wanted: string): string =>
      pages
        .filter(([, name]) => name === wanted)
        .map(([, , view]) => render('layouts/page', view))
        .join('');

    for (const name of ['usage', 'audit', 'overview', 'history']) {
      expect(htmlOf(name)).toContain('&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;');
    }
    expect(htmlOf('usage')).toContain('=HYPERLINK(&#34;x&#34;)');
  });
});
