/**
 * The code of an error of the operating system, such as `ENOENT`, or `null`. Does not ask for an
 * `Error`: a test runner gives each test file a class `Error` of its own.
 */
export function systemErrorCode(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null;
}
