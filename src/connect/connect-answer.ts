import type { SchemaVersion } from './connect-request.ts';

/** What the Client VPN service expects back, each version in its own words. */
export type ConnectAnswer =
  | (Common<'v1'> & { readonly 'error-msg-on-failed-posture-compliance': string })
  | (Common<'v2' | 'v3'> & { readonly 'error-msg-on-denied-connection': string });

interface Common<Version extends SchemaVersion> {
  readonly allow: boolean;
  readonly 'posture-compliance-statuses': readonly Posture[];
  readonly 'schema-version': Version;
}

/** How a device stands to the conditions; AWS writes it into the connection log. */
export type Posture = 'compliant' | 'quarantined' | 'unknown';

/**
 * Of the sentence. Source: AWS Client VPN Administrator Guide, "Connection authorization", which
 * says characters; nobody says whether it counts the bytes of others than ASCII.
 */
export const longestSentence = 255;

/** @param sentence what the person reads in the client; empty where they are let in */
export function answerIn(
  version: SchemaVersion,
  { allow, postures, sentence }: { allow: boolean; postures: readonly Posture[]; sentence: string },
): ConnectAnswer {
  const common = { allow, 'posture-compliance-statuses': postures };
  const said = cut(sentence);
  return version === 'v1'
    ? { ...common, 'error-msg-on-failed-posture-compliance': said, 'schema-version': version }
    : { ...common, 'error-msg-on-denied-connection': said, 'schema-version': version };
}

function cut(sentence: string): string {
  if (sentence.length <= longestSentence) return sentence;
  // Half of a pair that is one character would make the answer no text at all.
  return `${sentence.slice(0, longestSentence - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
