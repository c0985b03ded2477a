import { describe, expect, it } from '@jest/globals';
import { minutesAfter } from '../../src/clock.ts';
import type { Reason } from '../../src/lease/reason.ts';
import { awsProblemKinds } from '../../src/vpn/observation.ts';
import { policyProblemCodes } from '../../src/vpn/policy.ts';
import { subnetProblemCodes } from '../../src/vpn/subnet.ts';
import type { Language } from '../../src/web/locales/index.ts';
import {
  catalogueOf,
  createFormat,
  languages,
  negotiateLanguage,
  parseLanguage,
  parseTimeZone,
} from '../../src/web/locales/index.ts';
import { anAwsProblem, sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { errorProblems } from '../builders/error-problems.ts';

function formatIn(language: Language, timeZone = 'Asia/Tokyo', now = sampleNow) {
  const { joinDay } = catalogueOf(language).frame;
  return createFormat({ language, timeZone, now, joinDay });
}

const soon = minutesAfter(sampleNow, 10);
const problem = anAwsProblem();

// Keyed by code, so that a new code does not compile before it has a sample here.
const reasons: { [Code in Reason['code']]: Extract<Reason, { code: Code }> } = {
  'nobody-needs-it': { code: 'nobody-needs-it' },
  'lease-held': { code: 'lease-held', until: soon },
  associating: { code: 'associating' },
  'restoring-routes': { code: 'restoring-routes' },
  'waiting-for-the-stop': { code: 'waiting-for-the-stop' },
  'removing-a-failed-association': { code: 'removing-a-failed-association', message: 'No room.' },
  'trying-again': { code: 'trying-again', problem, retryAt: soon },
  'gave-up': { code: 'gave-up', problem, retryAt: soon },
  'routes-not-restored': { code: 'routes-not-restored', failed: 2, message: 'Limit reached.' },
  'kept-on-by-lease': { code: 'kept-on-by-lease', until: soon },
  connected: { code: 'connected', connected: 3 },
  'idle-grace': { code: 'idle-grace', stopAt: soon },
  'held-on': { code: 'held-on', until: soon, by: 'carol@example.com', why: 'A demonstration' },
  'held-off': { code: 'held-off', until: soon, by: 'carol@example.com', why: 'Maintenance' },
  idle: { code: 'idle', since: sampleNow, silent: 2 },
  'stopped-by-an-administrator': {
    code: 'stopped-by-an-administrator',
    by: 'carol@example.com',
  },
  'latest-hour': { code: 'latest-hour', at: soon },
  disassociating: { code: 'disassociating' },
  'stop-failed': { code: 'stop-failed', problem },
  'stop-overdue': { code: 'stop-overdue', since: sampleNow },
  'dry-run': { code: 'dry-run', since: sampleNow },
  'stopping-paused': {
    code: 'stopping-paused',
    until: soon,
    by: 'carol@example.com',
    why: 'A migration',
  },
  'reading-incomplete': { code: 'reading-incomplete', problem },
  'policy-invalid': { code: 'policy-invalid', problems: [] },
  'subnets-invalid': { code: 'subnets-invalid', problems: [] },
};

/** The tag and the value of a problem are the person's own, in whatever language. */
const sampleTag = 'vpn-portal:sample';

function sentencesOf(language: Language): Map<string, string> {
  const text = catalogueOf(language);
  const format = formatIn(language);
  const sentences = new Map<string, string>();
  for (const reason of Object.values(reasons)) {
    const told = text.reason(reason, format);
    sentences.set(`${reason.code} happened`, told.happened);
    sentences.set(`${reason.code} next`, told.next);
  }
  for (const kind of awsProblemKinds) {
    const told = text.reason(
      { code: 'gave-up', problem: anAwsProblem({ kind }), retryAt: soon },
      format,
    );
    sentences.set(`gave-up ${kind}`, told.happened);
  }
  for (const code of policyProblemCodes) {
    sentences.set(code, text.policyProblem({ code, tag: sampleTag, value: '7' }));
  }
  for (const code of subnetProblemCodes) {
    const subnet = { code, subnetId: sampleIds.subnetA, detail: '7' };
    sentences.set(code, text.subnetProblem(subnet));
  }
  for (const error of Object.values(errorProblems)) {
    const { title, happened, next } = text.errors.notice(error, format);
    sentences.set(`${error.code} title`, title);
    sentences.set(`${error.code} happened`, happened);
    sentences.set(`${error.code} next`, next);
  }
  return sentences;
}

/** Every text of a catalogue that takes no parameters, by its place in it. */
function plainTexts(value: unknown, place = ''): [string, string][] {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    plainTexts(part, place === '' ? key : `${place}.${key}`),
  );
}

const isJapanese = (text: string): boolean => /[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u.test(text);

describe.each(languages)('the sentences in %s', (language) => {
  it('are there for every reason, problem and error', () => {
    const empty = [...sentencesOf(language)].filter(([, sentence]) => sentence.trim() === '');

    expect(empty).toEqual([]);
  });

  it('are different for different situations', () => {
    const told = Object.values(reasons).map(
      (reason) => catalogueOf(language).reason(reason, formatIn(language)).happened,
    );

    expect(new Set(told).size).toBe(told.length);
  });

  it('never show a value that is missing', () => {
    const broken = [...sentencesOf(language)].filter(([, sentence]) =>
      /undefined|null|NaN|\[object/.test(sentence),
    );

    expect(broken).toEqual([]);
  });

  it('quote AWS word for word, and nobody where AWS said nothing', () => {
    const { reason } = catalogueOf(language);
    const format = formatIn(language);

    expect(reason(reasons['gave-up'], format).quote).toBe(problem.message);
    expect(reason(reasons.associating, format).quote).toBe('');
  });

  it('name the tag and the value that are wrong', () => {
    const sentence = catalogueOf(language).policyProblem({
      code: 'subnet-malformed',
      tag: 'vpn-portal:subnets',
      value: 'sbnet-1',
    });

    expect(sentence).toContain('vpn-portal:subnets');
    expect(sentence).toContain('sbnet-1');
  });

  it('say that silent connections did not count only where there were some', () => {
    const { reason } = catalogueOf(language);
    const format = formatIn(language);
    const without = reason({ ...reasons.idle, silent: 0 }, format).happened;
    const withTwo = reason(reasons.idle, format).happened;

    expect(withTwo.startsWith(without)).toBe(true);
    expect(withTwo.slice(without.length)).toContain('2');
  });

  it('name the administrator who has held or stopped it', () => {
    const { reason } = catalogueOf(language);
    const told = (['held-on', 'held-off', 'stopped-by-an-administrator'] as const).map(
      (code) => reason(reasons[code], formatIn(language)).happened,
    );

    expect(told.map((sentence) => sentence.includes('carol@example.com'))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('say what a hold may be like', () => {
    const { notice } = catalogueOf(language).errors;
    const format = formatIn(language);

    expect(notice(errorProblems['hold-until-not-usable'], format).happened).toContain('30');
    expect(notice(errorProblems['hold-reason-too-long'], format).happened).toContain('200');
  });

  it('name the minutes that are on offer', () => {
    const { happened } = catalogueOf(language).errors.notice(
      errorProblems['minutes-not-offered'],
      formatIn(language),
    );

    expect(happened).toContain(formatIn(language).minutes(90));
  });
});

describe('the Japanese catalogue', () => {
  it('has no sentence left in English', () => {
    const english = [...sentencesOf('ja')].filter(([, sentence]) => !isJapanese(sentence));

    expect(english).toEqual([]);
  });

  it('has no other text left in English, apart from the names of products', () => {
    const english = plainTexts(catalogueOf('ja')).filter(([, text]) => !isJapanese(text));

    expect(new Map(english)).toEqual(
      new Map([
        ['connect.awsClient', 'AWS VPN Client'],
        ['connect.openVpnConnect', 'OpenVPN Connect'],
        ['connect.platforms.windows', 'Windows'],
        ['connect.platforms.macos', 'macOS'],
        ['connect.platforms.linux', 'Linux'],
      ]),
    );
  });

  it('ends every sentence politely', () => {
    const rude = [...sentencesOf('ja')]
      .filter(([code]) => !code.endsWith('title'))
      .filter(
        ([, sentence]) =>
          !/(です|ます|ません|ました|ください|でした)。$/.test(sentence) &&
          !/(です|ます|ません|ました|ください)（.*）。$/.test(sentence),
      );

    expect(rude).toEqual([]);
  });
});

describe('the English catalogue', () => {
  it('has no text in Japanese', () => {
    const japanese = plainTexts(catalogueOf('en')).filter(([, text]) => isJapanese(text));

    expect(japanese).toEqual([]);
  });
});

describe('a time', () => {
  it('is the clock in the zone of the viewer when it is today there', () => {
    expect(formatIn('en').time(sampleNow)).toBe('11:02');
    expect(formatIn('en', 'America/New_York').time(sampleNow)).toBe('21:02');
  });

  it('names the day when it is not today', () => {
    const tomorrow = minutesAfter(sampleNow, 14 * 60);
    const later = minutesAfter(sampleNow, 72 * 60);

    expect(formatIn('en').time(tomorrow)).toBe('01:02 tomorrow');
    expect(formatIn('ja').time(tomorrow)).toBe('明日の 01:02');
    expect(formatIn('en').time(later)).toBe('11:02 on March 7');
    expect(formatIn('ja').time(later)).toBe('3月7日 11:02');
  });

  it('is still today where the zone says so, although the date in UTC has changed', () => {
    const beforeMidnightUtc = new Date('2026-03-03T23:30:00Z');

    expect(formatIn('en').time(beforeMidnightUtc)).toBe('08:30');
    expect(formatIn('en', 'UTC').time(beforeMidnightUtc)).toBe('23:30 yesterday');
  });

  it('follows the change to daylight saving time', () => {
    const sunday = new Date('2026-03-08T06:30:00Z');
    const format = formatIn('en', 'America/New_York', sunday);

    expect(format.time(sunday)).toBe('01:30');
    expect(format.time(minutesAfter(sunday, 60))).toBe('03:30');
    expect(format.zone).toBe('EST');
    expect(formatIn('en', 'America/New_York', minutesAfter(sunday, 60)).zone).toBe('EDT');
  });
});

describe('a duration', () => {
  it.each([
    [30, '30 minutes', '30 分'],
    [60, '1 hour', '1 時間'],
    [90, '1 hour 30 minutes', '1 時間 30 分'],
    [480, '8 hours', '8 時間'],
  ])('of %i minutes is said exactly', (minutes, english, japanese) => {
    expect(formatIn('en').minutes(minutes)).toBe(english);
    expect(formatIn('ja').minutes(minutes)).toBe(japanese);
  });

  it('is rounded to minutes where it is an estimate, and never to none', () => {
    expect(formatIn('en').roughly(7 * 60 + 20)).toBe('7 minutes');
    expect(formatIn('en').roughly(5)).toBe('1 minute');
  });
});

describe('the language', () => {
  it('is one that the pages have', () => {
    expect(parseLanguage('ja')).toBe('ja');
  });

  it.each(['', 'fr', 'JA', 'en-US', '__proto__'])('is not “%s”', (text) => {
    expect(parseLanguage(text)).toBeNull();
  });

  it.each([
    ['ja', 'ja'],
    ['ja-JP,ja;q=0.9,en-US;q=0.8', 'ja'],
    ['en-GB,ja;q=0.9', 'en'],
    ['fr-CH, ja;q=0.5, en;q=0.4', 'ja'],
    ['en;q=0.2, JA;q=0.7', 'ja'],
    ['ja;q=0, en;q=0.1', 'en'],
    ['fr, de', 'en'],
    ['*', 'en'],
    ['ja;q=abc', 'en'],
    ['', 'en'],
    [undefined, 'en'],
  ])('preferred by “%s” is %s', (header, language) => {
    expect(negotiateLanguage(header)).toBe(language);
  });
});

describe('the time zone', () => {
  it('is accepted under its proper name', () => {
    expect(parseTimeZone('asia/tokyo')).toBe('Asia/Tokyo');
  });

  it.each(['', 'Mars/Olympus', '../etc/passwd', 'A'.repeat(100)])('is not “%s”', (text) => {
    expect(parseTimeZone(text)).toBeNull();
  });
});
