import { minutesAfter } from '../clock.ts';
import type { ConnectionTraffic } from '../lease/endpoint-record.ts';
import { isConnected } from '../vpn/connection.ts';
import type { Connection } from '../vpn/connection.ts';

/**
 * In the endpoint's item, which holds 400 KB at the most: about 100 bytes for each. Of more connections
 * those that have been silent the longest are remembered.
 */
export const mostRemembered = 1_000;

/**
 * Brings what is known of the connections' traffic up to date. A connection seen for the first time,
 * or not remembered, counts as having just moved: how long it was silent before is not known.
 */
export function trafficAfter(
  before: readonly ConnectionTraffic[],
  connections: readonly Connection[],
  now: Date,
): readonly ConnectionTraffic[] {
  const remembered = new Map(before.map((each) => [each.connectionId, each]));
  const traffic = connections.filter(isConnected).map((connection) => {
    const bytes = connection.ingressBytes + connection.egressBytes;
    const known = remembered.get(connection.id);
    return known?.bytes === bytes ? known : { connectionId: connection.id, bytes, movedAt: now };
  });
  if (traffic.length <= mostRemembered) return traffic;
  return traffic.sort((a, b) => a.movedAt.getTime() - b.movedAt.getTime()).slice(0, mostRemembered);
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
