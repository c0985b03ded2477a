import { CallError } from './call-error.ts';
import { verdict } from './finding.ts';
import type { CheckName, Finding, Verdict } from './finding.ts';

export interface Check {
  readonly name: CheckName;
  readonly subject: string;
  /** May throw: that is a finding of its own, and ends no other check. */
  readonly look: () => Promise<readonly Verdict[]>;
}

/** What a check needs is said nowhere; the message is the portal's variable for it. */
export class NotKnown extends Error {
  override readonly name = 'NotKnown';
}

/** Makes all the checks. The findings come in the order of the checks, however long each takes. */
export async function examine(checks: readonly Check[]): Promise<readonly Finding[]> {
  const findings = await Promise.all(
    checks.map(async ({ look, name, subject }) => {
      const verdicts = await lookAt(look).catch((error: unknown) => [unanswered(error)]);
      return verdicts.map((one): Finding => ({ check: name, subject, ...one }));
    }),
  );
  return findings.flat();
}

/** One that throws before its first await rejects like any other. */
async function lookAt(look: Check['look']): Promise<readonly Verdict[]> {
  return await look();
}

/** What cannot be read is not checked: never a pass, and nothing that is known to be wrong. */
function unanswered(error: unknown): Verdict {
  if (error instanceof NotKnown) {
    return verdict.notChecked(
      `${error.message} is not known, so this was not looked at.`,
      `Name the portal's stack with --stack, or set ${error.message} to what the portal has.`,
    );
  }
  if (!(error instanceof CallError)) {
    return verdict.notChecked(
      `The check itself failed: ${error instanceof Error ? error.message : String(error)}.`,
      'Run the doctor again. Where it stays, this is a fault of the doctor.',
    );
  }
  if (error.isRefused) {
    return verdict.notChecked(
      `The credentials may not call ${error.action}.`,
      `Allow ${error.action} to whoever runs the doctor, or have it run by somebody who may.`,
    );
  }
  return verdict.notChecked(
    `${error.action} gave no usable answer: ${error.message}`,
    'Run the doctor again. Where it stays, look at the credentials, the Region and the network.',
  );
}
