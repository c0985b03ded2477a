import type { Clock } from '../clock.ts';
import { StoreError } from '../errors.ts';
import type { PauseStore } from '../lease/pause-store.ts';
import { pauseInEffect } from '../lease/pause.ts';
import type { Pause } from '../lease/pause.ts';
import type { Reason } from '../lease/reason.ts';
import type { Log } from '../log.ts';
import type { AwsProblem } from '../vpn/observation.ts';

/** Whether an administrator lets nothing stop by itself, as far as anybody can tell. */
export type Pausing =
  | { readonly kind: 'none' }
  | { readonly kind: 'paused'; readonly pause: Pause }
  /** Then nothing stops by itself, either. */
  | { readonly kind: 'unread'; readonly problem: AwsProblem };

export const notPaused: Pausing = { kind: 'none' };

/** Reads the pause. A table that does not say keeps nothing from starting, so this does not throw. */
export async function readPausing(deps: {
  readonly pauses: Pick<PauseStore, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Pausing> {
  const { clock, log, pauses } = deps;
  try {
    const pause = pauseInEffect(await pauses.get(), clock.now());
    return pause === null ? notPaused : { kind: 'paused', pause };
  } catch (error) {
    // A fault of ours must not pass for one of AWS.
    if (!(error instanceof StoreError)) throw error;
    log.warn({ error }, 'the pause could not be read');
    return { kind: 'unread', problem: unread };
  }
}

const unread: AwsProblem = {
  kind: 'unreachable',
  operation: 'reading the pause',
  code: 'StoreError',
  message: '',
  requestId: null,
};

/** Why what would stop by itself waits; `null` where it does not. */
export function whyItWaits(pausing: Pausing): Reason | null {
  switch (pausing.kind) {
    case 'none':
      return null;
    case 'paused': {
      const { by, reason, until } = pausing.pause;
      return { code: 'stopping-paused', until, by: by.name, why: reason };
    }
    case 'unread':
      return { code: 'reading-incomplete', problem: pausing.problem };
  }
}

/** What has kept anybody from telling; `null` where it could be told. */
export function problemOf(pausing: Pausing): AwsProblem | null {
  return pausing.kind === 'unread' ? pausing.problem : null;
}
