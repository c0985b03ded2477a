import { StoreError } from '../../../src/errors.ts';
import { ClientVpnError } from '../../../src/vpn/client-vpn.ts';

/** What a run says that AWS has refused or not answered; it has no error of AWS's to show for it. */
const refusedByAws =
  /^passing the endpoint \S+: (?:[A-Z][A-Za-z]+|reading the pause): [A-Z][A-Za-z]+: /;

/**
 * Beside the seven: a process fails only because AWS or the table has failed it.
 *
 * @returns the first error that is anything else
 */
export function surpriseIn(error: unknown): Error | null {
  if (error instanceof AggregateError) {
    return error.errors.map(surpriseIn).find((found) => found !== null) ?? null;
  }
  if (error instanceof StoreError || error instanceof ClientVpnError) return null;
  if (!(error instanceof Error)) return new Error(String(error));
  if (error.cause === undefined && refusedByAws.test(error.message)) return null;
  return error.cause === undefined ? error : surpriseIn(error.cause);
}
