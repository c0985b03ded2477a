import type { World } from './world.ts';

/** A time for which AWS charges an association: from the accepted request to the end of its removal. */
export interface AssociationPeriod {
  readonly endpointId: string;
  /** `null` for the association of a Transit Gateway. */
  readonly subnetId: string | null;
  readonly associationId: string;
  readonly from: Date;
  /** `null` while it lasts. */
  readonly to: Date | null;
}

/** A time for which AWS charges a connection. */
export interface ConnectionPeriod {
  readonly endpointId: string;
  readonly connectionId: string;
  readonly username: string;
  readonly from: Date;
  /** `null` while it lasts. */
  readonly to: Date | null;
}

/** Everything ever charged, the oldest first: the truth that a usage history is compared with. */
export interface Bill {
  readonly associations: readonly AssociationPeriod[];
  readonly connections: readonly ConnectionPeriod[];
}

export function billOf(world: World): Bill {
  return {
    associations: world.bill.associations.map(withDates),
    connections: world.bill.connections.map(withDates),
  };
}

function withDates<Period extends { from: number; to: number | null }>(
  period: Period,
): Omit<Period, 'from' | 'to'> & { from: Date; to: Date | null } {
  return {
    ...period,
    from: new Date(period.from),
    to: period.to === null ? null : new Date(period.to),
  };
}
