import { minuteMs } from './properties/property.ts';
import { randomOf } from './random.ts';
import type { Random } from './random.ts';
import { endpointIdOf, moments, subnetIdOf, weekMs } from './scenario.ts';
import type { Scenario, WorldAct, WorldEvent } from './scenario.ts';
import { calm } from './weather.ts';
import type { WeatherRates } from './weather.ts';

const people = ['alice', 'bob', 'carol', 'dave'] as const;
const subnetDigits = ['a', 'b', 'c'];
const leaseMinutes = [5, 30, 60] as const;

type Trip = Pick<Extract<WorldAct, { kind: 'trip' }>, 'operation' | 'fault'>;

/** Single faults, each where it hurts most. */
const tripsToChooseFrom: readonly [Trip, ...Trip[]] = [
  { operation: 'associate', fault: 'time-out-after' },
  ...trips(
    ['associate', 'create-route', 'disassociate'],
    [
      'time-out-before',
      'time-out-after',
      'time-out-then-effect',
      'twice',
      'busy',
      'killed-before',
      'killed-after',
      'slow',
    ],
  ),
  ...trips(
    ['list-associations', 'list-routes', 'list-connections'],
    ['stale', 'stale', 'error-before', 'slow'],
  ),
  ...trips(
    [
      'claim-pass',
      'load',
      'write-intent',
      'record-pass',
      'extend-lease',
      'note-request',
      'remove-lease',
      'note-release',
    ],
    ['error-after', 'twice', 'killed-before', 'killed-after', 'slow'],
  ),
];

function trips(operations: readonly Trip['operation'][], faults: readonly Trip['fault'][]): Trip[] {
  return operations.flatMap((operation) => faults.map((fault) => ({ operation, fault })));
}

/** A week of an office, with more going wrong in it than in a year of a real one. */
export function weekOf(seed: number): Scenario {
  const random = randomOf(`week ${seed}`);
  const subnets = subnetDigits.slice(0, random.pick([1, 1, 2, 2, 2, 3])).map(subnetIdOf);
  const endpoint = {
    id: endpointIdOf('e'),
    subnets,
    idleGraceMinutes: random.pick([2, 5, 10, 30]),
    leaseMinutes,
    associateSeconds: random.whole(40, 360),
    routeSeconds: random.whole(10, 120),
    disassociateSeconds: random.whole(40, 180),
  };
  const events: WorldEvent[] = [];
  const add = (atMs: number, act: WorldAct): void => {
    if (atMs < weekMs) events.push({ atMs: Math.round(atMs), ...act });
  };
  setUpByHand(random, endpoint, add);
  const episodes = random.whole(2, 4);
  for (let each = 0; each < episodes; each += 1) {
    episode(random, random.whole(3 * 60, 7 * 24 * 60 - 180) * minuteMs, subnets.length, add);
  }
  events.sort((a, b) => a.atMs - b.atMs);
  return { seed, lastsMs: weekMs, endpoint, portals: 2, events };
}

type Add = (atMs: number, act: WorldAct) => void;

/** Somebody has switched the endpoint on and given it routes; the portal adopts it. */
function setUpByHand(random: Random, endpoint: Scenario['endpoint'], add: Add): void {
  const { associateSeconds, subnets } = endpoint;
  subnets.forEach((_id, subnet) => {
    add(1_000, { kind: 'console-associate', subnet });
  });
  const routes = random.pick([0, 1, 3, 5, 12]);
  for (let nth = 0; nth < routes; nth += 1) {
    const destinationCidr = `172.16.${nth}.0/24`;
    const atMs = (associateSeconds + 30) * 1000 + Math.floor(nth / 5) * 160_000;
    add(atMs, { kind: 'console-add-route', destinationCidr, subnet: nth });
  }
}

/** Something happens: people come, and whatever can go wrong goes wrong while they are there. */
function episode(random: Random, startMs: number, networks: number, add: Add): void {
  const person = random.pick(people);
  const portal = random.whole(0, 1);
  const minutes = random.pick(leaseMinutes);
  const within = (most: number): number => startMs + random.next() * most * minuteMs;
  const subnet = random.whole(0, networks - 1);

  if (random.chance(0.3)) {
    const kind = random.chance(0.5) ? 'slow-association' : 'failing-association';
    if (kind === 'slow-association') {
      add(startMs - 1_000, { kind, subnet, seconds: random.whole(60, 1_700) });
    } else add(startMs - 1_000, { kind, subnet, times: random.pick([1, 1, 2, 4]) });
  }
  if (random.chance(0.15)) add(startMs, { kind: 'console-associate', subnet });
  else add(startMs, { kind: 'request', person, portal, minutes });
  if (random.chance(0.15)) {
    for (const other of people) {
      const atMs = startMs + random.whole(0, 2_000);
      add(atMs, { kind: 'request', person: other, portal: random.whole(0, 1), minutes });
    }
  }
  for (let looks = random.whole(0, 6); looks > 0; looks -= 1) {
    add(within(15), { kind: 'look', portal: random.whole(0, 1) });
  }
  if (random.chance(0.6)) {
    const atMs = within(25);
    add(atMs, { kind: 'connect', person });
    add(atMs + random.whole(1, 50) * minuteMs, { kind: 'disconnect', person });
  }
  if (random.chance(0.4)) add(within(60), { kind: 'request', person, portal, minutes });
  if (random.chance(0.4)) {
    add(within(60), { kind: 'release', person, portal: random.whole(0, 1) });
    if (random.chance(0.3)) add(within(60), { kind: 'request', person, portal, minutes: 5 });
  }
  if (random.chance(0.5)) {
    const moment = random.pick(moments);
    add(startMs + 1_000, { kind: 'connect', person: random.pick(people), moment });
  }
  if (random.chance(0.5)) {
    const moment = random.chance(0.5) ? 'idle-and-read' : random.pick(moments);
    const who = random.pick(people);
    add(startMs + 1_000, { kind: 'request', person: who, portal, minutes, moment });
  }
  if (random.chance(0.25)) inTheConsole(random, within, subnet, add);
  if (random.chance(0.2)) add(within(15), { kind: 'kill', portal });
  for (let trips = random.whole(0, 4); trips > 0; trips -= 1) {
    const { fault, operation } = random.pick(tripsToChooseFrom);
    add(random.chance(0.5) ? startMs - 500 : within(60), { kind: 'trip', operation, fault });
  }
  if (random.chance(0.25)) {
    // AWS has done it and not said so; and then does not show it yet to whoever comes to look.
    add(startMs - 500, { kind: 'trip', operation: 'associate', fault: 'error-after' });
    const moment = 'associated-once';
    add(startMs - 500, { kind: 'trip', operation: 'list-associations', fault: 'stale', moment });
    add(startMs + 8_000, { kind: 'look', portal });
  }
  if (random.chance(0.06)) {
    // What was associated goes again while nobody comes to look.
    const untilMs = startMs + 20 * minuteMs;
    const rates = { ...calm, lostDelivery: 1 };
    add(startMs + 20_000, { kind: 'weather', untilMs, rates });
    add(startMs + random.whole(7, 15) * minuteMs, { kind: 'console-disassociate', subnet });
  }
  if (random.chance(0.5)) {
    const atMs = startMs + (random.chance(0.4) ? -minuteMs : random.whole(-3, 60) * minuteMs);
    const untilMs = atMs + random.whole(2, 25) * minuteMs;
    add(atMs, { kind: 'weather', untilMs, rates: roughWeather(random) });
  }
}

function inTheConsole(
  random: Random,
  within: (minutes: number) => number,
  subnet: number,
  add: Add,
): void {
  switch (random.whole(0, 4)) {
    case 0:
      add(within(40), { kind: 'console-disassociate', subnet });
      break;
    case 1:
      add(within(1), { kind: 'console-disassociate', subnet, moment: random.pick(moments) });
      break;
    case 2: {
      const destinationCidr = `172.17.${random.whole(0, 5)}.0/24`;
      add(within(40), { kind: 'console-add-route', destinationCidr, subnet });
      break;
    }
    case 3:
      add(within(40), { kind: 'console-delete-route', nth: random.whole(0, 20) });
      break;
    default:
      add(within(60), { kind: 'console-associate', subnet });
  }
}

/** Some kinds of trouble at a time, each at its own rate. */
function roughWeather(random: Random): WeatherRates {
  const some = (likely: number, most: number): number =>
    random.chance(likely) ? random.next() * most : 0;
  return {
    ...calm,
    throttled: some(0.3, 0.4),
    serverError: some(0.4, 0.3),
    timeOut: some(0.4, 0.2),
    stale: some(0.5, 0.5),
    twice: some(0.3, 0.2),
    busy: some(0.3, 0.4),
    killed: some(0.4, 0.06),
    slow: some(0.3, 0.1),
    notAllowed: some(0.05, 1),
    storeError: some(0.3, 0.15),
    lostDelivery: some(0.3, 0.6),
    doubledDelivery: some(0.4, 0.8),
    lateDelivery: some(0.3, 0.5),
  };
}
