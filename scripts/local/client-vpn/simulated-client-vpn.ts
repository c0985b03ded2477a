import type { Clock } from '../../../src/clock.ts';
import { associate, disassociate } from './association-operations.ts';
import { billOf } from './bill.ts';
import type { Bill } from './bill.ts';
import { exportClientConfiguration } from './client-configuration.ts';
import { connect, setSilent, terminate } from './connection-operations.ts';
import { fault } from './fault.ts';
import {
  listAuthorizationRules,
  listConnections,
  listEndpoints,
  listRoutes,
  listSubnets,
  listTargetNetworks,
} from './listings.ts';
import type { Moment, Timings } from './moment.ts';
import type { ClientVpnOperations } from './operations.ts';
import { createRoute, deleteRoute } from './route-operations.ts';
import { requireEndpoint } from './rules.ts';
import { addAuthorizationRule, addEndpoint, addSubnet, addVpc } from './set-up.ts';
import type { NewAuthorizationRule, NewEndpoint, NewSubnet, NewVpc } from './set-up.ts';
import { endConnection, settle, settlesNextAt } from './settle.ts';
import { emptyWorld, restoreWorld } from './world.ts';
import type { World } from './world.ts';

export interface SimulatedClientVpn extends ClientVpnOperations {
  addVpc(vpc: NewVpc): void;
  addSubnet(subnet: NewSubnet): void;
  addEndpoint(endpoint: NewEndpoint): void;
  addAuthorizationRule(endpointId: string, rule: NewAuthorizationRule): void;
  /** Replaces all tags of an endpoint. */
  setTags(endpointId: string, tags: Readonly<Record<string, string>>): void;
  /** For what begins from now on; what is on its way keeps its time. */
  setTimings(timings: Partial<Timings>): void;
  /** The next `times` associations (1) with this subnet end as `association-failed`. */
  failNextAssociation(subnetId: string, message: string, times?: number): void;
  /** The next association with this subnet takes so many seconds longer. */
  delayNextAssociation(subnetId: string, seconds: number): void;
  /**
   * A client connects; `silent` sends no traffic. Answers the connection's id.
   *
   * @throws ClientVpnFault while no target network is associated.
   */
  connect(
    endpointId: string,
    username: string,
    options?: { readonly silent?: boolean | undefined },
  ): string;
  /** A client hangs up. Answers false where there is no such live connection. */
  disconnect(connectionId: string): boolean;
  /**
   * A live connection's byte counters stand still, or move again. Answers false where there is no
   * such live connection.
   */
  setSilent(connectionId: string, silent: boolean): boolean;
  /** Since when a live connection has moved no byte; `null` where it does, or is not there. */
  silentSince(connectionId: string): Date | null;
  bill(): Bill;
  /** All of it as plain JSON, for `restore`. */
  snapshot(): World;
  /** The time in the simulation. */
  now(): Date;
  /**
   * When something next comes to its end by itself, in epoch milliseconds; `Infinity` where nothing
   * is on its way. Whoever makes every change themselves need not look again before.
   */
  settlesNextAt(): number;
  readonly region: string;
  readonly accountId: string;
}

/**
 * AWS Client VPN, as far as its twelve operations show it. Synchronous and without timers: the
 * world moves on to `clock.now()` whenever somebody looks, so whoever holds the clock decides
 * everything, and the same calls at the same times always give the same ids and states.
 *
 * @throws Error with a sentence when `restore` is no snapshot of such a world.
 */
export function createSimulatedClientVpn(options: {
  readonly clock: Clock;
  readonly timings: Timings;
  readonly region: string;
  readonly accountId: string;
  readonly seed?: number | undefined;
  /** A snapshot of before; Region, account and seed are then those of the snapshot. */
  readonly restore?: unknown;
}): SimulatedClientVpn {
  const { clock, region, accountId, seed = 1 } = options;
  let { timings } = options;
  const world =
    options.restore === undefined
      ? emptyWorld({ region, accountId, seed })
      : restoreWorld(options.restore);

  function moment(): Moment {
    const now = clock.now().getTime();
    settle(world, now);
    return { world, now, timings };
  }

  /** A dry run does the whole operation on a copy, so that it finds every reason to refuse. */
  function run<Input extends { readonly dryRun?: boolean | undefined }, Answer>(
    operation: (moment: Moment, input: Input) => Answer,
    input: Input,
  ): Answer {
    const here = moment();
    if (input.dryRun !== true) return operation(here, input);
    operation({ ...here, world: structuredClone(world) }, input);
    throw fault.wouldHaveSucceeded();
  }

  return {
    describeClientVpnEndpoints: (input = {}) => run(listEndpoints, input),
    describeClientVpnTargetNetworks: (input) => run(listTargetNetworks, input),
    associateClientVpnTargetNetwork: (input) => run(associate, input),
    disassociateClientVpnTargetNetwork: (input) => run(disassociate, input),
    describeClientVpnConnections: (input) => run(listConnections, input),
    terminateClientVpnConnections: (input) => run(terminate, input),
    exportClientVpnClientConfiguration: (input) =>
      run(
        (here, { clientVpnEndpointId }) => exportClientConfiguration(here, clientVpnEndpointId),
        input,
      ),
    describeClientVpnRoutes: (input) => run(listRoutes, input),
    createClientVpnRoute: (input) => run(createRoute, input),
    deleteClientVpnRoute: (input) => run(deleteRoute, input),
    describeClientVpnAuthorizationRules: (input) => run(listAuthorizationRules, input),
    describeSubnets: (input = {}) => run(listSubnets, input),

    addVpc: (vpc) => {
      addVpc(moment(), vpc);
    },
    addSubnet: (subnet) => {
      addSubnet(moment(), subnet);
    },
    addEndpoint: (endpoint) => {
      addEndpoint(moment(), endpoint);
    },
    addAuthorizationRule: (endpointId, rule) => {
      addAuthorizationRule(moment(), endpointId, rule);
    },
    setTags(endpointId, tags) {
      requireEndpoint(world, endpointId).tags = { ...tags };
    },
    setTimings(changed) {
      timings = { ...timings, ...changed };
    },
    failNextAssociation(subnetId, message, times = 1) {
      world.plannedFailures.push({ subnetId, message, times });
    },
    delayNextAssociation(subnetId, seconds) {
      world.plannedDelays.push({ subnetId, seconds });
    },
    connect: (endpointId, username, { silent = false } = {}) =>
      connect(moment(), { endpointId, username, silent }),
    disconnect(connectionId) {
      const { now } = moment();
      const live = world.connections.find(
        ({ id, state }) => id === connectionId && state.status !== 'terminated',
      );
      if (live === undefined) return false;
      endConnection(world, connectionId, now);
      return true;
    },
    setSilent: (connectionId, silent) => setSilent(moment(), connectionId, silent),
    silentSince(connectionId) {
      const since = moment().world.connections.find(
        ({ id, state }) => id === connectionId && state.status !== 'terminated',
      )?.silentSince;
      return since === undefined || since === null ? null : new Date(since);
    },

    bill: () => billOf(moment().world),
    snapshot: () => structuredClone(moment().world),
    now: () => clock.now(),
    settlesNextAt: () => settlesNextAt(moment().world),
    region: world.region,
    accountId: world.accountId,
  };
}
