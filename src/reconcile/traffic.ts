import { minutesAfter } from '../clock.ts';
import type { ConnectionTraffic } from '../lease/endpoint-record.ts';
import { isConnected } from '../vpn/connection.ts';
import type { Connection } from '../vpn/connection.ts';

/**
 * Brings what is known of the connections' traffic up to date. A connection seen for the first time
 * counts as having just moved: how long it was silent before is not known.
 */
export function trafficAfter(
  before: readonly ConnectionTraffic[],
  connections: readonly Connection[],
  now: Date,
): readonly ConnectionTraffic[] {
  return connections.filter(isConnected).map((connection) => {
    const bytes = connection.ingressBytes + connection.egressBytes;
    const known = before.find(({ connectionId }) => connectionId === connection.id);
    return known?.bytes === bytes ? known : { connectionId: connection.id, bytes, movedAt: now };
  });
}

/**
 * The connections that count as use.
 *
 * @param silentMinutes how long one may move nothing and still count; `null` for as long as it likes
 */
export function connectionsInUse(
  connections: readonly Connection[],
  traffic: readonly ConnectionTraffic[],
  silentMinutes: number | null,
  now: Date,
): readonly Connection[] {
  const present = connections.filter(isConnected);
  if (silentMinutes === null) return present;
  const silent = new Set(
    trafficAfter(traffic, present, now)
      .filter(({ movedAt }) => minutesAfter(movedAt, silentMinutes) <= now)
      .map(({ connectionId }) => connectionId),
  );
  return present.filter(({ id }) => !silent.has(id));
}
