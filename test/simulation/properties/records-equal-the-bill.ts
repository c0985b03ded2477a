import type { Bill } from '../../../scripts/local/client-vpn/bill.ts';

/**
 * 7. What the records say of on-periods equals what the simulated AWS billed, to the minute.
 *
 * Not checked yet: the portal keeps no records of on-periods so far. What it will be held against is
 * here: the minutes of every association that the simulated AWS has billed, by subnet.
 */
export function billedMinutes(bill: Bill, until: Date): ReadonlyMap<string, number> {
  const minutes = new Map<string, number>();
  for (const { from, subnetId, to } of bill.associations) {
    const key = subnetId ?? '';
    const lasted = ((to ?? until).getTime() - from.getTime()) / 60_000;
    minutes.set(key, (minutes.get(key) ?? 0) + lasted);
  }
  return minutes;
}
