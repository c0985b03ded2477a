import type { Clock } from '../clock.ts';
import { secondsAfter, secondsBetween } from '../clock.ts';
import { passSpacingSeconds } from '../lease/endpoint-record.ts';
import type { SubnetCheck } from '../lease/endpoint-record.ts';
import type { EndpointStore, LoadedEndpoint, PassKey } from '../lease/endpoint-store.ts';
import { PassLostError } from '../lease/endpoint-store.ts';
import { heldUntil } from '../lease/lease.ts';
import type { Log } from '../log.ts';
import type { Catalogue, CatalogueStore } from '../vpn/catalogue.ts';
import type { ClientVpn } from '../vpn/client-vpn.ts';
import type { Endpoint } from '../vpn/endpoint.ts';
import { isManaged } from '../vpn/endpoint.ts';
import type { EndpointId, SubnetId } from '../vpn/ids.ts';
import type { CompleteObservation, Observation } from '../vpn/observation.ts';
import { parsePolicy } from '../vpn/policy.ts';
import type { Policy } from '../vpn/policy.ts';
import { checkSubnets } from '../vpn/subnet.ts';
import { createActor } from './act.ts';
import { decide } from './decide.ts';
import { findingsOf } from './findings.ts';
import { awsProblem, observe } from './observe.ts';

/** Makes true what leases ask for: one look at an endpoint, one decision, one kind of act. */
export interface Reconciler {
  /**
   * Passes an endpoint if a pass is due and nobody else is at it, which is decided in the store: it
   * may be called as often as one likes, from as many processes as there are.
   *
   * @returns whether this call did the pass
   */
  pass(endpointId: EndpointId): Promise<boolean>;

  /**
   * The schedule's run: lists the endpoints, then passes every managed one. One that fails does not
   * stop the others.
   *
   * @throws {AggregateError} at the end, with everything that failed, so that alarms fire
   */
  passAll(): Promise<void>;

  /** Lists the managed endpoints again, if no other process is at it. */
  refreshCatalogue(): Promise<void>;
}

export interface ReconcilerDependencies {
  readonly clientVpn: ClientVpn;
  readonly endpoints: EndpointStore;
  readonly catalogue: CatalogueStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  /** False in the portal: only the scheduled reconciler's role may disassociate. */
  readonly mayDisassociate: boolean;
}

/** Longer than any pass lasts: a process that dies in one keeps the others away no longer. */
const claimSeconds = 30;
/** A pass that has taken this long starts nothing new: its claim may be gone by the time AWS hears. */
const actWithinSeconds = 20;
const catalogueClaimSeconds = 15;
/** Before a start the subnets are looked up again, unless they just were. */
const subnetCheckLastsSeconds = 5 * 60;
const concurrentPasses = 4;

export function createReconciler(deps: ReconcilerDependencies): Reconciler {
  const { catalogue, clientVpn, clock, endpoints, log } = deps;
  const act = createActor(deps);

  async function claim(pass: PassKey): Promise<LoadedEndpoint | null> {
    const at = clock.now();
    const record = await endpoints.claimPass({
      ...pass,
      at,
      claimedUntil: secondsAfter(at, claimSeconds),
      notIfPassedSince: secondsAfter(at, -passSpacingSeconds),
    });
    if (record === null) return null;
    // The leases after the record: a request stores its lease first and raises the revision after,
    // so one that is missing here raises it beyond the one that the intent to stop insists on.
    const { leases } = await endpoints.load(pass.endpointId);
    return { record, leases };
  }

  async function passEndpoint(
    endpointId: EndpointId,
    readEndpoint: () => Promise<Endpoint | null>,
  ): Promise<boolean> {
    const pass: PassKey = { endpointId, passId: deps.newId() };
    const claimed = await claim(pass);
    if (claimed === null) return false;
    const startedAt = clock.now();
    const reading = await read(claimed, readEndpoint);
    if (reading === null) {
      log.warn({ endpointId }, 'endpoint is gone or no longer managed');
      return true;
    }
    const { observation, policy, subnetCheck } = reading;
    const now = clock.now();
    const decision = decide({
      now,
      policy,
      record: claimed.record,
      leases: claimed.leases,
      observation,
      subnetProblems: subnetCheck?.problems ?? [],
      mayDisassociate: deps.mayDisassociate,
      newStartId: deps.newId(),
    });
    try {
      const acted = await act({
        pass,
        record: claimed.record,
        decision,
        deadline: secondsAfter(startedAt, actWithinSeconds),
      });
      const findings = findingsOf(
        claimed.record,
        observation,
        acted.decision,
        acted.intent,
        subnetCheck,
        now,
      );
      await endpoints.recordPass(pass, findings);
      logPass(endpointId, claimed, acted.decision, acted.outcome, startedAt);
    } catch (error) {
      if (!(error instanceof PassLostError)) throw error;
      // Whoever came first has a newer view; what this pass asked of AWS, the next one finds.
      log.info({ endpointId, doing: error.message }, 'pass given up');
    }
    return true;
  }

  interface Reading {
    readonly observation: Observation;
    readonly policy: ReturnType<typeof parsePolicy>;
    readonly subnetCheck: SubnetCheck | null;
  }

  async function read(
    claimed: LoadedEndpoint,
    readEndpoint: () => Promise<Endpoint | null>,
  ): Promise<Reading | null> {
    const { record } = claimed;
    let endpoint: Endpoint | null;
    try {
      endpoint = await readEndpoint();
    } catch (error) {
      const observation = { complete: false, at: clock.now(), problem: awsProblem(error) } as const;
      // Without the tags there is no policy; an incomplete observation is decided before it is read.
      const policy = { ok: false, name: '', groups: [], problems: [] } as const;
      return { observation, policy, subnetCheck: record.subnetCheck };
    }
    if (endpoint === null || !isManaged(endpoint)) return null;
    const policy = parsePolicy(endpoint);
    const observation = await observe(clientVpn, endpoint, clock);
    if (!observation.complete || !policy.ok) {
      return { observation, policy, subnetCheck: record.subnetCheck };
    }
    try {
      const subnetCheck = needsSubnetCheck(claimed, policy.policy, observation, clock.now())
        ? await lookUpSubnets(policy.policy, observation)
        : record.subnetCheck;
      return { observation, policy, subnetCheck };
    } catch (error) {
      const incomplete = { complete: false, at: clock.now(), problem: awsProblem(error) } as const;
      return { observation: incomplete, policy, subnetCheck: record.subnetCheck };
    }
  }

  async function lookUpSubnets(
    policy: Policy,
    observation: CompleteObservation,
  ): Promise<SubnetCheck> {
    const found = await clientVpn.findSubnets(policy.subnets);
    // A subnet that is associated has given its addresses already.
    const problems = checkSubnets(policy.subnets, found).filter(
      ({ code, subnetId }) => code !== 'too-few-addresses' || !isPresent(observation, subnetId),
    );
    return { at: clock.now(), subnets: policy.subnets, problems };
  }

  async function listManaged(): Promise<Catalogue> {
    const readAt = clock.now();
    const listed = await clientVpn.listEndpoints();
    const listing = { readAt, endpoints: listed.filter(isManaged) };
    await catalogue.put(listing);
    return listing;
  }

  function logPass(
    endpointId: EndpointId,
    { record }: LoadedEndpoint,
    decision: ReturnType<typeof decide>,
    outcome: string,
    startedAt: Date,
  ): void {
    const { reason, state } = decision;
    const fields = {
      endpointId,
      state,
      before: record.lastPass?.state ?? null,
      reason: reason.code,
      ...('problem' in reason ? { problem: reason.problem } : {}),
      action: decision.action.kind,
      outcome,
      lookAgainAt: decision.lookAgainAt.toISOString(),
      seconds: secondsBetween(startedAt, clock.now()),
    };
    log.info(fields, 'pass');
  }

  return {
    pass: (endpointId) => passEndpoint(endpointId, () => clientVpn.findEndpoint(endpointId)),

    async passAll() {
      const failures: unknown[] = [];
      const listing = await listManaged();
      const waiting = [...listing.endpoints];
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const endpoint = next;
          try {
            await passEndpoint(endpoint.id, () => Promise.resolve(endpoint));
          } catch (error) {
            failures.push(new Error(`passing the endpoint ${endpoint.id}`, { cause: error }));
          }
        }
      };
      await Promise.all(Array.from({ length: concurrentPasses }, worker));
      if (failures.length > 0) {
        throw new AggregateError(failures, `${failures.length} endpoints could not be passed`);
      }
    },

    async refreshCatalogue() {
      const at = clock.now();
      const claimedUntil = secondsAfter(at, catalogueClaimSeconds);
      if (await catalogue.claimListing({ at, claimedUntil })) await listManaged();
    },
  };
}

/**
 * The subnets are looked up when the tag has changed, when something was wrong with them, and
 * before a start; not in every pass, since an endpoint that is off costs one call as it is.
 */
function needsSubnetCheck(
  { leases, record }: LoadedEndpoint,
  policy: Policy,
  observation: CompleteObservation,
  now: Date,
): boolean {
  const { subnetCheck } = record;
  if (policy.subnets.every((subnetId) => isPresent(observation, subnetId))) return false;
  if (subnetCheck === null || subnetCheck.problems.length > 0) return true;
  if (subnetCheck.subnets.join() !== policy.subnets.join()) return true;
  const wanted = heldUntil(leases, now) !== null;
  return wanted && secondsBetween(subnetCheck.at, now) > subnetCheckLastsSeconds;
}

/** AWS lists an association for a while after it is gone. */
function isPresent({ associations }: CompleteObservation, wanted: SubnetId): boolean {
  return associations.some(
    ({ status, subnetId }) => subnetId === wanted && status !== 'disassociated',
  );
}
