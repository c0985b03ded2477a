import type { Random } from './random.ts';

/** How often what goes wrong, each a probability per call, unless something else is said. */
export interface WeatherRates {
  /** Throttled: nothing has happened, and AWS says so. */
  readonly throttled: number;
  /** A 5xx; of a change, before it took effect or after. */
  readonly serverError: number;
  /** No answer; of a change, before it took effect, after, or shortly before it does. */
  readonly timeOut: number;
  /** AWS answers a reading with a state of up to 30 seconds ago. */
  readonly stale: number;
  /** The same request is made twice, the first answer being lost, as the SDK does. */
  readonly twice: number;
  /** AWS is busy with another operation on the endpoint. */
  readonly busy: number;
  /** The process ends in the middle of the call, and the call has its effect or has not. */
  readonly killed: number;
  readonly slow: number;
  /** The role has lost its permission. */
  readonly notAllowed: number;
  /** The table does not answer, before its effect or after. */
  readonly storeError: number;
  /** Per delivery of the schedule. */
  readonly lostDelivery: number;
  readonly doubledDelivery: number;
  readonly lateDelivery: number;
}

export const calm: WeatherRates = {
  throttled: 0,
  serverError: 0,
  timeOut: 0,
  stale: 0,
  twice: 0,
  busy: 0,
  killed: 0,
  slow: 0,
  notAllowed: 0,
  storeError: 0,
  lostDelivery: 0,
  doubledDelivery: 0,
  lateDelivery: 0,
};

/** What becomes of one call. */
export interface Verdict {
  readonly fault: Fault;
  /** From the request to its effect. */
  readonly effectMs: number;
  /** From the request to its answer; of a killed process, to its end. */
  readonly answerMs: number;
  /** How much older than the effect the state is that a reading answers. */
  readonly staleMs: number;
}

export type Fault =
  | 'none'
  | 'slow'
  | 'stale'
  | 'throttled'
  | 'busy'
  | 'not-allowed'
  | 'error-before'
  | 'error-after'
  | 'time-out-before'
  | 'time-out-after'
  /** The caller has given up before the effect comes. */
  | 'time-out-then-effect'
  | 'twice'
  | 'killed-before'
  | 'killed-after';

const longestStaleMs = 30_000;
const timeOutMs = 10_000;

/** What goes wrong with a call, if anything does, and when its effect and its answer come. */
export function judge(
  random: Random,
  rates: WeatherRates,
  call: { readonly service: 'ec2' | 'dynamodb'; readonly changes: boolean },
  forced: Fault | null,
): Verdict {
  const usual = call.service === 'ec2' ? random.whole(40, 600) : random.whole(2, 20);
  const effectMs = Math.ceil(usual * random.next());
  const fault = forced ?? (rates === calm ? 'none' : faultIn(random, rates, call));
  const verdict = { fault, effectMs, answerMs: usual, staleMs: 0 };
  switch (fault) {
    case 'slow': {
      const answerMs = random.whole(1_000, call.service === 'ec2' ? 40_000 : 8_000);
      return { ...verdict, effectMs: Math.ceil(answerMs * random.next()), answerMs };
    }
    case 'stale':
      return { ...verdict, staleMs: random.whole(1_000, longestStaleMs) };
    case 'twice':
      return { ...verdict, answerMs: usual + random.whole(100, 1_000) };
    case 'time-out-before':
    case 'time-out-after':
      return { ...verdict, answerMs: timeOutMs + random.whole(0, timeOutMs) };
    case 'time-out-then-effect': {
      const answerMs = timeOutMs + random.whole(0, timeOutMs);
      return { ...verdict, answerMs, effectMs: answerMs + random.whole(1, 3_000) };
    }
    case 'none':
    case 'throttled':
    case 'busy':
    case 'not-allowed':
    case 'error-before':
    case 'error-after':
    case 'killed-before':
    case 'killed-after':
      return verdict;
  }
}

function faultIn(
  random: Random,
  rates: WeatherRates,
  call: { readonly service: 'ec2' | 'dynamodb'; readonly changes: boolean },
): Fault {
  const half = random.chance(0.5);
  const mayBeDone = call.changes && half;
  if (random.chance(rates.killed)) return half ? 'killed-before' : 'killed-after';
  if (random.chance(rates.slow)) return 'slow';
  if (random.chance(rates.twice) && call.changes) return 'twice';
  if (call.service === 'dynamodb') {
    if (random.chance(rates.storeError)) return mayBeDone ? 'error-after' : 'error-before';
    return 'none';
  }
  if (random.chance(rates.throttled)) return 'throttled';
  if (random.chance(rates.notAllowed)) return 'not-allowed';
  if (random.chance(rates.serverError)) return mayBeDone ? 'error-after' : 'error-before';
  if (random.chance(rates.timeOut)) {
    if (!mayBeDone) return 'time-out-before';
    return random.chance(0.7) ? 'time-out-after' : 'time-out-then-effect';
  }
  if (call.changes) return random.chance(rates.busy) ? 'busy' : 'none';
  return random.chance(rates.stale) ? 'stale' : 'none';
}
