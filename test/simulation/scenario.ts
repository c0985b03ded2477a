import { parseEndpointId, parseSubnetId } from '../../src/vpn/ids.ts';
import type { EndpointId, SubnetId } from '../../src/vpn/ids.ts';
import type { Call } from './call.ts';
import type { Fault, WeatherRates } from './weather.ts';

/** One simulated week: the set-up and everything that comes from outside, in milliseconds. */
export interface Scenario {
  readonly seed: number;
  /** In epoch milliseconds. */
  readonly startsAt: number;
  readonly lastsMs: number;
  readonly endpoint: EndpointSetUp;
  readonly portals: number;
  /** In the order of their time. */
  readonly events: readonly WorldEvent[];
}

export interface EndpointSetUp {
  readonly id: EndpointId;
  readonly subnets: readonly SubnetId[];
  readonly idleGraceMinutes: number;
  readonly leaseMinutes: readonly number[];
  /** A connection that has moved nothing for so long does not count; `null` where all do. */
  readonly silentMinutes: number | null;
  /** The latest hour as in its tag, such as `22:00 Asia/Tokyo`; `null` where there is none. */
  readonly offAt: string | null;
  readonly offAtCutsOff: boolean;
  readonly associateSeconds: number;
  readonly routeSeconds: number;
  readonly disassociateSeconds: number;
  /** What its client connect handler does when it cannot tell; `none` where it has none. */
  readonly connectHandler: 'none' | 'allow' | 'deny';
}

export type WorldEvent = { readonly atMs: number } & WorldAct;

export type WorldAct =
  | { readonly kind: 'request'; person: string; portal: number; minutes: number; moment?: Moment }
  | { readonly kind: 'release'; person: string; portal: number }
  | { readonly kind: 'look'; portal: number }
  | { readonly kind: 'connect'; person: string; moment?: Moment }
  | { readonly kind: 'disconnect'; person: string }
  /** The counters of the person's connection stand still from now on, or move again. */
  | { readonly kind: 'silence'; person: string; silent: boolean }
  | {
      readonly kind: 'hold';
      admin: string;
      portal: number;
      wish: 'on' | 'off';
      minutes: number;
      moment?: Moment;
    }
  | { readonly kind: 'release-hold'; admin: string; portal: number; moment?: Moment }
  | { readonly kind: 'stop'; admin: string; portal: number; moment?: Moment }
  /** Ends one of the connections there are, or the last one that is gone. */
  | { readonly kind: 'terminate'; admin: string; portal: number; nth: number; moment?: Moment }
  /** Nothing stops by itself from now on, for so long. */
  | { readonly kind: 'pause'; minutes: number }
  | { readonly kind: 'resume' }
  /** A run of a schedule that is to say what it would do. */
  | { readonly kind: 'dry-run' }
  | { readonly kind: 'console-associate'; subnet: number }
  | { readonly kind: 'console-disassociate'; subnet: number; moment?: Moment }
  | { readonly kind: 'console-add-route'; destinationCidr: string; subnet: number }
  | { readonly kind: 'console-delete-route'; nth: number }
  | { readonly kind: 'slow-association'; subnet: number; seconds: number }
  | { readonly kind: 'failing-association'; subnet: number; times: number }
  /** The next call of this kind goes wrong so. */
  | { readonly kind: 'trip'; operation: Call['operation']; fault: Fault; moment?: Moment }
  | { readonly kind: 'kill'; portal: number }
  | { readonly kind: 'weather'; untilMs: number; rates: WeatherRates };

/** The worst moments: the act waits, for up to half a day, until a process has come to this point. */
export const moments = [
  'idle-and-read',
  'stop-intent-asked-for',
  'stop-intent-written',
  'second-look-asked-for',
  'second-look-read',
  'stop-asked-for',
  'stop-begun',
  'associated-once',
  'routes-in-creation',
] as const;
export type Moment = (typeof moments)[number];

export const weekMs = 7 * 24 * 60 * 60_000;

export function endpointIdOf(digit: string): EndpointId {
  return parsed(parseEndpointId(`cvpn-endpoint-0${digit.repeat(16)}`));
}

export function subnetIdOf(digit: string): SubnetId {
  return parsed(parseSubnetId(`subnet-0${digit.repeat(16)}`));
}

function parsed<Id>(id: Id | null): Id {
  if (id === null) throw new Error('the simulation has made an id that is none');
  return id;
}
