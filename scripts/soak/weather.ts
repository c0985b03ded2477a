import { randomOf } from '../../test/simulation/random.ts';
import type { Fault, Faults, FaultyService } from '../local/faults.ts';

/** What goes wrong with the calls to AWS, and when. */
export interface Weather extends Faults {
  /** Sets in; it lets up when another one does. */
  change(front: Front): void;
  /** When a fault was last given, in epoch milliseconds; 0 before the first. */
  lastFaultAt(): number;
  /** How many calls there were, faulty ones included. */
  calls(): number;
  /** The last fault of a service, in epoch milliseconds; 0 before the first. */
  lastFaultOf(service: FaultyService): number;
}

/** A time in which something goes wrong; `fair`: nothing does. */
export type Front =
  | { readonly kind: 'fair' | 'drizzle' | 'ec2-busy' | 'table-down' | 'events-down' }
  | { readonly kind: 'one-action'; readonly action: string };

export interface WeatherDependencies {
  readonly seed: number;
  readonly now: () => number;
  /** Hears of every call before it has its effect. */
  readonly onCall: (service: FaultyService, action: string) => void;
  readonly onFault: (fault: Fault) => void;
}

type Kind = Pick<Fault, 'code' | 'status' | 'effect'>;

/** The actions of EC2 that the product uses, for times in which one of them alone fails. */
export const ec2Actions = [
  'AssociateClientVpnTargetNetwork',
  'CreateClientVpnRoute',
  'DescribeClientVpnAuthorizationRules',
  'DescribeClientVpnConnections',
  'DescribeClientVpnEndpoints',
  'DescribeClientVpnRoutes',
  'DescribeClientVpnTargetNetworks',
  'DescribeSubnets',
  'DisassociateClientVpnTargetNetwork',
  'ExportClientVpnClientConfiguration',
  'TerminateClientVpnConnections',
] as const;

const noAnswer: readonly Kind[] = [
  { code: 'ConnectionReset', status: 500, effect: 'before' },
  { code: 'ConnectionReset', status: 500, effect: 'after' },
  { code: 'Timeout', status: 500, effect: 'before' },
  { code: 'Timeout', status: 500, effect: 'after' },
];
const kindsOf: Partial<Record<FaultyService, readonly Kind[]>> = {
  ec2: [
    { code: 'RequestLimitExceeded', status: 503, effect: 'before' },
    { code: 'InternalError', status: 500, effect: 'before' },
    { code: 'Unavailable', status: 503, effect: 'after' },
    ...noAnswer,
  ],
  dynamodb: [
    { code: 'ProvisionedThroughputExceededException', status: 400, effect: 'before' },
    { code: 'ThrottlingException', status: 400, effect: 'before' },
    { code: 'InternalServerError', status: 500, effect: 'before' },
    { code: 'InternalServerError', status: 500, effect: 'after' },
    ...noAnswer,
  ],
  events: [
    { code: 'ThrottlingException', status: 400, effect: 'before' },
    { code: 'InternalException', status: 500, effect: 'before' },
    { code: 'InternalException', status: 500, effect: 'after' },
    { code: 'FailedEntries', status: 200, effect: 'before' },
    ...noAnswer,
  ],
};

/** An action of which so few have failed fails more often, so that each is met. */
const fewFaults = 8;
const whereFew = 0.3;
/** Whoever waits for no answer waits in earnest, so that there are only so many in a day. */
const mostHangsPerDay = 12;
const dayMs = 24 * 60 * 60_000;

export function createWeather(deps: WeatherDependencies): Weather {
  const random = randomOf(`${deps.seed} weather`);
  const faultsOf = new Map<string, number>();
  const decks = new Map<string, Kind[]>();
  const lastOf = new Map<FaultyService, number>();
  let front: Front = { kind: 'fair' };
  let calls = 0;
  let hangsOfDay = { day: 0, hangs: 0 };

  function probability(service: FaultyService, action: string): number {
    const usual = usualProbability(service, action);
    const few = (faultsOf.get(`${service} ${action}`) ?? 0) < fewFaults;
    return front.kind !== 'fair' && few ? Math.max(usual, whereFew) : usual;
  }

  function usualProbability(service: FaultyService, action: string): number {
    switch (front.kind) {
      case 'fair':
        return 0;
      case 'drizzle':
        return 0.05;
      case 'ec2-busy':
        return service === 'ec2' ? 0.6 : 0.01;
      case 'table-down':
        return service === 'dynamodb' ? 0.45 : 0.01;
      case 'events-down':
        return service === 'events' ? 0.9 : 0.01;
      case 'one-action':
        return action === front.action ? 0.9 : 0.01;
    }
  }

  /** Every kind comes once before one comes again. */
  function next(service: FaultyService, action: string): Kind | undefined {
    const kinds = kindsOf[service] ?? [];
    if (front.kind === 'ec2-busy' && service === 'ec2' && random.chance(0.8)) return kinds[0];
    const key = `${service} ${action}`;
    let deck = decks.get(key) ?? [];
    if (deck.length === 0) {
      deck = kinds.filter(({ code }) => code !== 'FailedEntries' || action === 'PutEvents');
    }
    const [kind] = deck.splice(random.whole(0, deck.length - 1), 1);
    decks.set(key, deck);
    if (kind?.code !== 'Timeout') return kind;
    const day = Math.floor(deps.now() / dayMs);
    if (hangsOfDay.day !== day) hangsOfDay = { day, hangs: 0 };
    hangsOfDay.hangs += 1;
    return hangsOfDay.hangs > mostHangsPerDay ? { ...kind, code: 'ConnectionReset' } : kind;
  }

  return {
    change(changed) {
      front = changed;
    },
    lastFaultAt: () => Math.max(0, ...lastOf.values()),
    lastFaultOf: (service) => lastOf.get(service) ?? 0,
    calls: () => calls,
    take(service, action) {
      calls += 1;
      deps.onCall(service, action);
      if (!random.chance(probability(service, action))) return undefined;
      const kind = next(service, action);
      if (kind === undefined) return undefined;
      const key = `${service} ${action}`;
      faultsOf.set(key, (faultsOf.get(key) ?? 0) + 1);
      lastOf.set(service, deps.now());
      const fault = { service, action, ...kind, times: 1 };
      deps.onFault(fault);
      return fault;
    },
    // Nobody plans a fault here: they come as the weather is.
    add: () => undefined,
    clear() {
      front = { kind: 'fair' };
    },
    pending: () => [],
  };
}
