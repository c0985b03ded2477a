import type { Measurement } from './metrics.ts';

/** What an answer to the Client VPN service tells. Reasons are a closed list, of which each is a metric. */
export function answerMeasurements(answered: {
  readonly allowed: boolean;
  /** Why not; or, of somebody let in by the setting alone, what could not be told. */
  readonly reason: string | null;
}): readonly Measurement[] {
  return answered.allowed
    ? [{ name: 'ClientsLetIn', value: 1, of: null }]
    : [{ name: 'ClientsDenied', value: 1, of: answered.reason }];
}
