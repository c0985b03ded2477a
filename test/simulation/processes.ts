import type { AuditWriter } from '../../src/audit/audit-log.ts';
import type { Clock } from '../../src/clock.ts';
import { minutesAfter } from '../../src/clock.ts';
import { capabilitiesOf } from '../../src/identity/principal.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { createAdministration } from '../../src/lease/administration.ts';
import type { ActOutcome, Administration } from '../../src/lease/administration.ts';
import { createEndpointDirectory } from '../../src/lease/endpoint-directory.ts';
import { createLeaseService } from '../../src/lease/lease-service.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Log } from '../../src/log.ts';
import type { EventPublisher, PendingEvent } from '../../src/notify/domain-event.ts';
import { createReconciler } from '../../src/reconcile/reconciler.ts';
import type { PassResult, Reconciler } from '../../src/reconcile/reconciler.ts';
import { createUsageRecorder } from '../../src/usage/usage-recorder.ts';
import type { UsageStore } from '../../src/usage/usage-store.ts';
import type { ConnectionId, EndpointId } from '../../src/vpn/ids.ts';
import type { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores, MemoryTable } from '../fakes/memory-stores.ts';
import type { MemoryUsageStore } from '../fakes/memory-usage-store.ts';
import type { SimulatedAws } from './aws.ts';
import type { SimulatedProcess, Step } from './call.ts';
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
  /** What stands in the audit. */
  readonly audit: MemoryAuditLog;
  /** What stands in the history. */
  readonly usage: MemoryUsageStore;
  readonly variant: Variant;
  /** What those who listen have heard, by its id. */
  readonly published: Map<string, PendingEvent>;
  readonly told: (lease: Lease) => void;
  readonly refused: (process: SimulatedProcess) => void;
  readonly actTold: (step: Extract<Step, { kind: 'act-told' }>) => void;
  /** What came of a pass, and when it was begun. */
  readonly passed: (result: PassResult, startedAt: number) => void;
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
  administer(adminId: string, wish: AdministratorsWish): void;
  look(): void;
}

export type AdministratorsWish =
  | { readonly kind: 'hold'; readonly wish: 'on' | 'off'; readonly minutes: number }
  | { readonly kind: 'release-hold' | 'stop' }
  | { readonly kind: 'terminate'; readonly connectionId: ConnectionId };

export interface Processes {
  portal(name: string): PortalProcess;
  /** A delivery of the schedule, in earnest or to say what it would do. */
  scheduledRun(name: string, kind: 'schedule' | 'dry-run', ended: (failed: boolean) => void): void;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function createProcesses(deps: ProcessDependencies, endpointId: EndpointId): Processes {
  const { aws, clock, gate, run, seed, table, variant } = deps;

  function newProcess(
    about: Pick<SimulatedProcess, 'name' | 'kind' | 'life'> & Partial<SimulatedProcess>,
  ): SimulatedProcess {
    const random = randomOf(`${seed} ${about.name}`);
    return {
      personId: null,
      releases: false,
      sequential: true,
      pending: 0,
      finished: false,
      random,
      startedAt: clock.now().getTime(),
      ...about,
    };
  }

  const storesOf = (process: SimulatedProcess): MemoryStores =>
    createMemoryStores(gate.table(process), table);

  const auditOf = (process: SimulatedProcess): AuditWriter => ({
    append: (entry) =>
      gate.audit(process, () => {
        void deps.audit.append(entry);
      }),
  });

  /** One request, since each of its writes may be made again. */
  const usageOf = (process: SimulatedProcess): UsageStore => ({
    ...deps.usage,
    write: (writes) => gate.audit(process, () => void deps.usage.write(writes)),
  });

  const publisherOf = (process: SimulatedProcess): EventPublisher => ({
    async publish(events) {
      const ids = events.map(({ id }) => id);
      try {
        await gate.publish(process, () => {
          for (const event of events) deps.published.set(event.id, event);
        });
        return { delivered: ids, answered: true };
      } catch {
        return { delivered: [], answered: false };
      }
    },
  });

  function reconcilerOf(process: SimulatedProcess): Reconciler {
    const stores = storesOf(process);
    let ids = 0;
    const newId = (): string => `${process.name} #${(ids += 1)}`;
    const clientVpn = createSimulatedPort(aws, gate, process);
    const { kind: mode } = process;
    if (mode === 'connect') throw new Error('the handler passes nothing');
    const ports = variant({ clientVpn, endpoints: stores.endpoints }, { newId, kind: mode });
    const { catalogue, pauses } = stores;
    const audit = auditOf(process);
    const usage = createUsageRecorder({ store: usageOf(process), log: silent });
    const log = silent;
    const audience = { publisher: publisherOf(process), timeZone: 'Asia/Tokyo' };
    return createReconciler({
      pauses,
      ...ports,
      catalogue,
      audit,
      usage,
      clock,
      log,
      newId,
      mode,
      audience,
    });
  }

  function portal(name: string): PortalProcess {
    const life = { alive: true };
    let serial = 0;
    const part = (what: string, personId: string | null = null): SimulatedProcess => {
      serial += 1;
      const releases = what === 'release';
      const about = { name: `${name} ${what} ${serial}`, life, personId, releases };
      return newProcess({ ...about, kind: 'portal' });
    };
    const pass = (): void => {
      const process = part('pass');
      run(process, async () => {
        deps.passed(await reconcilerOf(process).pass(endpointId), process.startedAt);
      });
    };
    const list = (): void => {
      const process = part('listing');
      run(process, () => reconcilerOf(process).refreshCatalogue());
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
      const { endpoints, leases: stored } = storesOf(process);
      const clientVpn = createSimulatedPort(aws, gate, process);
      const newId = (): string => process.name;
      const { leases = stored } = variant(
        { clientVpn, endpoints, leases: stored },
        { newId, kind: process.kind },
      );
      return createLeaseService({ directory, endpoints, leases, clock, log: silent, nudge: pass });
    };

    const administration = (process: SimulatedProcess): Administration => {
      const { endpoints } = storesOf(process);
      const audit = auditOf(process);
      const newEventId = (): string => `${process.name} event`;
      return createAdministration({ directory, endpoints, audit, clock, nudge: pass, newEventId });
    };

    return {
      life,
      administer(adminId, wish) {
        const process = part(wish.kind, adminId);
        run(process, async () => {
          const { kind } = await carryOut(administration(process), administrator(adminId), wish);
          const connectionId = wish.kind === 'terminate' ? wish.connectionId : null;
          deps.actTold({
            kind: 'act-told',
            process,
            action: wish.kind,
            outcome: kind,
            connectionId,
          });
        });
      },
      request(personId, minutes) {
        const process = part('request', personId);
        run(process, async () => {
          const service = leaseService(process);
          const outcome = await service.request(principal(personId), endpointId, minutes);
          if (outcome.kind === 'confirmed') deps.told(outcome.lease);
          if (outcome.kind === 'held-off') deps.refused(process);
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
    scheduledRun(name, kind, ended) {
      const process = newProcess({ name, kind, life: { alive: true } });
      run(process, () => reconcilerOf(process).passAll(), ended);
    },
  };

  function carryOut(
    administration: Administration,
    who: Principal,
    wish: AdministratorsWish,
  ): Promise<ActOutcome> {
    switch (wish.kind) {
      case 'hold': {
        const until = minutesAfter(clock.now(), wish.minutes);
        const reason = `for ${wish.minutes} minutes`;
        return administration.hold(who, endpointId, { kind: wish.wish, until, reason });
      }
      case 'release-hold':
        return administration.releaseHold(who, endpointId);
      case 'stop':
        return administration.stop(who, endpointId);
      case 'terminate':
        return administration.terminate(who, endpointId, wish.connectionId);
    }
  }
}

function principal(id: string): Principal {
  return { id, name: id, groups: [], capabilities: new Set(['endpoint:use']) };
}

const roles = { adminGroups: ['administrators'], auditorGroups: [] };

function administrator(id: string): Principal {
  const groups = roles.adminGroups;
  return { id, name: id, groups, capabilities: capabilitiesOf(groups, roles) };
}
