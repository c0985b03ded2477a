// @ts-check
// Keeps the live region of a page up to date. Everything works without this script; with it nobody
// has to press reload. How often to look is the server's decision: it is written on the region, and
// where it is missing there is nothing to wait for.
import { Idiomorph } from './idiomorph.js';
import { keepHeights, noteHeights } from './heights.js';
import { adoptWords, notifyOf, offerNotifications } from './notify.js';
import { hideNotice, showNotUpToDate, showSessionEnded } from './notice.js';
import { rememberTimeZone } from './time-zone.js';

const hiddenTabFactor = 5;
const longestDelaySeconds = 60;
const requestTimeoutMilliseconds = 15_000;

let failures = 0;
let lastSuccess = new Date();
let sessionEnded = false;
let refreshing = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Chosen by the person, by the id of the select: a refresh must not choose differently. */
const choices = new Map();

/** @returns {HTMLElement | null} */
function region() {
  return document.querySelector('[data-live]');
}

/** The next look, if there is anything to wait for. */
function schedule() {
  clearTimeout(timer);
  const every = Number(region()?.dataset['liveEvery']);
  if (sessionEnded || !(every > 0)) return;
  const patience = (document.hidden ? hiddenTabFactor : 1) * 2 ** Math.min(failures, 5);
  const ceiling = Math.max(longestDelaySeconds, every);
  timer = setTimeout(refresh, Math.min(every * patience, ceiling) * 1000);
}

async function refresh() {
  const current = region();
  const url = current?.dataset['live'];
  if (url === undefined || sessionEnded || refreshing) return;
  clearTimeout(timer);
  refreshing = true;
  try {
    const answer = await ask(url);
    if (answer === 'session-ended') {
      sessionEnded = true;
      showSessionEnded();
    } else if (answer === 'gone') {
      // The page itself says, in words, what has become of it.
      location.reload();
    } else if (answer === 'failed') {
      failures += 1;
      showNotUpToDate(lastSuccess);
    } else {
      failures = 0;
      lastSuccess = new Date();
      hideNotice();
      show(answer);
    }
  } finally {
    refreshing = false;
    schedule();
  }
}

/**
 * An expired session does not answer 401: the load balancer redirects to the sign-in page, which a
 * fetch cannot follow to another site.
 *
 * @param {string} url
 * @returns {Promise<Element | 'session-ended' | 'gone' | 'failed'>}
 */
async function ask(url) {
  try {
    const response = await fetch(url, {
      headers: { accept: 'text/html' },
      credentials: 'same-origin',
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.timeout(requestTimeoutMilliseconds),
    });
    if (response.type === 'opaqueredirect') return 'session-ended';
    if (response.status === 401 || response.status === 403) return 'session-ended';
    if (response.status === 404) return 'gone';
    if (!response.ok) return 'failed';
    const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
    if (!isPage) return 'session-ended';
    const answer = new DOMParser().parseFromString(await response.text(), 'text/html');
    return answer.querySelector('[data-live]') ?? 'session-ended';
  } catch {
    // fetch rejects for nothing but the network and the time-out.
    return 'failed';
  }
}

/** @param {Element} fresh */
function show(fresh) {
  const current = region();
  if (current === null) return;
  const before = endpointsIn(current);
  noteHeights(current);
  Idiomorph.morph(current, fresh, {
    morphStyle: 'outerHTML',
    callbacks: {
      // What the person is handling stays as it is: an open list of choices, a pressed button.
      beforeNodeMorphed: (old, fresh) =>
        !(old instanceof HTMLSelectElement && old === document.activeElement) &&
        !adoptWords(old, fresh),
      beforeAttributeUpdated: (name, element) =>
        !(name === 'open' && element instanceof HTMLDetailsElement),
    },
  });
  restoreChoices();
  const shown = region();
  offerNotifications();
  if (shown !== null) keepHeights(shown);
  showInTab();
  tellChanges(before);
}

function restoreChoices() {
  for (const [id, value] of choices) {
    const select = document.getElementById(id);
    if (!(select instanceof HTMLSelectElement)) continue;
    if ([...select.options].some((option) => option.value === value)) select.value = value;
  }
}

/** The tab shows the state, for whoever is elsewhere meanwhile. */
function showInTab() {
  const { title, icon } = region()?.dataset ?? {};
  if (title !== undefined && title !== document.title) document.title = title;
  const link = document.getElementById('icon');
  if (icon !== undefined && link?.getAttribute('href') !== icon) link?.setAttribute('href', icon);
}

/**
 * @param {Element} parent
 * @returns {Map<string, DOMStringMap>} by endpoint
 */
function endpointsIn(parent) {
  const found = new Map();
  for (const element of parent.querySelectorAll('[data-endpoint]')) {
    if (!(element instanceof HTMLElement)) continue;
    // Copied: the element itself is what changes.
    found.set(element.dataset['endpoint'], { ...element.dataset });
  }
  return found;
}

/** @param {ReturnType<typeof endpointsIn>} before */
function tellChanges(before) {
  const changes = [];
  for (const element of document.querySelectorAll('[data-endpoint]')) {
    if (!(element instanceof HTMLElement)) continue;
    const { endpoint = '', state, announcement = '' } = element.dataset;
    const { ending, endingAnnouncement = '' } = element.dataset;
    notifyOf(element);
    const known = before.get(endpoint);
    if (known === undefined) continue;
    if (known['state'] !== state) changes.push(announcement);
    else if (ending !== undefined && known['ending'] !== ending) changes.push(endingAnnouncement);
  }
  const announcer = document.getElementById('announcer');
  if (announcer !== null && changes.length > 0) announcer.textContent = changes.join('. ');
}

document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLSelectElement) choices.set(target.id, target.value);
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) schedule();
  else void refresh();
});
window.addEventListener('online', () => void refresh());
// A page that comes out of the browser's history shows what was true when it was left.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) void refresh();
});

offerNotifications();
for (const element of document.querySelectorAll('[data-endpoint]')) {
  // What has happened on the way from one page to the next.
  if (element instanceof HTMLElement) notifyOf(element);
}
if (rememberTimeZone()) void refresh();
else schedule();
