/**
 * - `warning`: it works, and will not always, or not for everybody
 * - `problem`: it does not work, or lets in whom it should not
 * - `not-checked`: nobody could say; never to be taken for `ok`
 */
export const outcomes = ['ok', 'warning', 'problem', 'not-checked'] as const;
export type Outcome = (typeof outcomes)[number];

/** What is checked. Programs read these names: they are only ever added to. */
export const checkNames = [
  'deployment',
  'listener-rules',
  'listener-certificate',
  'target-group',
  'sign-in-client',
  'identity-providers',
  'schedule-rule',
  'last-run',
  'prices',
  'endpoints',
  'endpoint',
  'policy',
  'subnets',
  'authentication',
  'saml-provider',
  'authorization-rules',
  'server-certificate',
  'declared-elsewhere',
  'permissions',
  'role-permissions',
] as const;
export type CheckName = (typeof checkNames)[number];

/** What one look at something has come to. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly sentence: string;
  /** What to do about it; `null` where there is nothing to be done. */
  readonly fix: string | null;
}

export interface Finding extends Verdict {
  readonly check: CheckName;
  /** What was looked at: an endpoint's id, or `portal`. */
  readonly subject: string;
}

export const verdict = {
  ok: (sentence: string): Verdict => ({ outcome: 'ok', sentence, fix: null }),
  warning: (sentence: string, fix: string): Verdict => ({ outcome: 'warning', sentence, fix }),
  problem: (sentence: string, fix: string): Verdict => ({ outcome: 'problem', sentence, fix }),
  notChecked: (sentence: string, fix: string): Verdict => ({
    outcome: 'not-checked',
    sentence,
    fix,
  }),
} as const;

/** Those that are wrong, or the one sentence where none is. */
export function orOk(wrong: readonly Verdict[], sentence: string): readonly Verdict[] {
  return wrong.length > 0 ? wrong : [verdict.ok(sentence)];
}
