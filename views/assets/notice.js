// @ts-check
// The line above the content that says why the page has stopped being up to date.

const notice = document.getElementById('notice');

export function showSessionEnded() {
  if (notice === null) return;
  const { sessionEnded = '', signInAgain = '', href = '/' } = notice.dataset;
  const link = document.createElement('a');
  // Opening the page again is what makes the load balancer ask who is there.
  link.href = href;
  link.textContent = signInAgain;
  notice.hidden = false;
  notice.replaceChildren(`${sessionEnded} `, link);
}

/** @param {Date} since */
export function showNotUpToDate(since) {
  if (notice === null) return;
  const { notUpToDate = '' } = notice.dataset;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(since);
  const text = notUpToDate.replace('{time}', time);
  notice.hidden = false;
  // Said once: the same text again would be read aloud again.
  if (notice.textContent !== text) notice.textContent = text;
}

export function hideNotice() {
  if (notice === null || notice.hidden) return;
  notice.hidden = true;
  notice.replaceChildren();
}
