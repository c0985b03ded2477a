import { verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

/** What the portal reckons with; `null` where it is not configured. */
export interface ConfiguredPrices {
  readonly associationHour: number | null;
  readonly connectionHour: number | null;
}

export function judgePrices(prices: ConfiguredPrices, region: string): readonly Verdict[] {
  const { associationHour, connectionHour } = prices;
  const missing = [
    ...(associationHour === null ? ['an association-hour'] : []),
    ...(connectionHour === null ? ['a connection-hour'] : []),
  ];
  if (missing.length === 0) {
    return [
      verdict.ok(
        `In ${region} the portal reckons with ${associationHour ?? 0} for an association-hour and ${connectionHour ?? 0} for a connection-hour.`,
      ),
    ];
  }
  return [
    verdict.warning(
      `The price of ${missing.join(' and of ')} in ${region} is not known, neither from the environment nor from the stack's outputs: the pages show hours and no money.`,
      `Look it up in AWS's price list of Client VPN, add it to prices.byRegion in the settings, and deploy.`,
    ),
  ];
}
