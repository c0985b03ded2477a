import type { Clock } from '../clock.ts';
import type { ClientVpn } from '../vpn/client-vpn.ts';
import { ClientVpnError } from '../vpn/client-vpn.ts';
import type { Endpoint } from '../vpn/endpoint.ts';
import type { AwsProblem, Observation } from '../vpn/observation.ts';

/** AWS has been seen to answer with a state that is half a minute old; a pass takes its time, too. */
export const listingsAreOldSeconds = 60;

/**
 * Reads one endpoint. The connections come last, so that somebody who connects while the rest is
 * being read is still seen; where nothing is associated there can be neither routes nor
 * connections, and neither is asked for.
 *
 * @param endpoint as just read: it comes first, because it is shared with the listing
 * @param mayHaveEnded whether connections may have ended that are not recorded yet: AWS lists them
 *   for an hour, even after a stop
 */
export async function observe(
  clientVpn: ClientVpn,
  endpoint: Endpoint,
  clock: Clock,
  mayHaveEnded: boolean,
): Promise<Observation> {
  try {
    const associations = await clientVpn.listAssociations(endpoint.id);
    const off = associations.every(({ status }) => status === 'disassociated');
    const routes = off ? [] : await clientVpn.listRoutes(endpoint.id);
    const connections = off && !mayHaveEnded ? [] : await clientVpn.listConnections(endpoint.id);
    return { complete: true, at: clock.now(), endpoint, associations, routes, connections };
  } catch (error) {
    return { complete: false, at: clock.now(), problem: awsProblem(error) };
  }
}

/**
 * A failure of AWS as it is stored, logged and shown.
 *
 * @throws whatever is not a failure of AWS, unchanged: a fault of ours must not pass for one of AWS
 */
export function awsProblem(error: unknown): AwsProblem {
  if (!(error instanceof ClientVpnError)) throw error;
  const { kind, operation, code, message, requestId } = error;
  return { kind, operation, code, message, requestId };
}
