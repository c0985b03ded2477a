import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import type { Log, LogFields } from '../log.ts';

/** Five a second, where an office's worth of forgotten tabs writes one. */
const mostLines = 300;
const perSeconds = 60;

/**
 * A log for what anybody on the internet may cause: so many lines a minute, and then one that says so.
 * The next minute begins with how many were left out.
 */
export function createBoundedLog(clock: Clock, log: Log): Log {
  let since: Date | null = null;
  let written = 0;
  let leftOut = 0;

  function mayWrite(): boolean {
    const now = clock.now();
    const age = since === null ? perSeconds : secondsBetween(since, now);
    // A clock that was set back begins a minute of its own, too.
    if (age >= perSeconds || age < 0) {
      if (leftOut > 0) log.warn({ leftOut, since }, 'lines about strangers were left out');
      since = now;
      written = 0;
      leftOut = 0;
    }
    if (written < mostLines) {
      written += 1;
      return true;
    }
    if (leftOut === 0) {
      log.warn({ mostLines, perSeconds }, 'too many lines about strangers: the rest is counted');
    }
    leftOut += 1;
    return false;
  }

  const at = (level: keyof Log) => (fields: LogFields, message: string) => {
    if (mayWrite()) log[level](fields, message);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
