import { describe, expect, it } from '@jest/globals';
import { auditActions } from '../../src/audit/audit-log.ts';
import type { AuditAction, AuditEntry } from '../../src/audit/audit-log.ts';
import { catalogueOf, languages } from '../../src/web/locales/index.ts';
import type { Language } from '../../src/web/locales/index.ts';
import { auditView } from '../../src/web/view-models/audit-view.ts';
import { carol, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

function entry(change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: sampleNow,
    actor: { id: 'sub', name: 'alice@example.com' },
    address: '203.0.113.7',
    action: 'request-lease',
    endpointId: sampleIds.endpoint,
    detail: '',
    outcome: 'confirmed',
    requestIds: [],
    ...change,
  };
}

function rowOf(change: Partial<AuditEntry> = {}, language: Language = 'en') {
  const view = auditView({
    ...frameInput(carol, language),
    filter: { month: '2026-03', endpointId: null, person: '' },
    names: new Map([[sampleIds.endpoint, 'Tokyo office']]),
    page: { entries: [entry(change)], next: null },
    after: null,
    timeZone: 'Asia/Tokyo',
    thisMonth: '2026-03',
    oldestMonth: '2025-03',
  });
  const [row] = view.entries.rows;
  if (row === undefined) throw new Error('the entry is not shown');
  return row;
}

describe('an entry of the audit', () => {
  it('says who, when, from where, what, on what, and what came of it', () => {
    expect(rowOf({ requestIds: ['r-1', 'r-2'] })).toMatchObject({
      at: { text: 'Mar 4, 2026, 11:02', iso: '2026-03-04T02:02:00.000Z' },
      actor: 'alice@example.com',
      address: '203.0.113.7',
      action: 'Asked for the endpoint',
      endpoint: 'Tokyo office',
      outcome: 'Confirmed',
      tone: 'good',
      requestIds: ['r-1', 'r-2'],
    });
  });

  it('shows a refusal as one', () => {
    expect(rowOf({ outcome: 'not-permitted' })).toMatchObject({
      outcome: 'Refused: not permitted',
      tone: 'bad',
    });
  });

  it('shows an outcome that it does not know as it was written, and not as a success', () => {
    expect(rowOf({ outcome: 'something-new' })).toMatchObject({
      outcome: 'something-new',
      tone: 'bad',
    });
  });

  it('calls the portal’s own acts its own, and lets nobody take its name', () => {
    const actor = { id: 'schedule', name: 'schedule' };

    expect(rowOf({ actor, address: null })).toMatchObject({
      actor: 'The schedule',
      address: 'Inside the portal',
    });
    expect(rowOf({ actor, address: '203.0.113.7' }).actor).toBe('schedule');
  });

  it('says so where it is not known from where somebody has asked', () => {
    expect(rowOf({ address: null }).address).toBe('Not known');
  });

  it('names an endpoint that is managed no more by its id', () => {
    expect(rowOf({ endpointId: sampleIds.otherEndpoint }).endpoint).toBe(sampleIds.otherEndpoint);
    expect(rowOf({ endpointId: null }).endpoint).toBe('No endpoint');
  });
});

describe('the detail of an entry', () => {
  const until = '2026-03-04T07:30:00.000Z';

  it.each<[AuditAction, string, string, string]>([
    ['request-lease', `until ${until}`, 'until Mar 4, 2026, 16:30', '2026/3/4 16:30 まで'],
    ['request-lease', 'for 600 minutes', 'for 10 hours', '10 時間'],
    ['request-lease', 'for no number of minutes', 'for no length of time', '時間の指定なし'],
    [
      'hold',
      `on until ${until}: Release week`,
      'On until Mar 4, 2026, 16:30: Release week',
      'オン（2026/3/4 16:30 まで）: Release week',
    ],
    [
      'hold',
      'neither on nor off until no time: ',
      'Neither on nor off until no time: ',
      'オン・オフの指定なし（期限の指定なし）: ',
    ],
    [
      'pause-stopping',
      `until ${until}: Moving`,
      'until Mar 4, 2026, 16:30: Moving',
      '2026/3/4 16:30 まで: Moving',
    ],
    ['disassociate', 'latest-hour', 'The latest hour had come', 'オフにする時刻になったため'],
    [
      'disassociate',
      'idle, silent connections: 2',
      'Nobody used it any more; 2 open connections had gone silent',
      'だれも使わなくなったため（通信のない接続 2 件）',
    ],
    [
      'terminate-connection',
      `${sampleIds.connectionA}, as carol@example.com wishes`,
      `${sampleIds.connectionA}, as carol@example.com wished`,
      `${sampleIds.connectionA}（carol@example.com の指示）`,
    ],
    [
      'further-refusals',
      `1200 more, in the minute from ${until}`,
      '1,200 times more in the minute from Mar 4, 2026, 16:30',
      '2026/3/4 16:30 からの 1 分間にさらに 1,200 件',
    ],
    [
      'further-refusals',
      `more, to be counted, in the minute from ${until}`,
      'more often than is written one by one, from Mar 4, 2026, 16:30',
      '2026/3/4 16:30 から、1 件ずつ記録する上限を超過',
    ],
  ])('of %s (%s) is told in the viewer’s words and zone', (action, detail, en, ja) => {
    expect(rowOf({ action, detail }).detail).toBe(en);
    expect(rowOf({ action, detail }, 'ja').detail).toBe(ja);
  });

  it.each<[AuditAction, string]>([
    ['disassociate', 'a-reason-of-another-day'],
    ['disassociate', 'constructor'],
    ['hold', 'as somebody has written it by hand'],
    ['open-page', 'GET /admin'],
  ])('of %s is shown as it was written where it is in no known form (%s)', (action, detail) => {
    for (const language of languages)
      expect(rowOf({ action, detail }, language).detail).toBe(detail);
  });
});

describe('the words of the audit', () => {
  it.each(languages)(
    'in %s are there for every action and outcome, and all different',
    (language) => {
      const { actions, outcomes } = catalogueOf(language).audit;
      const words = auditActions.map((action) => actions[action]);

      expect(new Set(words).size).toBe(auditActions.length);
      expect(Object.keys(outcomes).toSorted()).toEqual(
        Object.keys(catalogueOf('en').audit.outcomes).toSorted(),
      );
      expect(new Set(Object.values(outcomes)).size).toBe(Object.keys(outcomes).length);
    },
  );
});
