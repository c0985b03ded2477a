import type { OnPeriod, TimeRange } from './on-period.ts';
import { secondsWithin } from './on-period.ts';

/** What AWS charges in the deployment's Region. Configured: prices differ, and change. */
export interface Prices {
  /** ISO 4217. */
  readonly currency: string;
  readonly perAssociationHour: number;
  readonly perConnectionHour: number;
  /** What the portal itself costs in a month: load balancer, Lambda, DynamoDB. */
  readonly portalPerMonth: number;
  readonly billing: Billing;
}

/** Whether an hour begun is charged by its part, or whole. AWS's pages can be read both ways. */
export const billings = ['pro-rated', 'full-hours'] as const;
export type Billing = (typeof billings)[number];

/** What lasts, and is charged by the hour: an association or a connection. */
type Charged = Pick<OnPeriod, 'from' | 'to' | 'seenAt'>;

/** The hours of an association, or of a connection, that are charged in a range. */
export function billedHours(charged: Charged, range: TimeRange, billing: Billing): number {
  if (billing === 'pro-rated') return secondsWithin(charged, range) / 3600;
  // Each hour counts from its own beginning, and where it begins.
  return hoursBegunBefore(charged, range.to) - hoursBegunBefore(charged, range.from);
}

function hoursBegunBefore({ from, seenAt, to }: Charged, time: Date): number {
  const end = Math.min((to ?? seenAt).getTime(), time.getTime());
  return Math.max(0, Math.ceil((end - from.getTime()) / 3_600_000));
}
