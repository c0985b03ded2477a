import { describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import type { EndpointForPerson, Listing } from '../../src/lease/endpoint-directory.ts';
import type { EndpointStatus } from '../../src/lease/endpoint-status.ts';
import { awsProblem } from '../../src/reconcile/observe.ts';
import type { MonthReport } from '../../src/usage/usage-reports.ts';
import type { RuleData } from '../../src/web/view-models/overview-schedule.ts';
import { overviewView } from '../../src/web/view-models/overview-view.ts';
import {
  anEndpoint,
  anEndpointForPerson,
  aPrincipal,
  aStatus,
  carol,
  gaveUp,
  onFor,
  sampleIds,
  sampleNow,
  seenOn,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';
import { anAwsError } from '../builders/scripted-client-vpn.ts';
import { accountsZone, samplePrices, sampleReport } from '../builders/usage-sample.ts';

const early = new Date('2026-03-04T02:02:00Z');
const report = await sampleReport('2026-03', early, { prices: samplePrices });
const off = anEndpointForPerson(aStatus());
const broken = anEndpointForPerson(gaveUp, {
  name: 'Osaka',
  endpoint: anEndpoint({ id: sampleIds.otherEndpoint }),
});

function viewOf(
  listing: Partial<Listing> | null,
  of: MonthReport = report,
  principal = carol,
  rule: RuleData | null = null,
) {
  return overviewView({
    ...frameInput(principal),
    listing:
      listing === null
        ? null
        : {
            readAt: sampleNow,
            schedule: { at: minutesAfter(sampleNow, -1), dryRun: false },
            endpoints: [off],
            ...listing,
          },
    report: of,
    prices: samplePrices,
    rule,
    denials: [],
    timeZone: accountsZone,
  });
}

describe('the overview', () => {
  it('has nothing to attend to while the schedule runs and nothing is wrong', () => {
    const view = viewOf({});

    expect(view.attention.items).toEqual([]);
    expect(view.schedule).toMatchObject({ tone: 'good', state: 'It runs' });
  });

  it('says when the schedule last ran, and how long ago', () => {
    const { sentences } = viewOf({}).schedule;

    expect(sentences[0]).toBe('It last ran at 11:01, 1 minute ago.');
  });

  it.each([
    [2, false],
    [3, false],
    [4, true],
    [125, true],
  ])('of %i minutes since the last run: overdue is %s', (minutes, isOverdue) => {
    const view = viewOf({ schedule: { at: minutesAfter(sampleNow, -minutes), dryRun: false } });

    expect(view.schedule.tone).toBe(isOverdue ? 'bad' : 'good');
    expect(view.attention.items).toHaveLength(isOverdue ? 1 : 0);
  });

  it('warns where the schedule has never run', () => {
    const view = viewOf({ schedule: null });

    expect(view.schedule.tone).toBe('bad');
    expect(view.attention.items[0]?.text).toContain('never run');
  });

  it('says that the schedule only rehearses', () => {
    const view = viewOf({ schedule: { at: sampleNow, dryRun: true } });

    expect(view.schedule.state).toBe('Dry run');
    expect(view.attention.items[0]?.text).toContain('RECONCILER_DRY_RUN');
  });

  it.each([
    [3, 'good', 0],
    [4, 'bad', 1],
  ])('of runs that fail for %i minutes: the schedule is %s', (minutes, tone, items) => {
    const view = viewOf({ failingSince: minutesAfter(sampleNow, -minutes) });

    expect(view.schedule.tone).toBe(tone);
    expect(view.attention.items).toHaveLength(items);
  });

  it('says that its runs fail, for how long, and where to look', () => {
    const view = viewOf({ failingSince: minutesAfter(sampleNow, -32) });

    expect(view.schedule.state).toBe('Failing');
    expect(view.attention.items[0]?.text).toContain('have failed for 32 minutes');
    expect(view.attention.items[0]?.text).toContain('log');
  });

  describe('an endpoint that could not be read', () => {
    const problem = awsProblem(anAwsError('busy'));
    const incomplete = { code: 'reading-incomplete', problem } as const;
    const unread = (minutes: number, overrides: Partial<EndpointStatus> = {}) =>
      anEndpointForPerson(
        onFor(30, {
          seen: { ...seenOn(1), at: minutesAfter(sampleNow, -minutes) },
          ...overrides,
        }),
      );

    it('for more than five minutes needs attention, in words of its own', () => {
      const { items } = viewOf({ endpoints: [unread(32, { reason: incomplete })] }).attention;

      expect(items).toHaveLength(1);
      expect(items[0]?.text).toContain('could not be read completely for 32 minutes');
      expect(items[0]?.text).toContain('costing money');
      expect(items[0]?.text).toContain('AWS is busy');
      expect(items[0]?.link?.href).toBe(`/endpoints/${sampleIds.endpoint}`);
    });

    it('needs it also where nobody knows why', () => {
      const { items } = viewOf({ endpoints: [unread(6)] }).attention;

      expect(items[0]?.text).toMatch(
        /could not be read completely for 6 minutes\..*if it is on\.$/,
      );
    });

    it('even once needs it after as long', () => {
      const since = minutesAfter(sampleNow, -6);
      const never = unread(6, { seen: null, since, reason: incomplete });

      expect(viewOf({ endpoints: [never] }).attention.items).toHaveLength(1);
    });

    it.each<[string, EndpointForPerson, Partial<Listing>]>([
      ['for five minutes', unread(5), {}],
      ['because it is new', unread(6, { seen: null, since: null }), {}],
      ['because the schedule rehearses', unread(32), { schedule: { at: sampleNow, dryRun: true } }],
      [
        'because the schedule does not run',
        unread(32),
        { schedule: { at: minutesAfter(sampleNow, -30), dryRun: false } },
      ],
    ])('%s is not told of as such', (_, endpoint, listing) => {
      const { items } = viewOf({ endpoints: [endpoint], ...listing }).attention;

      expect(items.filter(({ text }) => text.includes('read completely'))).toEqual([]);
    });
  });

  it('puts what needs attention first, with the way there', () => {
    const view = viewOf({ endpoints: [off, broken] });

    expect(view.endpoints.rows.map(({ name }) => name)).toEqual(['Osaka', 'Tokyo office']);
    expect(view.attention.items[0]?.text).toMatch(/^Osaka: Starting has failed/);
    expect(view.attention.items[0]?.link?.href).toBe(`/endpoints/${sampleIds.otherEndpoint}`);
  });

  it('puts a rule that is disabled before everything else that needs attention', () => {
    const rule = { name: 'reconciler', state: 'disabled' } as const;
    const view = viewOf({ endpoints: [broken] }, report, carol, rule);

    expect(view.attention.items).toHaveLength(2);
    expect(view.attention.items[0]?.text).toContain('The rule reconciler');
  });

  it('warns of an endpoint that lets nobody into a network', () => {
    const endpoints = [anEndpointForPerson(aStatus({ lacksRules: true }))];

    expect(viewOf({ endpoints }).attention.items[0]?.text).toContain('no authorization rule');
  });

  it('warns of the time in which nobody looked', () => {
    const gaps = { ...report, total: { ...report.total, gapSeconds: 7200 } };

    expect(viewOf({}, gaps).attention.items[0]?.text).toContain('For 2 h of this month');
  });

  it('names who is connected, and counts those whom AWS has not named', () => {
    const status = onFor(30, { seen: seenOn(2), connected: 5 });
    const [row] = viewOf({ endpoints: [anEndpointForPerson(status)] }).endpoints.rows;

    expect(row?.connected).toEqual([
      'alice@example.com, since 10:42',
      'bob@example.com, since 10:43',
      'and 3 more',
    ]);
  });

  it('has this month’s figures of each endpoint, and says where there are none', () => {
    const [osaka, tokyo] = viewOf({ endpoints: [off, broken] }).endpoints.rows;

    expect(tokyo?.figures.map(({ label }) => label)).toEqual(['Hours on', 'Cost', 'Saved']);
    expect(osaka?.figures.map(({ value }) => value)).toEqual(['No figures yet']);
  });

  it('invites to act only whoever may', () => {
    const auditor = aPrincipal('dave@example.com', ['endpoint:see-all', 'usage:read']);

    expect(viewOf({}).endpoints.rows[0]?.act.text).toBe('Open, hold or stop');
    expect(viewOf({}, report, auditor).endpoints.rows[0]?.act.text).toBe('Open');
  });

  it('says that AWS has not been read yet', () => {
    const view = viewOf(null);

    expect(view.endpoints.none).toContain('not been read');
    expect(view.asOf).toBeNull();
  });
});
