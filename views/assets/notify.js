// @ts-check
// A browser notification when an endpoint is on, for whoever has asked for one. The wish lives as
// long as the tab does.

const supported = 'Notification' in window;

/** @param {string} endpoint */
const key = (endpoint) => `notify ${endpoint}`;

/** @param {string} endpoint */
function isWanted(endpoint) {
  try {
    return sessionStorage.getItem(key(endpoint)) !== null && Notification.permission === 'granted';
  } catch {
    // A browser that keeps nothing for us: there was no wish either.
    return false;
  }
}

/**
 * @param {string} endpoint
 * @param {boolean} wanted
 */
function remember(endpoint, wanted) {
  try {
    if (wanted) sessionStorage.setItem(key(endpoint), 'yes');
    else sessionStorage.removeItem(key(endpoint));
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
  button.textContent = denied ? refused : isWanted(notify) ? asked : ask;
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
  if (isWanted(notify)) remember(notify, false);
  else remember(notify, (await Notification.requestPermission()) === 'granted');
  label(button);
}

/**
 * @param {string} endpoint
 * @param {DOMStringMap} words of the button that was pressed
 */
export function showNotification(endpoint, { title, body = '' }) {
  if (!supported || title === undefined || !isWanted(endpoint)) return;
  remember(endpoint, false);
  try {
    const notification = new Notification(title, { body, tag: endpoint });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
  } catch {
    // Chrome on Android has the interface and refuses to use it outside a service worker.
  }
}
