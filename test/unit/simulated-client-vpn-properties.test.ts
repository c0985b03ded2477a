import fc from 'fast-check';
import { test } from '@jest/globals';
import { ClientVpnFault } from '../../scripts/local/client-vpn/fault.ts';
import type { SimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';
import type { World } from '../../scripts/local/client-vpn/world.ts';
import {
  endpointId,
  movableClock,
  simulation,
  subnetA,
  subnetA2,
  subnetC,
  timings,
} from './simulated-client-vpn-world.ts';
import { createSimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';

const target = { clientVpnEndpointId: endpointId };
const destinations = ['0.0.0.0/0', '172.16.0.0/16', '172.17.0.0/16', '10.0.0.0/16'];

type Act =
  | { readonly kind: 'associate' | 'fail'; readonly subnetId: string }
  | { readonly kind: 'disassociate' | 'hang-up' | 'terminate'; readonly which: number }
  | {
      readonly kind: 'create-route' | 'delete-route';
      readonly subnetId: string;
      readonly to: string;
    }
  | { readonly kind: 'connect' }
  | { readonly kind: 'wait'; readonly seconds: number };

const subnetId = fc.constantFrom(subnetA, subnetA2, subnetC);
const acts = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('associate' as const, 'fail' as const), subnetId }),
    fc.record({
      kind: fc.constantFrom('disassociate' as const, 'hang-up' as const, 'terminate' as const),
      which: fc.nat(3),
    }),
    fc.record({
      kind: fc.constantFrom('create-route' as const, 'delete-route' as const),
      subnetId,
      to: fc.constantFrom(...destinations),
    }),
    fc.record({ kind: fc.constant('connect' as const) }),
    fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(400) }),
  ),
  { maxLength: 60 },
);

function perform(clientVpn: SimulatedClientVpn, act: Exclude<Act, { kind: 'wait' }>): void {
  const world = clientVpn.snapshot();
  switch (act.kind) {
    case 'associate':
      clientVpn.associateClientVpnTargetNetwork({ ...target, subnetId: act.subnetId });
      return;
    case 'fail':
      clientVpn.failNextAssociation(act.subnetId, 'no address left');
      return;
    case 'disassociate': {
      const association = world.associations[act.which % Math.max(1, world.associations.length)];
      clientVpn.disassociateClientVpnTargetNetwork({
        ...target,
        associationId: association?.id ?? 'cvpn-assoc-none',
      });
      return;
    }
    case 'create-route':
    case 'delete-route': {
      const route = {
        ...target,
        destinationCidrBlock: act.to,
        targetVpcSubnetId: act.subnetId,
      };
      if (act.kind === 'create-route') clientVpn.createClientVpnRoute(route);
      else clientVpn.deleteClientVpnRoute(route);
      return;
    }
    case 'connect':
      clientVpn.connect(endpointId, 'alice');
      return;
    case 'hang-up':
    case 'terminate': {
      const connection = world.connections[act.which % Math.max(1, world.connections.length)];
      const connectionId = connection?.id ?? 'cvpn-connection-none';
      if (act.kind === 'hang-up') clientVpn.disconnect(connectionId);
      else clientVpn.terminateClientVpnConnections({ ...target, connectionId });
    }
  }
}

/** What must hold at every moment, whatever happened before; the sentence that does not. */
function brokenRule(world: World, now: number): string | null {
  const associated = world.associations.filter(({ state }) => state.status === 'associated');
  const zones = world.associations.map((association) => association.availabilityZone);
  const onTheWay =
    world.associations.filter(({ state }) => 'settlesAt' in state).length +
    world.routes.filter(
      ({ state }) =>
        state.status === 'creating' || (state.status === 'deleting' && state.isOperation),
    ).length;
  const openPeriods = world.bill.associations.filter((period) => period.to === null);
  const openConnections = world.bill.connections.filter((period) => period.to === null);
  const live = world.connections.filter(({ state }) => state.status !== 'terminated');
  const routeKeys = world.routes.map((route) => `${route.destinationCidr} ${route.subnetId}`);
  const rules: readonly (readonly [string, boolean])[] = [
    ['one association per zone', new Set(zones).size === zones.length],
    ['ten operations at once', onTheWay <= 10],
    ['a route once', new Set(routeKeys).size === routeKeys.length],
    [
      'a live route has its network',
      world.routes.every(
        (route) =>
          route.state.status === 'deleting' ||
          associated.some((association) => association.subnetId === route.subnetId),
      ),
    ],
    [
      'an associated network has its local route',
      associated.every((association) =>
        world.routes.some(
          (route) => route.origin === 'associate' && route.subnetId === association.subnetId,
        ),
      ),
    ],
    ['nobody is connected to nothing', live.length === 0 || associated.length > 0],
    [
      'what exists is billed, and nothing else',
      openPeriods.map((period) => period.associationId).join() ===
        world.associations.map((association) => association.id).join(),
    ],
    [
      'who is connected is billed, and nobody else',
      openConnections.map((period) => period.connectionId).join() ===
        live.map((connection) => connection.id).join(),
    ],
    [
      'nothing is settled late',
      [...world.associations, ...world.routes, ...world.connections].every(
        ({ state }) => !('settlesAt' in state) || state.settlesAt > now,
      ),
    ],
  ];
  return rules.find(([, holds]) => !holds)?.[0] ?? null;
}

test('no history breaks a rule of Client VPN, and every moment of it can be saved', () => {
  fc.assert(
    fc.property(acts, (history) => {
      const { clock, clientVpn } = simulation();
      for (const act of history) {
        if (act.kind === 'wait') clock.advanceSeconds(act.seconds);
        else {
          const before = clientVpn.snapshot();
          try {
            perform(clientVpn, act);
          } catch (error) {
            if (!(error instanceof ClientVpnFault)) throw error;
            // What was refused has changed nothing.
            if (JSON.stringify(clientVpn.snapshot()) !== JSON.stringify(before)) return false;
          }
        }
        const broken = brokenRule(clientVpn.snapshot(), clock.now().getTime());
        if (broken !== null) throw new Error(`Broken after ${JSON.stringify(act)}: ${broken}`);
      }
      const saved = JSON.stringify(clientVpn.snapshot());
      const restored = createSimulatedClientVpn({
        clock: movableClock(clock.now().toISOString()),
        timings,
        region: 'ap-northeast-1',
        accountId: '123456789012',
        restore: JSON.parse(saved),
      });
      return JSON.stringify(restored.snapshot()) === saved;
    }),
    { numRuns: 300 },
  );
});
