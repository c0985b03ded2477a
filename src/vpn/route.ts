import type { SubnetId } from './ids.ts';

export const routeStatuses = ['creating', 'active', 'failed', 'deleting'] as const;
export type RouteStatus = (typeof routeStatuses)[number] | 'unknown';

/** A route as it can be created: the part of it that outlives a disassociation in our memory. */
export interface ManualRoute {
  readonly destinationCidr: string;
  readonly subnetId: SubnetId;
  readonly description: string;
}

/** A row of the endpoint's route table. */
export interface Route extends ManualRoute {
  readonly status: RouteStatus;
  readonly message: string;
  /** `associate`: made by AWS with the association; `add-route`: added by somebody. */
  readonly origin: 'associate' | 'add-route';
}

/** What identifies a route: AWS allows one per destination and target network. */
export function routeKey(route: Pick<ManualRoute, 'destinationCidr' | 'subnetId'>): string {
  return `${route.destinationCidr} ${route.subnetId}`;
}
