import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import type { EndpointRecord, RulesCheck, SubnetCheck } from '../lease/endpoint-record.ts';
import type { LoadedEndpoint } from '../lease/endpoint-store.ts';
import { wantedOn } from '../lease/hold.ts';
import type { PauseStore } from '../lease/pause-store.ts';
import type { Log } from '../log.ts';
import { unobservedBy } from '../usage/record-usage.ts';
import type { ClientVpn } from '../vpn/client-vpn.ts';
import type { Endpoint } from '../vpn/endpoint.ts';
import { isManaged } from '../vpn/endpoint.ts';
import type { SubnetId } from '../vpn/ids.ts';
import type { CompleteObservation, Observation } from '../vpn/observation.ts';
import { parsePolicy } from '../vpn/policy.ts';
import type { ParsedPolicy, Policy } from '../vpn/policy.ts';
import { checkSubnets } from '../vpn/subnet.ts';
import { awsProblem, observe } from './observe.ts';
import { notPaused, readPausing } from './pausing.ts';
import type { Pausing } from './pausing.ts';
import { presentAssociations } from './readable.ts';

/** What a pass knows before it decides: of AWS, of the endpoint's own tags, and of a pause. */
export interface Reading {
  readonly observation: Observation;
  readonly policy: ParsedPolicy;
  readonly subnetCheck: SubnetCheck | null;
  readonly pausing: Pausing;
}

/** Reads for a pass what AWS says of one endpoint, and no more of it than is needed. */
export interface Reader {
  /** @returns `null` for an endpoint that is gone or no longer managed */
  read(
    loaded: LoadedEndpoint,
    readEndpoint: () => Promise<Endpoint | null>,
  ): Promise<Reading | null>;

  /**
   * How many authorization rules there are, counted now and then while the endpoint can be used.
   * Nothing is decided by them: where they cannot be read, the last count stands.
   */
  countRules(record: EndpointRecord, observation: Observation): Promise<RulesCheck | null>;
}

export interface ReaderDependencies {
  readonly clientVpn: ClientVpn;
  readonly pauses: Pick<PauseStore, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Before a start, and while something is wrong with them, the subnets are looked up so often. */
const subnetCheckLastsSeconds = 5 * 60;
/** They are an administrator's to write, and seldom change. */
const rulesCheckLastsSeconds = 15 * 60;

export function createReader(deps: ReaderDependencies): Reader {
  const { clientVpn, clock, log } = deps;

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

  async function readAws(
    loaded: LoadedEndpoint,
    readEndpoint: () => Promise<Endpoint | null>,
  ): Promise<Omit<Reading, 'pausing'> | null> {
    const { subnetCheck } = loaded.record;
    let endpoint: Endpoint | null;
    try {
      endpoint = await readEndpoint();
    } catch (error) {
      const observation = {
        complete: false,
        at: clock.now(),
        problem: awsProblem(error),
      } as const;
      // Without the tags there is no policy; an incomplete observation is decided before it is read.
      const policy = { ok: false, name: '', groups: [], problems: [] } as const;
      return { observation, policy, subnetCheck };
    }
    if (endpoint === null || !isManaged(endpoint)) return null;
    const policy = parsePolicy(endpoint);
    const { usage } = loaded.record;
    // It may have been on while nobody looked, and off again.
    const mayHaveEnded = usage.connectionsOpen || unobservedBy(usage, clock.now()) !== null;
    const observation = await observe(clientVpn, endpoint, clock, mayHaveEnded);
    if (!observation.complete || !policy.ok) return { observation, policy, subnetCheck };
    try {
      const isNeeded = needsSubnetCheck(loaded, policy.policy, observation, clock.now());
      return {
        observation,
        policy,
        subnetCheck: isNeeded ? await lookUpSubnets(policy.policy, observation) : subnetCheck,
      };
    } catch (error) {
      const problem = awsProblem(error);
      const incomplete = { complete: false, at: clock.now(), problem } as const;
      return { observation: incomplete, policy, subnetCheck };
    }
  }

  return {
    async read(loaded, readEndpoint) {
      const reading = await readAws(loaded, readEndpoint);
      if (reading === null) return null;
      const { observation } = reading;
      // Last, so that it is as new as can be; and not at all where there is nothing to stop.
      const mayStop = observation.complete && presentAssociations(observation).length > 0;
      return { ...reading, pausing: mayStop ? await readPausing(deps) : notPaused };
    },

    async countRules({ endpointId, rulesCheck }, observation) {
      const isUsable =
        observation.complete &&
        observation.associations.some(({ status }) => status === 'associated');
      const at = clock.now();
      const isFresh =
        rulesCheck !== null && secondsBetween(rulesCheck.at, at) < rulesCheckLastsSeconds;
      if (!isUsable || isFresh) return rulesCheck;
      try {
        return { at, count: await clientVpn.countAuthorizationRules(endpointId) };
      } catch (error) {
        log.warn({ endpointId, problem: awsProblem(error) }, 'authorization rules not counted');
        return rulesCheck;
      }
    },
  };
}

/**
 * The subnets are looked up when the tag has changed, before a start, and now and then while
 * something is wrong with them; in every pass only while that keeps somebody waiting, since an
 * endpoint that is off costs one call as it is.
 */
function needsSubnetCheck(
  { leases, record }: LoadedEndpoint,
  policy: Policy,
  observation: CompleteObservation,
  now: Date,
): boolean {
  const { subnetCheck } = record;
  if (policy.subnets.every((subnetId) => isPresent(observation, subnetId))) return false;
  if (subnetCheck === null || subnetCheck.subnets.join() !== policy.subnets.join()) return true;
  const isWrong = subnetCheck.problems.length > 0;
  const isWanted = wantedOn(record, leases, now) !== null;
  if (isWrong && isWanted) return true;
  const isOld = secondsBetween(subnetCheck.at, now) > subnetCheckLastsSeconds;
  return (isWrong || isWanted) && isOld;
}

/** AWS lists an association for a while after it is gone. */
function isPresent({ associations }: CompleteObservation, wanted: SubnetId): boolean {
  return associations.some(
    ({ status, subnetId }) => subnetId === wanted && status !== 'disassociated',
  );
}
