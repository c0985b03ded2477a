import type { Clock } from '../../src/clock.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { createEndpointDirectory } from '../../src/lease/endpoint-directory.ts';
import { createLeaseService } from '../../src/lease/lease-service.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Log } from '../../src/log.ts';
import { createReconciler } from '../../src/reconcile/reconciler.ts';
import type { Reconciler } from '../../src/reconcile/reconciler.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores, MemoryTable } from '../fakes/memory-stores.ts';
import type { SimulatedAws } from './aws.ts';
import type { SimulatedProcess } from './call.ts';
import { createSimulatedPort } from './client-vpn-port.ts';
import type { Gate } from './gate.ts';
import { randomOf } from './random.ts';
import type { Variant } from './variant.ts';

export interface ProcessDependencies {
  readonly seed: number;
  readonly clock: Clock;
  readonly aws: SimulatedAws;
  readonly gate: Gate;
  readonly table: MemoryTable;
  readonly variant: Variant;
  readonly told: (lease: Lease) => void;
  /** Starts what a process was made for, and sees it through. */
  readonly run: (
    process: SimulatedProcess,
    work: () => Promise<unknown>,
    ended?: (failed: boolean) => void,
  ) => void;
}

/** The portal as one process: it dies as a whole, with all that it was in the middle of. */
export interface PortalProcess {
  readonly life: { alive: boolean };
  request(personId: string, minutes: number): void;
  release(personId: string): void;
  look(): void;
}

export interface Processes {
  portal(name: string): PortalProcess;
  /** A delivery of the schedule. */
  scheduledRun(name: string, ended: (failed: boolean) => void): void;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function createProcesses(deps: ProcessDependencies, endpointId: EndpointId): Processes {
  const { aws, clock, gate, run, seed, table, variant } = deps;

  function newProcess(
    about: Pick<SimulatedProcess, 'name' | 'kind' | 'life'> & Partial<SimulatedProcess>,
  ): SimulatedProcess {
    const random = randomOf(`${seed} ${about.name}`);
    return { personId: null, sequential: true, pending: 0, finished: false, random, ...about };
  }

  const storesOf = (process: SimulatedProcess): MemoryStores =>
    createMemoryStores(gate.table(process), table);

  function reconcilerOf(process: SimulatedProcess, mayDisassociate: boolean): Reconciler {
    const stores = storesOf(process);
    let ids = 0;
    const newId = (): string => `${process.name} #${(ids += 1)}`;
    const clientVpn = createSimulatedPort(aws, gate, process);
    const ports = variant({ clientVpn, endpoints: stores.endpoints }, newId);
    const { catalogue } = stores;
    return createReconciler({ ...ports, catalogue, clock, log: silent, newId, mayDisassociate });
  }

  function portal(name: string): PortalProcess {
    const life = { alive: true };
    let serial = 0;
    const part = (what: string, personId: string | null = null): SimulatedProcess => {
      serial += 1;
      return newProcess({ name: `${name} ${what} ${serial}`, kind: 'portal', life, personId });
    };
    const pass = (): void => {
      const process = part('pass');
      run(process, () => reconcilerOf(process, false).pass(endpointId));
    };
    const list = (): void => {
      const process = part('listing');
      run(process, () => reconcilerOf(process, false).refreshCatalogue());
    };
    const pages = newProcess({ name, kind: 'portal', life, sequential: false });
    const shared = storesOf(pages);
    const directory = createEndpointDirectory({
      endpoints: shared.endpoints,
      catalogue: shared.catalogue,
      clock,
      passIsDue: pass,
      listingIsDue: list,
    });
    const leaseService = (process: SimulatedProcess) => {
      const { endpoints, leases } = storesOf(process);
      return createLeaseService({ directory, endpoints, leases, clock, log: silent, nudge: pass });
    };

    return {
      life,
      request(personId, minutes) {
        const process = part('request', personId);
        run(process, async () => {
          const service = leaseService(process);
          const outcome = await service.request(principal(personId), endpointId, minutes);
          if (outcome.kind === 'confirmed') deps.told(outcome.lease);
        });
      },
      release(personId) {
        const process = part('release', personId);
        run(process, () => leaseService(process).release(principal(personId), endpointId));
      },
      look() {
        const process = part('look');
        run(process, async () => {
          await directory.list(principal('viewer'));
        });
      },
    };
  }

  return {
    portal,
    scheduledRun(name, ended) {
      const process = newProcess({ name, kind: 'schedule', life: { alive: true } });
      run(process, () => reconcilerOf(process, true).passAll(), ended);
    },
  };
}

function principal(id: string): Principal {
  return { id, name: id, groups: [], capabilities: new Set(['endpoint:use']) };
}
