import { outcomes } from './finding.ts';
import type { Finding, Outcome } from './finding.ts';

export interface Report {
  readonly checkedAt: Date;
  readonly region: string;
  readonly stack: string;
  /** Which credentials were used, as far as it may be said. */
  readonly credentials: string;
  readonly findings: readonly Finding[];
}

/** Of the JSON document. Raised where a program that reads it would have to be changed. */
const reportVersion = 1;

const words: Readonly<Record<Outcome, string>> = {
  ok: 'ok',
  warning: 'warning',
  problem: 'problem',
  'not-checked': 'not checked',
};
const widest = Math.max(...Object.values(words).map(({ length }) => length));

/** For people: a line for each finding, and under it what to do. */
export function textOf(report: Report): string {
  const lines = report.findings.flatMap(({ fix, outcome, sentence, subject }) => [
    `${words[outcome].padEnd(widest)}  ${subject}: ${sentence}`,
    ...(fix === null ? [] : [`${' '.repeat(widest)}  To fix: ${fix}`]),
  ]);
  const counts = countsOf(report.findings);
  const sum = outcomes.map((outcome) => `${counts[outcome]} ${words[outcome]}`).join(', ');
  return [...lines, '', `${report.region}, ${report.credentials}: ${sum}.`].join('\n');
}

/** For programs: one document, described in docs/doctor.md. */
export function jsonOf(report: Report): string {
  const { checkedAt, credentials, findings, region, stack } = report;
  const counts = countsOf(findings);
  const result =
    counts.problem > 0
      ? 'problem'
      : counts['not-checked'] > 0
        ? 'not-checked'
        : counts.warning > 0
          ? 'warning'
          : 'ok';
  return JSON.stringify(
    {
      version: reportVersion,
      checkedAt: checkedAt.toISOString(),
      region,
      stack,
      credentials,
      result,
      counts,
      findings: findings.map(({ check, fix, outcome, sentence, subject }) => ({
        check,
        subject,
        outcome,
        sentence,
        fix,
      })),
    },
    null,
    2,
  );
}

/**
 * 1 where something is a problem, and where something could not be checked: nobody can say then
 * that nothing is wrong.
 */
export function exitCodeOf(findings: readonly Finding[], acceptNotChecked: boolean): 0 | 1 {
  const counts = countsOf(findings);
  return counts.problem > 0 || (counts['not-checked'] > 0 && !acceptNotChecked) ? 1 : 0;
}

function countsOf(findings: readonly Finding[]): Readonly<Record<Outcome, number>> {
  const of = (outcome: Outcome): number =>
    findings.filter((finding) => finding.outcome === outcome).length;
  return {
    ok: of('ok'),
    warning: of('warning'),
    problem: of('problem'),
    'not-checked': of('not-checked'),
  };
}
