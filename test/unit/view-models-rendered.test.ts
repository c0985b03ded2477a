import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import { languages } from '../../src/web/locales/index.ts';
import type { Language } from '../../src/web/locales/index.ts';
import { compileTemplates } from '../../src/web/templates.ts';
import { confirmStopView } from '../../src/web/view-models/confirm-stop-view.ts';
import { endpointView } from '../../src/web/view-models/endpoint-view.ts';
import { errorView } from '../../src/web/view-models/error-view.ts';
import { homeView } from '../../src/web/view-models/home-view.ts';
import { signedOutView } from '../../src/web/view-models/signed-out-view.ts';
import type { FrameInput } from '../../src/web/view-models/viewer.ts';
import { errorProblems } from '../builders/error-problems.ts';
import { htmlFaultsOf } from '../builders/html-faults.ts';
import {
  aHold,
  aLease,
  alice,
  aPause,
  anAwsProblem,
  anEndpoint,
  anEndpointForPerson,
  aStart,
  aStatus,
  carol,
  dave,
  sampleIds,
  sampleNow,
  seenOn,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';
import { endpoints } from '../../scripts/preview/sample-endpoints.ts';

const render = compileTemplates(path.join(import.meta.dirname, '../../views'));

const inputIn = (language: Language): FrameInput => frameInput(alice, language);

const starting = anEndpointForPerson(
  aStatus({
    state: 'starting',
    reason: { code: 'trying-again', problem: anAwsProblem(), retryAt: sampleNow },
    progress: aStart(),
    leases: [aLease(alice, 30)],
    seen: seenOn(),
  }),
);
const on = anEndpointForPerson(
  aStatus({
    state: 'on',
    reason: { code: 'kept-on-by-lease', until: minutesAfter(sampleNow, 30) },
    leases: [aLease(alice, 30)],
    seen: seenOn(2),
    connected: 2,
  }),
  { endpoint: anEndpoint({ id: sampleIds.otherEndpoint }) },
);

const held = anEndpointForPerson(
  aStatus({
    state: 'on',
    reason: { code: 'idle-grace', stopAt: minutesAfter(sampleNow, 12) },
    leases: [aLease(alice, 30)],
    seen: seenOn(2),
    connected: 3,
    hold: aHold('on'),
    offAt: minutesAfter(sampleNow, 12),
    endsSoonAt: minutesAfter(sampleNow, 20),
  }),
);

function pagesIn(language: Language): [string, object][] {
  const input = inputIn(language);
  return [
    ['home', homeView({ ...input, endpoints: [starting, on], readAt: sampleNow, schedule: null })],
    [
      'home without endpoints',
      homeView({ ...input, endpoints: [], readAt: sampleNow, schedule: null }),
    ],
    [
      'home before the first reading',
      homeView({ ...input, endpoints: null, readAt: null, schedule: null }),
    ],
    ['endpoint starting', endpointView({ ...input, endpoint: starting })],
    ['endpoint on', endpointView({ ...input, endpoint: on })],
    ['endpoint held, to an employee', endpointView({ ...input, endpoint: held })],
    ['endpoint for an auditor', endpointView({ ...frameInput(dave, language), endpoint: held })],
    [
      'endpoint for an administrator',
      endpointView({ ...frameInput(carol, language), endpoint: held }),
    ],
    ['stop', confirmStopView({ ...frameInput(carol, language), endpoint: held })],
    [
      'stop of nothing',
      confirmStopView({ ...frameInput(carol, language), endpoint: anEndpointForPerson(aStatus()) }),
    ],
    ...Object.entries(endpoints).flatMap(([name, endpoint]): [string, object][] => {
      const administrator = frameInput(carol, language);
      const at = sampleNow;
      return [
        [`endpoint ${name}`, endpointView({ ...administrator, endpoint, notDone: true })],
        [`stop ${name}`, confirmStopView({ ...administrator, endpoint })],
        [
          `home ${name}`,
          homeView({
            ...administrator,
            endpoints: [endpoint],
            readAt: at,
            schedule: { at, dryRun: true },
          }),
        ],
      ];
    }),
    ...Object.values(errorProblems).map((problem): [string, object] => [
      `error ${problem.code}`,
      errorView({ ...input, status: 400, problem }),
    ]),
    ...pausedPages({ ...input, pause: aPause() }),
    ['signed-out', signedOutView({ ...input, path: '/signed-out' })],
  ];
}

function pausedPages(input: FrameInput): [string, object][] {
  const problem = { code: 'rule-refused' } as const;
  return [
    ['paused home', homeView({ ...input, endpoints: [held], readAt: sampleNow, schedule: null })],
    ['paused endpoint', endpointView({ ...input, endpoint: held })],
    ['paused stop', confirmStopView({ ...input, endpoint: held })],
    ['paused error', errorView({ ...input, status: 503, problem })],
  ];
}

const pages = languages.flatMap((language) =>
  pagesIn(language).map(([name, view]) => [language, name, view] as const),
);

describe('a rendered page', () => {
  it.each(pages)('in %s (%s) is sound HTML', async (_language, _name, view) => {
    const faults = await htmlFaultsOf(render('layouts/page', view));

    expect(faults).toEqual([]);
  });

  it.each(pages)('in %s (%s) shows no value that is missing', (_language, _name, view) => {
    const html = render('layouts/page', view);

    expect(html).not.toMatch(/undefined|\[object|NaN|>null</);
  });

  it.each(pages)('in %s (%s) needs no inline script and no inline style', (...[, , view]) => {
    const html = render('layouts/page', view);

    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:/);
  });

  it('prints what people wrote as text, not as markup', () => {
    const evil = '<script>alert("1")</script>';
    const status = aStatus({
      state: 'needs-attention',
      reason: { code: 'gave-up', problem: anAwsProblem({ message: evil }), retryAt: sampleNow },
      leases: [{ ...aLease(alice, 30), personId: 'another', personName: evil }],
    });
    const endpoint = anEndpointForPerson(status, { name: evil });
    const input = inputIn('en');
    const html = [
      render(
        'layouts/page',
        homeView({ ...input, endpoints: [endpoint], readAt: null, schedule: null }),
      ),
      render('layouts/page', endpointView({ ...input, endpoint })),
    ].join('');

    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;');
  });

  it('says its language', () => {
    const html = render('layouts/page', signedOutView(inputIn('ja')));

    expect(html).toContain('<html lang="ja"');
  });
});

describe('a pause', () => {
  const banner = (html: string) => [...html.matchAll(/<section class="banner" id="pause"/g)].length;

  it('is told once, on every kind of page, and in what is refreshed', () => {
    for (const [, view] of pausedPages({ ...inputIn('en'), pause: aPause() })) {
      expect(banner(render('layouts/page', view))).toBe(1);
    }
    const input = { ...inputIn('en'), pause: aPause() };
    const live = render('partials/endpoint-live', endpointView({ ...input, endpoint: held }));
    expect(banner(live)).toBe(1);
  });

  it('is not told where there is none, nor to whoever is not signed in', () => {
    for (const [, view] of pausedPages(inputIn('en'))) {
      expect(banner(render('layouts/page', view))).toBe(0);
    }
    const nobody = { ...frameInput(null), pause: aPause() };
    expect(banner(render('layouts/page', signedOutView(nobody)))).toBe(0);
  });

  it('is told in the administrator’s words as text, not as markup', () => {
    const input = { ...inputIn('en'), pause: aPause({ reason: '<img src=x>' }) };
    const html = render('layouts/page', endpointView({ ...input, endpoint: held }));
    expect(html).toContain('&lt;img src=x&gt;');
    expect(html).not.toContain('<img src=x>');
  });
});

describe('the administration on a page', () => {
  const pageFor = (principal: FrameInput['viewer']['principal']): string =>
    render('layouts/page', endpointView({ ...frameInput(principal), endpoint: held }));
  const actionsIn = (html: string): string[] =>
    [...html.matchAll(/action="(\/admin\/[^"]*)"/g)].map(([, action = '']) => action);
  const path = `/admin/endpoints/${sampleIds.endpoint}`;

  it('has a form for each act', () => {
    expect(actionsIn(pageFor(carol))).toEqual([
      `${path}/release-hold`,
      `${path}/connections/${sampleIds.connectionA}/terminate`,
      `${path}/connections/${sampleIds.connectionB}/terminate`,
      `${path}/hold`,
    ]);
  });

  it('has nothing to press for an employee or an auditor', () => {
    expect(pageFor(alice)).not.toContain('/admin/');
    expect(pageFor(dave)).not.toContain('/admin/');
  });

  it('tells everybody of the hold, and why', () => {
    const html = pageFor(alice);

    expect(html).toContain('Held on until 12:52');
    expect(html).toContain('Maintenance of the file server');
  });

  it('is outside of what is refreshed, so that what somebody types stays', () => {
    const fragment = render(
      'partials/endpoint-live',
      endpointView({ ...frameInput(carol), endpoint: held }),
    );

    expect(fragment).not.toContain('<input');
    expect(fragment).toContain('/release-hold');
  });

  it('prints a reason as text, not as markup', () => {
    const reason = '<img src=x>';
    const endpoint = anEndpointForPerson({ ...held.status, hold: aHold('on', { reason }) });
    const html = render('layouts/page', endpointView({ ...frameInput(carol), endpoint }));

    expect(html).not.toContain(reason);
    expect(html).toContain('&lt;img src=x&gt;');
  });
});

describe('a fragment', () => {
  it('is the same live region as the page has', () => {
    const view = homeView({
      ...inputIn('en'),
      endpoints: [starting, on],
      readAt: sampleNow,
      schedule: null,
    });
    const fragment = render('partials/endpoint-list', view);
    const page = render('layouts/page', view);

    expect(fragment.trimStart()).toMatch(/^<div\s+id="live"/);
    expect(page).toContain(fragment);
  });

  it('says how soon to look again, or nothing where there is nothing to wait for', () => {
    const waiting = render(
      'partials/endpoint-live',
      endpointView({ ...inputIn('en'), endpoint: starting }),
    );
    const settled = render(
      'partials/endpoint-live',
      endpointView({ ...inputIn('en'), endpoint: anEndpointForPerson(aStatus()) }),
    );

    expect(waiting).toContain('data-live-every="3"');
    expect(settled).not.toContain('data-live-every');
  });

  it('shows the steps of a start in words', () => {
    const html = render(
      'partials/endpoint-live',
      endpointView({ ...inputIn('en'), endpoint: starting }),
    );

    expect(html).toContain('1 of 2');
    expect(html.match(/in progress/g)).toHaveLength(1);
    expect(html).toContain('aria-current="step"');
  });
});
