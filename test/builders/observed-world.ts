import { minutesAfter } from '../../src/clock.ts';
import type { TimeRange } from '../../src/usage/on-period.ts';
import type { CompleteObservation } from '../../src/vpn/observation.ts';
import { associationIds } from './arbitraries.ts';
import { aConnection, anAssociation, anObservation, connectionId } from './observation.ts';

/** What is really the case, by when it begins and ends. */
export interface ObservedWorld {
  readonly associations: readonly TimeRange[];
  readonly connections: readonly TimeRange[];
}

/** A complete reading of it: AWS lists a connection for an hour after its end. */
export function observedAt(world: ObservedWorld, at: Date): CompleteObservation {
  return anObservation({
    at,
    associations: world.associations.flatMap(({ from, to }, index) => {
      const id = associationIds[index];
      return id !== undefined && from <= at && at < to ? [anAssociation({ id })] : [];
    }),
    connections: world.connections.flatMap(({ from, to }, index) => {
      if (from > at || minutesAfter(to, 60) < at) return [];
      const isOpen = at < to;
      return [
        aConnection({
          id: connectionId(index + 1),
          establishedAt: from,
          endedAt: isOpen ? null : to,
          status: isOpen ? 'active' : 'terminated',
        }),
      ];
    }),
  });
}
