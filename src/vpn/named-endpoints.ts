import type { ClientVpn } from './client-vpn.ts';

/**
 * The endpoints that a deployment names, where its role may touch no other: what carries the tag
 * besides is left alone, instead of being refused every minute.
 *
 * @param endpointIds empty: every endpoint
 */
export function withNamedEndpoints(
  clientVpn: ClientVpn,
  endpointIds: readonly string[],
): ClientVpn {
  if (endpointIds.length === 0) return clientVpn;
  const named: ReadonlySet<string> = new Set(endpointIds);
  return {
    ...clientVpn,
    async listEndpoints() {
      const endpoints = await clientVpn.listEndpoints();
      return endpoints.filter(({ id }) => named.has(id));
    },
    findEndpoint: (endpointId) =>
      named.has(endpointId) ? clientVpn.findEndpoint(endpointId) : Promise.resolve(null),
  };
}
