/**
 * Writes the pages, in every state and language, as static files to look at:
 * `node scripts/pages-preview.ts FOLDER`, then open FOLDER/index.html.
 */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { minutesAfter } from '../src/clock.ts';
import type { EndpointForPerson } from '../src/lease/endpoint-directory.ts';
import { languages } from '../src/web/locales/index.ts';
import type { Language } from '../src/web/locales/index.ts';
import { compileTemplates } from '../src/web/templates.ts';
import { confirmStopView } from '../src/web/view-models/confirm-stop-view.ts';
import { endpointView } from '../src/web/view-models/endpoint-view.ts';
import type { ErrorProblem, ErrorStatus } from '../src/web/view-models/error-view.ts';
import { errorView } from '../src/web/view-models/error-view.ts';
import { homeView } from '../src/web/view-models/home-view.ts';
import { signedOutView } from '../src/web/view-models/signed-out-view.ts';
import type { FrameInput } from '../src/web/view-models/viewer.ts';
import { alice, carol, dave, sampleIds, sampleNow } from '../test/builders/endpoint-for-person.ts';
import { endpoints } from './preview/sample-endpoints.ts';

const root = path.join(import.meta.dirname, '..');

const errors: readonly (readonly [ErrorStatus, ErrorProblem])[] = [
  [400, { code: 'minutes-not-offered', choices: [30, 60, 90] }],
  [400, { code: 'hold-reason-too-long', longest: 200 }],
  [409, { code: 'connection-gone' }],
  [401, { code: 'sign-in-expired' }],
  [404, { code: 'endpoint-unknown' }],
  [500, { code: 'unexpected' }],
  [503, { code: 'aws-unavailable' }],
];

function pagesIn(language: Language): Map<string, object> {
  const input = (principal: FrameInput['viewer']['principal'], at = '/'): FrameInput => ({
    viewer: { principal, language, timeZone: 'Asia/Tokyo' },
    pause: null,
    path: at,
    assetUrl: (name) => `assets/${name}`,
    requestId: '1-69a7a1c8-3f0e6b1d2c4a5f60718293a4',
    now: sampleNow,
  });
  const readAt = minutesAfter(sampleNow, -1);
  const auditor = (endpoint: EndpointForPerson): EndpointForPerson => ({
    ...endpoint,
    mayUse: false,
    ownLease: null,
  });
  // Each needs an id of its own on a page that shows several.
  const several = Object.values(endpoints).map((endpoint, index) => ({
    ...endpoint,
    endpoint: {
      ...endpoint.endpoint,
      id: index % 2 === 0 ? sampleIds.endpoint : sampleIds.otherEndpoint,
    },
  }));
  const pair = (first: number): EndpointForPerson[] => several.slice(first, first + 2);
  const pages = new Map<string, object>([
    ['home-off-on', homeView({ ...input(alice), endpoints: pair(0), readAt, schedule: null })],
    ['home-starting', homeView({ ...input(alice), endpoints: pair(2), readAt, schedule: null })],
    [
      'home-stopping-idle',
      homeView({ ...input(alice), endpoints: pair(4), readAt, schedule: null }),
    ],
    ['home-attention', homeView({ ...input(alice), endpoints: pair(6), readAt, schedule: null })],
    [
      'home-auditor',
      homeView({ ...input(dave), endpoints: pair(0).map(auditor), readAt, schedule: null }),
    ],
    ['home-empty', homeView({ ...input(alice), endpoints: [], readAt, schedule: null })],
    ['home-not-read', homeView({ ...input(alice), endpoints: null, readAt: null, schedule: null })],
    ['signed-out', signedOutView(input(null, '/signed-out'))],
  ]);
  for (const [name, endpoint] of Object.entries(endpoints)) {
    pages.set(`endpoint-${name}`, endpointView({ ...input(alice), endpoint }));
  }
  for (const name of ['off', 'on', 'held-on', 'held-off', 'mistagged-on', 'rehearsed']) {
    const endpoint = endpointNamed(name);
    const own = { ...endpoint, ownLease: null };
    pages.set(`admin-${name}`, endpointView({ ...input(carol), endpoint: own }));
    pages.set(`auditor-${name}`, endpointView({ ...input(dave), endpoint: auditor(endpoint) }));
    pages.set(`stop-${name}`, confirmStopView({ ...input(carol), endpoint }));
  }
  const { schedule } = endpointNamed('rehearsed');
  const rehearsal = [endpointNamed('rehearsed')];
  pages.set('home-dry-run', homeView({ ...input(carol), endpoints: rehearsal, readAt, schedule }));
  pages.set(
    'endpoint-not-done',
    endpointView({ ...input(alice), endpoint: endpointNamed('off'), notDone: true }),
  );
  for (const [status, problem] of errors) {
    const principal = status === 401 ? null : alice;
    const at = `/admin/endpoints/${sampleIds.endpoint}/hold`;
    pages.set(`error-${problem.code}`, errorView({ ...input(principal, at), status, problem }));
  }
  return pages;
}

function endpointNamed(name: string): EndpointForPerson {
  const endpoint = endpoints[name];
  if (endpoint === undefined) throw new Error(`there is no sample ${name}`);
  return endpoint;
}

async function writePages(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  await cp(path.join(root, 'views/assets'), path.join(folder, 'assets'), { recursive: true });
  await cp(
    path.join(root, 'node_modules/idiomorph/dist/idiomorph.esm.js'),
    path.join(folder, 'assets/idiomorph.js'),
  );
  const links: string[] = [];
  const render = compileTemplates(path.join(root, 'views'));
  for (const language of languages) {
    for (const [name, view] of pagesIn(language)) {
      const html = render('layouts/page', view);
      await writeFile(path.join(folder, `${language}-${name}.html`), html);
      links.push(`<li><a href="${language}-${name}.html">${language} ${name}</a></li>`);
    }
  }
  await writeFile(
    path.join(folder, 'index.html'),
    `<!doctype html><title>Pages</title><ul>${links.join('')}</ul>`,
  );
  return links.length;
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Say into which folder: node scripts/pages-preview.ts FOLDER');
  process.exitCode = 1;
} else {
  console.log(`${(await writePages(folder)).toString()} pages in ${folder}`);
}
