import { parseCookie } from 'cookie';
import type { RequestHandler } from 'express';

import { negotiateLanguage, parseLanguage, parseTimeZone } from '../locales/index.ts';
import { PageError } from '../page-error.ts';
import { contextOf } from '../request-context.ts';

const languageCookie = 'language';
/** Set by the pages' script, since no header tells it. */
const timeZoneCookie = 'time-zone';
const aYearInMilliseconds = 365 * 24 * 60 * 60 * 1000;

/**
 * The language, by choice (`?lang=`, then remembered), else as the browser asks; and the time zone,
 * as the browser has told, else the deployment's.
 */
export function viewerPreferences(secureCookies: boolean): RequestHandler {
  return (request, response, next) => {
    const context = contextOf(response);
    const cookies = parseCookie(request.get('cookie') ?? '');
    const remembered = parseLanguage(cookies[languageCookie] ?? '');
    context.language = remembered ?? negotiateLanguage(request.get('accept-language'));
    context.timeZone = parseTimeZone(cookies[timeZoneCookie] ?? '') ?? context.timeZone;

    const { lang } = request.query;
    if (lang !== undefined) {
      const chosen = typeof lang === 'string' ? parseLanguage(lang) : null;
      if (chosen === null) throw new PageError({ code: 'unknown-language' });
      context.language = chosen;
      response.cookie(languageCookie, chosen, {
        maxAge: aYearInMilliseconds,
        httpOnly: true,
        sameSite: 'lax',
        secure: secureCookies,
      });
    }
    next();
  };
}
