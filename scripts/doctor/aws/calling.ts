import { CallError } from '../call-error.ts';

const refusals: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
]);

/**
 * Makes a call that gives a `CallError` where it fails.
 *
 * @param action as a policy names it
 */
export async function calling<Answer>(
  action: string,
  call: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw new CallError(action, {
      isRefused: codesOf(error).some((code) => refusals.has(code)),
      cause: error,
    });
  }
}

/** The same, with `null` where AWS says that there is no such thing. */
export async function finding<Answer>(
  action: string,
  missing: RegExp,
  call: () => Promise<Answer>,
): Promise<Answer | null> {
  return calling(action, async () => {
    try {
      return await call();
    } catch (error) {
      if (codesOf(error).some((code) => missing.test(code))) return null;
      throw error;
    }
  });
}

/** AWS's code is the error's name; adapters of the source keep it as the cause of their own. */
export function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  for (let one = error; one instanceof Error; one = one.cause) codes.push(one.name);
  return codes;
}
