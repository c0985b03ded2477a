import { secondsAfter } from '../../src/clock.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { createReconciler } from '../../src/reconcile/reconciler.ts';
import type { Reconciler, ReconcilerDependencies } from '../../src/reconcile/reconciler.ts';
import { createUsageRecorder } from '../../src/usage/usage-recorder.ts';
import type { ClientVpn, ClientVpnErrorKind } from '../../src/vpn/client-vpn.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { parseVpcId } from '../../src/vpn/ids.ts';
import type { Subnet } from '../../src/vpn/subnet.ts';
import {
  aLease,
  alice,
  anEndpoint,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import { aPass, ago, seenFrom } from '../builders/endpoint-record.ts';
import { anAssociation, anOnObservation, anotherAssociation } from '../builders/observation.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { anAwsError, createScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import type { ScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.ts';
import type { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { createMemoryUsageStore } from '../fakes/memory-usage-store.ts';
import type { MemoryUsageStore } from '../fakes/memory-usage-store.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

export const id = sampleIds.endpoint;
export const refuse = () => Promise.reject(anAwsError());
export const refuseAs = (kind: ClientVpnErrorKind) => () => Promise.reject(anAwsError(kind));

export function tags(
  subnetIds: string,
  more: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  const all = { 'vpn-portal:managed': 'true', 'vpn-portal:subnets': subnetIds, ...more };
  return new Map(Object.entries(all));
}

export const bothSubnets = `${sampleIds.subnetA} ${sampleIds.subnetB}`;
export const managed = anEndpoint({ tags: tags(bothSubnets) });
export const other = { ...managed, id: sampleIds.otherEndpoint };

function subnet(overrides: Partial<Subnet>): Subnet {
  const vpcId = parseVpcId('vpc-0123456789abcdef0');
  if (vpcId === null) throw new Error('a sample id does not parse');
  return {
    id: sampleIds.subnetA,
    vpcId,
    cidr: '10.0.1.0/24',
    availabilityZone: 'a',
    availableAddresses: 200,
    ...overrides,
  };
}

export const subnets = [subnet({}), subnet({ id: sampleIds.subnetB, availabilityZone: 'c' })];

/** AWS's answers for endpoints with both networks associated. */
export function on(...connections: readonly Connection[]): Partial<ClientVpn> {
  return {
    listAssociations: () => Promise.resolve([anAssociation(), anotherAssociation()]),
    listConnections: () => Promise.resolve(connections),
  };
}

/** The reconciler over tables in memory and an AWS that answers as it is told. */
export interface ReconcilerUnderTest {
  readonly clock: StoppedClock;
  readonly log: RecordingLog;
  readonly stores: MemoryStores;
  readonly audit: MemoryAuditLog;
  readonly usage: MemoryUsageStore;
  /** That of the reconciler that was made last. */
  clientVpn(): ScriptedClientVpn;
  /** The schedule's, unless said otherwise. */
  reconcilerOver(answers?: Partial<ClientVpn>, deps?: Partial<ReconcilerDependencies>): Reconciler;
  record(): EndpointRecord;
  /** Somebody asks for the endpoint now. */
  request(): Promise<void>;
  /** A pass was recorded a minute ago, and the next one is due. */
  recorded(found: Partial<EndpointRecord>, endpointId?: EndpointId): Promise<void>;
  /** On for two hours, and nobody needs it: the time to stop has come. */
  idle(found?: Partial<EndpointRecord>, endpointId?: EndpointId): Promise<void>;
}

export function createReconcilerUnderTest(): ReconcilerUnderTest {
  const clock = createStoppedClock();
  const log = createRecordingLog();
  const stores = createMemoryStores();
  const audit = createMemoryAuditLog();
  const usage = createMemoryUsageStore({
    clock,
    retention: { recordDays: 400, totalDays: 400 },
  });
  let clientVpn = createScriptedClientVpn();
  let idsGiven = 0;

  async function recorded(found: Partial<EndpointRecord>, endpointId = id): Promise<void> {
    const pass = { endpointId, passId: 'before' };
    const at = secondsAfter(clock.now(), -60);
    const claimedUntil = secondsAfter(at, 30);
    await stores.endpoints.claimPass({ ...pass, at, claimedUntil, notIfPassedSince: at });
    await stores.endpoints.recordPass(pass, {
      ...newEndpointRecord(endpointId),
      ...found,
      revision: stores.peek(endpointId).record.revision,
      nextPassAt: clock.now(),
    });
  }

  return {
    clock,
    log,
    stores,
    audit,
    usage,
    recorded,
    clientVpn: () => clientVpn,
    reconcilerOver(answers = {}, deps = {}) {
      clientVpn = createScriptedClientVpn({
        findEndpoint: () => Promise.resolve(managed),
        listEndpoints: () => Promise.resolve([managed]),
        findSubnets: () => Promise.resolve(subnets),
        ...answers,
      });
      return createReconciler({
        clientVpn,
        endpoints: stores.endpoints,
        catalogue: stores.catalogue,
        pauses: stores.pauses,
        audit,
        usage: createUsageRecorder({ store: usage, log }),
        clock,
        log,
        newId: () => `id-${(idsGiven += 1)}`,
        mode: 'schedule',
        ...deps,
      });
    },
    record: () => stores.peek(id).record,
    async request() {
      const lease = { ...aLease(alice, 30), requestedAt: sampleNow, askedAt: clock.now() };
      await stores.leases.extend(lease, null);
      await stores.endpoints.noteRequest(id, clock.now());
    },
    idle: (found = {}, endpointId = id) =>
      recorded(
        {
          onSince: ago(120),
          lastPass: aPass({
            state: 'on',
            reason: { code: 'idle-grace', stopAt: sampleNow },
            seen: seenFrom(anOnObservation({ at: ago(1) })),
          }),
          ...found,
        },
        endpointId,
      ),
  };
}
