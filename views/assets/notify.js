// @ts-check
// Browser notifications when an endpoint is on, and before it goes off, for whoever has asked for
// them. The wish lives as long as the tab does, or until the endpoint is off. What the notifications
// say stands on the endpoint's element; this page's browser shows them, and nobody else is told.

const supported = 'Notification' in window;

/**
 * What somebody waits for, and the end that they have been told of already; empty before.
 *
 * @typedef {{ waitsFor: 'ready' | 'end', told: string }} Wish
 */

/** @param {string} endpoint */
const key = (endpoint) => `notify ${endpoint}`;

/**
 * @param {string} endpoint
 * @returns {Wish | null}
 */
function wishOf(endpoint) {
  try {
    const stored = sessionStorage.getItem(key(endpoint));
    if (stored === null || Notification.permission !== 'granted') return null;
    const [waitsFor, told = ''] = stored.split(' ');
    return { waitsFor: waitsFor === 'end' ? 'end' : 'ready', told };
  } catch {
    // A browser that keeps nothing for us: there was no wish either.
    return null;
  }
}

/**
 * @param {string} endpoint
 * @param {Wish | null} wish
 */
function remember(endpoint, wish) {
  try {
    if (wish === null) sessionStorage.removeItem(key(endpoint));
    else sessionStorage.setItem(key(endpoint), `${wish.waitsFor} ${wish.told}`);
  } catch {
    // As above.
  }
}

/** Shows the buttons, which are hidden where this script, or the browser, cannot do it. */
export function offerNotifications() {
  if (!supported) return;
  for (const button of document.querySelectorAll('button[data-notify]')) {
    if (button instanceof HTMLButtonElement) label(button);
  }
}

/** @param {HTMLButtonElement} button */
function label(button) {
  const { notify = '', ask = '', asked = '', refused = '' } = button.dataset;
  // Whoever has refused before is not reminded of it; whoever refuses now is told once.
  const denied = Notification.permission === 'denied';
  button.hidden = denied && button.hidden;
  button.disabled = denied;
  button.textContent = denied ? refused : wishOf(notify) === null ? ask : asked;
}

/**
 * A refresh leaves the button as the person has left it, and takes over what it may say.
 *
 * @param {Node} old
 * @param {Node} fresh
 * @returns {boolean} whether it is such a button
 */
export function adoptWords(old, fresh) {
  if (!(old instanceof HTMLElement) || old.dataset['notify'] === undefined) return false;
  if (fresh instanceof HTMLElement) Object.assign(old.dataset, fresh.dataset);
  return true;
}

if (supported) {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button[data-notify]') : null;
    if (button instanceof HTMLButtonElement) void toggle(button);
  });
}

/** @param {HTMLButtonElement} button */
async function toggle(button) {
  const { notify = '' } = button.dataset;
  if (wishOf(notify) !== null) remember(notify, null);
  else if ((await Notification.requestPermission()) === 'granted') {
    const element = button.closest('[data-endpoint]');
    const starting = element instanceof HTMLElement && element.dataset['state'] === 'starting';
    remember(notify, { waitsFor: starting ? 'ready' : 'end', told: '' });
    if (element instanceof HTMLElement) notifyOf(element);
  }
  label(button);
}

/**
 * Tells whoever has asked what there is to tell of an endpoint: each thing once.
 *
 * @param {HTMLElement} element the endpoint's
 */
export function notifyOf({ dataset }) {
  if (!supported) return;
  const { endpoint = '', state, ending = '' } = dataset;
  const wish = wishOf(endpoint);
  if (wish === null) return;
  if (wish.waitsFor === 'ready') {
    if (state === 'off') remember(endpoint, null);
    if (state !== 'on') return;
    remember(endpoint, { waitsFor: 'end', told: '' });
    show(`${endpoint} ready`, dataset['readyTitle'], dataset['readyBody']);
  } else if (state === 'stopping' || state === 'off') {
    remember(endpoint, null);
    // Not what was told before it came: this is for whoever had no warning.
    if (wish.told !== '') return;
    show(`${endpoint} stopping`, dataset['stoppingTitle'], dataset['stoppingBody']);
  } else if (ending !== wish.told) {
    // Nothing once it does not go off soon any more: somebody has asked for it, say.
    remember(endpoint, { waitsFor: 'end', told: ending });
    if (ending === '') return;
    show(`${endpoint} ${ending}`, dataset['endingTitle'], dataset['endingBody']);
  }
}

/**
 * @param {string} tag of one thing, so that several tabs show it once
 * @param {string} [title]
 * @param {string} [body]
 */
function show(tag, title = '', body = '') {
  try {
    const notification = new Notification(title, { body, tag });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
  } catch {
    // Chrome on Android has the interface and refuses to use it outside a service worker.
  }
}
