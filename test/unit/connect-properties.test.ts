import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { denialReasons } from '../../src/audit/connect-denials.ts';
import { answerIn, longestSentence } from '../../src/connect/connect-answer.ts';
import type { ConnectAnswer } from '../../src/connect/connect-answer.ts';
import { schemaVersions } from '../../src/connect/connect-request.ts';
import { clientLanguages, longestPortalUrl, sentencesIn } from '../../src/connect/sentences.ts';
import { connectTags } from '../../src/vpn/connect-policy.ts';
import { policyTags } from '../../src/vpn/policy.ts';
import { anyText } from '../builders/any-text.ts';
import { aCatalogue, connectEvents } from '../builders/connect.ts';
import { startHandler } from './connect-handler-under-test.ts';

const sentenceNames = {
  v1: 'error-msg-on-failed-posture-compliance',
  v2: 'error-msg-on-denied-connection',
  v3: 'error-msg-on-denied-connection',
} as const;

/** Held against the guide's own description, in other words than those of the code. */
function whatIsWrongWith(answer: ConnectAnswer, event: unknown): string[] {
  const wrong: string[] = [];
  const version = answer['schema-version'];
  const asked: unknown =
    typeof event === 'object' && event !== null ? Reflect.get(event, 'schema-version') : undefined;
  const isKnown = schemaVersions.some((each) => each === asked);
  if (version !== (isKnown ? asked : 'v3')) wrong.push(`the version is ${version}`);
  const names = ['allow', 'posture-compliance-statuses', 'schema-version', sentenceNames[version]];
  if (Object.keys(answer).sort().join() !== names.sort().join()) wrong.push('other fields');
  if (typeof answer.allow !== 'boolean') wrong.push('allow is no boolean');
  const statuses: readonly string[] = answer['posture-compliance-statuses'];
  if (statuses.length > 10 || statuses.some((each) => each === '' || each.length > 255)) {
    wrong.push('statuses');
  }
  const sentence: unknown = Reflect.get(answer, sentenceNames[version]);
  if (typeof sentence !== 'string' || sentence.length > 255) wrong.push('the sentence');
  else if (!sentence.isWellFormed()) wrong.push('the sentence is no text');
  else if ((sentence === '') !== answer.allow) wrong.push('a denial without a sentence');
  return wrong;
}

const hostile = fc.oneof(
  anyText(),
  fc.constantFrom('', 'N/A', '__proto__', '\u0000', '\u202e', "'; --", '<script>', '{"$gt":""}'),
  fc.nat({ max: 3_000 }).map((length) => 'x'.repeat(length)),
  fc.jsonValue(),
  fc.constant(undefined),
);

/** A real request with some of its fields left out, or replaced by something. */
const anyRequest = fc
  .tuple(
    fc.constantFrom(...Object.values(connectEvents)),
    fc.dictionary(
      fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...Object.keys(connectEvents.v3)) },
        fc.string(),
      ),
      hostile,
      { maxKeys: 4 },
    ),
  )
  .map(([event, changed]) => ({ ...event, ...changed }));

const anyEvent: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: anyRequest },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, Number.NaN, [], 'v3') },
);

const anyTags = fc
  .record(
    {
      [policyTags.groups]: fc.constantFrom('engineering', 'sales', ''),
      [connectTags.connectMembersOnly]: fc.constantFrom('true', 'false', 'maybe'),
      [connectTags.connectLeaseHoldersOnly]: fc.constantFrom('true', 'false'),
      [connectTags.connectOnePerPerson]: fc.constantFrom('newer-wins', 'older-stays'),
      [connectTags.connectClientVersion]: fc.constantFrom('5.2', '9.9.9'),
      [connectTags.connectPlatforms]: fc.constantFrom('win', 'win:11 mac', 'linux'),
      [connectTags.connectUnknownDevices]: fc.constantFrom('true', 'false'),
    },
    { requiredKeys: [] },
  )
  .map((tags): Record<string, string> => tags);

describe('whatever AWS sends', () => {
  it('is answered as its version demands, and never with an error', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        anyEvent,
        anyTags,
        fc.constantFrom('allow', 'deny'),
        fc.constantFrom(...clientLanguages),
        async (event, tags, onFailure, language) => {
          const settings = { onFailure, language };
          const handler = await startHandler({ catalogue: aCatalogue(tags), settings });
          const answer = await handler.answer(event);
          expect(whatIsWrongWith(answer, event)).toEqual([]);
          seen.add(handler.answered[0]?.reason ?? 'let in');
          // Who is not let in is written down, and who was let in unjudged, and nobody else is.
          const isJudged = handler.answered[0]?.judged === true;
          expect(handler.audit.entries).toHaveLength(answer.allow && isJudged ? 0 : 1);
          expect(handler.denials.entries).toHaveLength(answer.allow ? 0 : 1);
        },
      ),
      { numRuns: fc.readConfigureGlobal().numRuns ?? 500 },
    );
    for (const reason of ['let in', 'request-malformed', 'not-in-group', 'platform-too-old']) {
      expect(seen).toContain(reason);
    }
  });

  it('that does not read as a request is never let in', async () => {
    await fc.assert(
      fc.asyncProperty(
        hostile,
        fc.constantFrom('endpoint-id', 'connection-id'),
        async (value, field) => {
          const handler = await startHandler({ settings: { onFailure: 'allow' } });
          const answer = await handler.answer({ ...connectEvents.v3, [field]: value });
          expect(answer.allow).toBe(false);
        },
      ),
    );
  });
});

describe('a sentence', () => {
  const longestUrl = `https://${'v'.repeat(longestPortalUrl - 8)}`;

  it.each(clientLanguages)('in %s fits into an answer, whatever it has to say', (language) => {
    const said = denialReasons.map((reason) =>
      sentencesIn[language]({ reason, need: 'n'.repeat(256) }, longestUrl),
    );
    const short = denialReasons.map((reason) =>
      sentencesIn[language]({ reason, need: '1000000.100000.10000' }, longestUrl),
    );
    expect(short.filter((sentence) => sentence.length > longestSentence)).toEqual([]);
    // Only where a tag itself is longer than anything sensible is the end cut off.
    for (const sentence of said) {
      const answer = answerIn('v3', { allow: false, postures: [], sentence });
      expect(whatIsWrongWith(answer, { 'schema-version': 'v3' })).toEqual([]);
    }
  });

  it('about a stop names the portal’s address in every language', () => {
    for (const language of clientLanguages) {
      const sentence = sentencesIn[language]({ reason: 'stop-under-way', need: '' }, longestUrl);
      expect(sentence).toContain(longestUrl);
    }
  });

  it('is cut where it is too long, and never in the middle of a character', () => {
    const cut = (sentence: string) =>
      answerIn('v2', { allow: false, postures: [], sentence })[
        'error-msg-on-denied-connection' as never
      ];
    expect(cut('a'.repeat(255))).toBe('a'.repeat(255));
    expect(cut('a'.repeat(256))).toBe(`${'a'.repeat(254)}…`);
    expect(cut(`${'a'.repeat(253)}😀😀`)).toBe(`${'a'.repeat(253)}…`);
  });
});
