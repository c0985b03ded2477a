import { describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import type { OnPeriod } from '../../src/usage/on-period.ts';
import { defaultSort } from '../../src/web/report-query.ts';
import type { UsageQuery } from '../../src/web/report-query.ts';
import { usageView } from '../../src/web/view-models/usage-view.ts';
import type { UsageData } from '../../src/web/view-models/usage-view.ts';
import { figuresFor } from '../../src/web/view-models/usage-figures.ts';
import { wordingFor } from '../../src/web/view-models/viewer.ts';
import { carol, sampleIds } from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';
import { accountsZone, samplePrices, sampleReport, usageSample } from '../builders/usage-sample.ts';

const now = new Date('2026-03-20T06:00:00Z');
const input = { ...frameInput(carol), now };
const sample = usageSample(sampleIds.endpoint, '2026-03', now);

const everything: UsageQuery = {
  month: '2026-03',
  endpointId: null,
  person: '',
  sort: defaultSort,
  allPeople: false,
  periodsPage: 1,
  order: 'newest-first',
  after: null,
};

async function dataOf(
  query: Partial<UsageQuery> = {},
  rest: Partial<UsageData> = {},
): Promise<UsageData> {
  const prices = rest.prices === undefined ? samplePrices : rest.prices;
  return {
    query: { ...everything, ...query },
    report: await sampleReport('2026-03', now, { prices, only: query.endpointId ?? null }),
    names: new Map([[sampleIds.endpoint, 'Tokyo office']]),
    records: { connections: sample.connections.slice(0, 3), next: null },
    periods: sample.periods,
    timeZone: accountsZone,
    thisMonth: '2026-03',
    oldestMonth: '2025-03',
    ...rest,
    prices,
  };
}

const viewOf = async (query: Partial<UsageQuery> = {}, rest: Partial<UsageData> = {}) =>
  usageView({ ...input, ...(await dataOf(query, rest)) });

describe('the figures of a month', () => {
  it('are what the report says', async () => {
    const { report } = await dataOf();
    const { totals } = await viewOf();
    const figures = figuresFor(input.viewer, wordingFor(input));
    const { cost } = report.total;
    const valueOf = (label: string) => totals.figures.find((each) => each.label === label)?.value;

    expect(valueOf('Hours on')).toBe(figures.hours(report.total.onSeconds));
    expect(valueOf('Cost')).toBe(
      figures.money((cost?.associations ?? NaN) + (cost?.connections ?? NaN)),
    );
    expect(valueOf('Saved')).toBe(figures.money(cost?.saved ?? NaN));
    expect(valueOf('The portal itself')).toBe(figures.money(cost?.portal ?? NaN));
  });

  it('are called estimates, and each explains itself', async () => {
    const { totals } = await viewOf();

    expect(totals.estimate).toBe('Estimate');
    expect(totals.explain.invoice).toContain('invoice');
    expect(totals.figures.filter(({ explanation }) => explanation.length < 20)).toEqual([]);
  });

  it('name the prices that the cost is made of', async () => {
    const { totals } = await viewOf();
    const { explanation } = totals.figures.find(({ label }) => label === 'Cost') ?? {};

    expect(explanation).toContain('$0.15');
    expect(explanation).toContain('$0.05');
  });

  it('are hours alone without prices, and say which settings to give', async () => {
    const { totals } = await viewOf({}, { prices: null });

    expect(JSON.stringify(totals.figures)).not.toContain('$');
    expect(totals.notes.join()).toMatch(/PRICE_ASSOCIATION_HOUR.*PRICE_CONNECTION_HOUR/);
  });

  it('call a loss a loss', async () => {
    const { totals } = await viewOf({}, { prices: { ...samplePrices, portalPerMonth: 5000 } });

    expect(totals.figures.at(-1)).toMatchObject({ label: 'Spent beyond always-on', tone: 'bad' });
    expect(totals.figures.at(-1)?.value).not.toContain('-');
  });

  it('leave the portal’s own cost out of one endpoint’s, and say so', async () => {
    const { totals } = await viewOf({ endpointId: sampleIds.endpoint });

    expect(totals.figures.map(({ label }) => label)).not.toContain('The portal itself');
    expect(totals.notes.join()).toContain('belongs to all endpoints');
  });

  it('say for how long not every endpoint could be read', async () => {
    expect((await viewOf()).totals.notes.join()).toContain(
      'For 2.2 h not every endpoint could be read',
    );
  });

  it('of one person have no money, no chart and no on-periods', async () => {
    const [first] = (await dataOf()).report.people;
    const view = await viewOf({ person: first?.person.toUpperCase() ?? '' });

    expect(view.endpoints).toBeNull();
    expect(JSON.stringify(view.totals.figures)).not.toContain('$');
    expect(view.totals.figures[0]?.value).not.toBe('0 h');
  });
});

describe('the list of people', () => {
  it('begins with whoever was connected longest', async () => {
    const { report } = await dataOf();

    expect((await viewOf()).endpoints?.people.rows[0]?.name).toBe(report.people[0]?.person);
  });

  it('is sorted by each column, both ways, and says by which', async () => {
    const view = await viewOf({ sort: { by: 'name', descending: false }, allPeople: true });
    const people = view.endpoints?.people;
    const names = people?.rows.map(({ name }) => name) ?? [];

    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b)));
    expect(people?.columns.map(({ sorted }) => sorted)).toEqual([
      'ascending',
      'none',
      'none',
      'none',
    ]);
    expect(people?.columns[0]?.link.href).toContain('sort=-name');
    expect(people?.columns[3]?.link.href).toContain('sort=-bytes');
  });

  it('shows twenty at first, and a link to all of them', async () => {
    const few = (await viewOf()).endpoints?.people;
    const all = (await viewOf({ allPeople: true })).endpoints?.people;

    expect(few?.rows).toHaveLength(20);
    expect(few?.showAll?.href).toContain('people=all');
    expect(all?.rows.length).toBeGreaterThan(20);
    expect(all?.showAll).toBeNull();
  });

  it('leads to a person’s own use, whatever the name', async () => {
    const people = (await viewOf({ allPeople: true })).endpoints?.people;
    const row = people?.rows.find(({ name }) => name.startsWith('=HYPERLINK'));
    const query = new URLSearchParams(row?.href?.split('?')[1]);

    expect(query.get('person')).toBe('=HYPERLINK("x")');
  });

  it('has no link for whom AWS does not name', async () => {
    const report = await sampleReport('2026-03', now, { people: [''] });
    const [row] = (await viewOf({}, { report })).endpoints?.people.rows ?? [];

    expect(row).toMatchObject({ name: 'Somebody whom AWS does not name', href: null });
  });
});

describe('a record', () => {
  it('is open until its end is known', async () => {
    const [first] = sample.connections;
    if (first === undefined) throw new Error('the sample is empty');
    const open = { ...first, to: null, ending: null, seenAt: minutesAfter(first.from, 90) };
    const view = await viewOf({}, { records: { connections: [open], next: null } });

    expect(view.records.rows[0]).toMatchObject({ to: null, hours: '1.5 h', ending: 'Still open' });
  });

  it('is shown in the viewer’s zone, whatever that of the accounts', async () => {
    const viewer = { ...input.viewer, timeZone: 'America/New_York' };
    const [first] = sample.connections;
    const records = { connections: first === undefined ? [] : [first], next: null };
    const view = usageView({ ...input, viewer, ...(await dataOf({}, { records })) });
    const hours = new Intl.DateTimeFormat('en', {
      timeZone: 'America/New_York',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });

    expect(view.records.rows[0]?.from.text).toContain(hours.format(first?.from));
    expect(view.zone).toContain('Asia/Tokyo');
  });

  it('leads on to the next page, with the filters kept', async () => {
    const [first] = sample.connections;
    const records = { connections: sample.connections.slice(0, 1), next: first ?? null };
    const view = await viewOf({ endpointId: sampleIds.endpoint }, { records });

    expect(view.records.pager.next?.href).toContain(`endpoint=${sampleIds.endpoint}`);
    expect(view.records.pager.next?.href).toContain('after=');
    expect(view.records.pager.first).toBeNull();
  });
});

describe('an on-period', () => {
  const rowOf = async (change: Partial<OnPeriod>) => {
    const [first] = sample.periods;
    if (first === undefined) throw new Error('the sample is empty');
    const view = await viewOf({}, { periods: [{ ...first, ...change }] });
    return view.endpoints?.periods.rows[0];
  };

  it('says who asked and why it ended', async () => {
    expect(
      await rowOf({
        startedBy: { kind: 'administrator', id: 'c', name: 'carol@example.com' },
        endedBecause: 'latest-hour',
      }),
    ).toMatchObject({
      startedBy: 'carol@example.com, as an administrator',
      endedBecause: 'The latest hour had come',
    });
    expect((await rowOf({ startedBy: { kind: 'outside' } }))?.startedBy).toBe(
      'Outside of the portal',
    );
  });

  it('says what is not known of it', async () => {
    const row = await rowOf({ unobservedSince: now, unobservedUntil: minutesAfter(now, 60) });

    expect(row?.gaps).toHaveLength(2);
    expect((await rowOf({ unobservedSince: null, unobservedUntil: null }))?.gaps).toEqual([]);
  });

  it('is listed with the newest first, 25 on a page, up to the oldest', async () => {
    const pages = await Promise.all(
      [1, 2, 3].map(async (periodsPage) => (await viewOf({ periodsPage })).endpoints?.periods),
    );
    const [first, second, beyond] = pages;
    const times = pages.flatMap((page) => page?.rows.map(({ from }) => from.iso) ?? []);

    expect(times).toEqual(times.toSorted().toReversed());
    expect(times).toHaveLength(sample.periods.length);
    expect(first?.rows).toHaveLength(25);
    expect(first?.shown).toBe(`1 to 25 of ${sample.periods.length.toString()}`);
    expect(first?.pager).toMatchObject({ first: null, next: { text: 'Earlier ones' } });
    expect(first?.pager.next?.href).toContain('periods=2#periods');
    expect(second?.pager.next).toBeNull();
    expect(second?.pager.first?.href).not.toContain('periods=');
    expect(beyond?.rows).toEqual([]);
    expect(beyond?.pager.first).not.toBeNull();
  });

  it('says beside the saving for how long it could not be read', async () => {
    const saved = (await viewOf()).totals.figures.find(({ label }) => label === 'Saved');

    expect(saved?.note).toContain('For 2.2 h it could not be read');
  });

  it('has the cost of each day where there are prices', async () => {
    const chart = (await viewOf()).endpoints?.pictures?.chart;
    const costs = chart?.table.rows.map(({ cost }) => cost) ?? [];

    expect(chart?.table.columns.at(-1)).toBe('Cost');
    expect(costs.filter((cost) => cost?.startsWith('$')).length).toBeGreaterThan(5);
    const bare = await viewOf(
      {},
      { prices: null, report: await sampleReport('2026-03', now, { prices: null }) },
    );
    expect(bare.endpoints?.pictures?.chart.table.columns).not.toContain('Cost');
    expect(bare.endpoints?.pictures?.chart.table.rows[3]?.cost).toBeNull();
  });

  it('says how many people the figures do not name', async () => {
    const { report } = await dataOf();
    const view = await viewOf({}, { report: { ...report, peopleBeyond: 12 } });

    expect(view.endpoints?.people.beyond).toContain('at least 12 people more');
    expect((await viewOf()).endpoints?.people.beyond).toBeNull();
  });
});

describe('the month picker', () => {
  it('leads to the months before and after, and never beyond this one', async () => {
    const march = (await viewOf()).filter;
    const june = (await viewOf({ month: '2025-06' })).filter;

    expect(march.earlier?.href).toContain('month=2026-02');
    expect(march.later).toBeNull();
    expect(june.later?.href).toContain('month=2025-07');
  });

  it('offers the months that there may be anything of, and the one shown', async () => {
    const values = (await viewOf({ month: '2021-01' })).filter.month.choices.map(
      ({ value }) => value,
    );

    expect(values[0]).toBe('2026-03');
    expect(values.slice(-2)).toEqual(['2025-03', '2021-01']);
  });

  it('keeps what is filtered when the language changes', async () => {
    const view = await viewOf({ person: 'bob@example.com' });

    expect(view.frame.languages[1]?.href).toBe(
      '/admin/usage?month=2026-03&person=bob%40example.com&lang=ja',
    );
  });
});
