import type { DenialReason } from '../audit/connect-denials.ts';
import type { Measurement } from './metrics.ts';

/** What an answer to the Client VPN service tells. Reasons are a closed list, of which each is a metric. */
export function answerMeasurements(answered: {
  readonly allowed: boolean;
  /** Whether that was told by what is known, and not by the setting for what cannot be told. */
  readonly judged: boolean;
  /** Why not; or, of somebody let in by the setting alone, what could not be told. */
  readonly reason: DenialReason | null;
}): readonly Measurement[] {
  const { allowed, judged, reason } = answered;
  const answer: Measurement = allowed
    ? { name: 'ClientsLetIn', value: 1, of: null }
    : { name: 'ClientsDenied', value: 1, of: reason };
  return judged ? [answer] : [answer, { name: 'ClientsUnjudged', value: 1, of: reason }];
}
