import type { Clock } from '../clock.ts';
import { createSharedReading } from '../shared-reading.ts';
import { clientConfigurationFor } from './client-configuration.ts';
import type { ClientVpn } from './client-vpn.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndpointId } from './ids.ts';

/** The `.ovpn` of an endpoint, as a person should import it. */
export interface ClientConfigurations {
  /** @throws {ClientVpnError} when AWS does not give it */
  get(endpoint: Endpoint): Promise<string>;
}

/** Two hundred people who download in the same minute are one call. */
const sharedSeconds = 30;
const mostEndpointsShared = 50;

export function createClientConfigurations(deps: {
  readonly clientVpn: ClientVpn;
  readonly clock: Clock;
}): ClientConfigurations {
  const exports = createSharedReading<EndpointId, string>({
    clock: deps.clock,
    seconds: sharedSeconds,
    mostKeys: mostEndpointsShared,
    read: (endpointId) => deps.clientVpn.exportClientConfiguration(endpointId),
  });
  return {
    get: async (endpoint) => clientConfigurationFor(endpoint, await exports.get(endpoint.id)),
  };
}
