import type { EndpointStore } from '../../src/lease/endpoint-store.ts';
import type { LeaseStore } from '../../src/lease/lease-store.ts';
import type { PauseStore } from '../../src/lease/pause-store.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { SimulatedProcess } from './call.ts';

/** What a pass, or a request, is built on. */
export interface PassPorts {
  readonly clientVpn: ClientVpn;
  readonly endpoints: EndpointStore;
  /** The table's own, unless given. */
  readonly pauses?: Pick<PauseStore, 'get'>;
  /** Of a request, and of a release. The table's own, unless given. */
  readonly leases?: LeaseStore;
}

/** Puts something else, or something around them, in the place of these ports. */
export type Variant = (
  ports: PassPorts,
  about: { readonly newId: () => string; readonly kind: SimulatedProcess['kind'] },
) => PassPorts;

export const asItIs: Variant = (ports) => ports;
