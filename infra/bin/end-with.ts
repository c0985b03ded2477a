import { SettingsError } from '../read-settings.ts';
import { UnacknowledgedError } from '../synthesise.ts';

/** What a person can mend is said in sentences; the rest with where it comes from. */
export function endWith(error: unknown): void {
  process.exitCode = 1;
  const isForPeople = error instanceof SettingsError || error instanceof UnacknowledgedError;
  const told = isForPeople ? error.message : error;
  console.error(told);
}
