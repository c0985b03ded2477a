// @ts-check

/**
 * Tells the server, by a cookie, in which zone times are to be shown.
 *
 * @returns {boolean} whether the zone was news, and the page therefore shows times of another one
 */
export function rememberTimeZone() {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const cookie = `time-zone=${zone}`;
  if (document.cookie.split('; ').includes(cookie)) return false;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${cookie}; Path=/; SameSite=Lax; Max-Age=31536000${secure}`;
  return document.cookie.includes(cookie) && document.documentElement.dataset['timeZone'] !== zone;
}
