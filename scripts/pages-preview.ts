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
import { endpointView } from '../src/web/view-models/endpoint-view.ts';
import type { ErrorProblem, ErrorStatus } from '../src/web/view-models/error-view.ts';
import { errorView } from '../src/web/view-models/error-view.ts';
import { homeView } from '../src/web/view-models/home-view.ts';
import { signedOutView } from '../src/web/view-models/signed-out-view.ts';
import type { FrameInput } from '../src/web/view-models/viewer.ts';
import {
  aLease,
  alice,
  anAwsProblem,
  anEndpoint,
  anEndpointForPerson,
  aStart,
  aStatus,
  bob,
  dave,
  sampleIds,
  sampleNow,
  seenOn,
} from '../test/builders/endpoint-for-person.ts';

const root = path.join(import.meta.dirname, '..');

const off = anEndpointForPerson(aStatus());
const onStatus = aStatus({
  state: 'on',
  reason: { code: 'kept-on-by-lease', until: minutesAfter(sampleNow, 90) },
  leases: [aLease(bob, 90), aLease(alice, 28)],
  connected: 2,
  seen: seenOn(2),
});
const on = anEndpointForPerson(onStatus, { name: 'Osaka branch' });
const starting = anEndpointForPerson(
  aStatus({
    state: 'starting',
    reason: { code: 'associating' },
    since: minutesAfter(sampleNow, -4),
    leases: [aLease(alice, 56)],
    progress: aStart(),
    seen: {
      ...seenOn(),
      associations: seenOn().associations.map((association, index) => ({
        ...association,
        status: index === 0 ? 'associated' : 'associating',
      })),
      routes: [],
    },
  }),
);
const slow = anEndpointForPerson(
  aStatus({
    state: 'starting',
    reason: { code: 'restoring-routes' },
    leases: [aLease(alice, 56)],
    progress: aStart({
      step: 'restoring-routes',
      networks: { done: 2, of: 2 },
      routes: { done: 3, of: 7 },
      elapsedSeconds: 1000,
      usualSeconds: null,
      pace: 'slow',
    }),
    seen: seenOn(),
  }),
);
const stopping = anEndpointForPerson(
  aStatus({ state: 'stopping', reason: { code: 'idle', since: minutesAfter(sampleNow, -31) } }),
  { name: 'Development' },
);
const idle = anEndpointForPerson(
  aStatus({
    state: 'on',
    reason: { code: 'idle-grace', stopAt: minutesAfter(sampleNow, 12) },
    seen: seenOn(),
    startedOutside: true,
  }),
  { name: 'Shared tools', endpoint: anEndpoint({ authentication: ['certificate'] }) },
);
const gaveUp = anEndpointForPerson(
  aStatus({
    state: 'needs-attention',
    reason: {
      code: 'gave-up',
      problem: anAwsProblem(),
      retryAt: minutesAfter(sampleNow, 30),
    },
    leases: [aLease(alice, 15)],
  }),
  { name: 'Data warehouse' },
);
const problems = [
  { code: 'subnets-missing', tag: 'vpn-portal:subnets', value: '' },
  { code: 'lease-minutes-invalid', tag: 'vpn-portal:lease-minutes', value: '1h' },
] as const;
const mistagged = anEndpointForPerson(
  aStatus({ state: 'needs-attention', reason: { code: 'policy-invalid', problems } }),
  {
    name: 'Laboratory',
    mayUse: false,
    policy: { ok: false, name: 'Laboratory', groups: null, problems },
  },
);

const endpoints: Readonly<Record<string, EndpointForPerson>> = {
  off,
  on,
  starting,
  slow,
  stopping,
  idle,
  'gave-up': gaveUp,
  mistagged,
};

const errors: readonly (readonly [ErrorStatus, ErrorProblem])[] = [
  [400, { code: 'minutes-not-offered', choices: [30, 60, 90] }],
  [401, { code: 'sign-in-expired' }],
  [404, { code: 'endpoint-unknown' }],
  [500, { code: 'unexpected' }],
  [503, { code: 'aws-unavailable' }],
];

function pagesIn(language: Language): Map<string, object> {
  const input = (principal: FrameInput['viewer']['principal'], at = '/'): FrameInput => ({
    viewer: { principal, language, timeZone: 'Asia/Tokyo' },
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
    ['home-off-on', homeView({ ...input(alice), endpoints: pair(0), readAt })],
    ['home-starting', homeView({ ...input(alice), endpoints: pair(2), readAt })],
    ['home-stopping-idle', homeView({ ...input(alice), endpoints: pair(4), readAt })],
    ['home-attention', homeView({ ...input(alice), endpoints: pair(6), readAt })],
    ['home-auditor', homeView({ ...input(dave), endpoints: pair(0).map(auditor), readAt })],
    ['home-empty', homeView({ ...input(alice), endpoints: [], readAt })],
    ['home-not-read', homeView({ ...input(alice), endpoints: null, readAt: null })],
    ['signed-out', signedOutView(input(null, '/signed-out'))],
  ]);
  for (const [name, endpoint] of Object.entries(endpoints)) {
    pages.set(`endpoint-${name}`, endpointView({ ...input(alice), endpoint }));
  }
  pages.set('endpoint-auditor', endpointView({ ...input(dave), endpoint: auditor(on) }));
  for (const [status, problem] of errors) {
    const principal = status === 401 ? null : alice;
    pages.set(`error-${problem.code}`, errorView({ ...input(principal), status, problem }));
  }
  return pages;
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
