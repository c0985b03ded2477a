import { doubleClicksIn } from './double-clicks.ts';
import { latestHoursOf } from './latest-hours.ts';
import { pausesIn } from './pauses.ts';
import { minuteMs } from './properties/property.ts';
import { randomOf } from './random.ts';
import type { Random } from './random.ts';
import { endpointIdOf, moments, subnetIdOf, weekMs } from './scenario.ts';
import type { Scenario, WorldAct, WorldEvent } from './scenario.ts';
import { calm } from './weather.ts';
import type { WeatherRates } from './weather.ts';

const people = ['alice', 'bob', 'carol', 'dave'] as const;
const admins = ['erin', 'frank'] as const;
const subnetDigits = ['a', 'b', 'c'];
const leaseMinutes = [5, 30, 60] as const;

/** In two of these weeks clocks change in New York: on their last day at two in the morning. */
const starts = [
  Date.parse('2026-03-02T00:00:00Z'),
  Date.parse('2026-10-26T00:00:00Z'),
  Date.parse('2026-06-01T00:00:00Z'),
] as const;
const latestHours = [
  '22:00 Asia/Tokyo',
  '19:30 America/New_York',
  '02:30 America/New_York',
  '01:30 America/New_York',
] as const;

type AdministratorsAct = Extract<
  WorldAct,
  { kind: 'hold' | 'release-hold' | 'stop' | 'terminate' }
>;

type Trip = Pick<Extract<WorldAct, { kind: 'trip' }>, 'operation' | 'fault'>;

/** Single faults, each where it hurts most. */
const tripsToChooseFrom: readonly [Trip, ...Trip[]] = [
  { operation: 'associate', fault: 'time-out-after' },
  ...trips(
    ['associate', 'create-route', 'disassociate', 'terminate-connection'],
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
  ...trips(['count-rules'], ['error-before', 'time-out-before', 'not-allowed', 'killed-before']),
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
      'note-attempt',
      'set-hold',
      'request-stop',
      'request-termination',
      'append-audit',
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
    idleGraceMinutes: random.pick([1, 2, 5, 10, 30]),
    leaseMinutes,
    associateSeconds: random.whole(40, 360),
    routeSeconds: random.whole(10, 120),
    disassociateSeconds: random.whole(40, 180),
    silentMinutes: random.pick([null, null, 3, 10, 30]),
    offAt: random.pick([null, null, ...latestHours]),
    offAtCutsOff: random.chance(0.5),
    connectHandler: random.pick(['none', 'allow', 'deny', 'deny'] as const),
  };
  const startsAt = random.pick(starts);
  const evenings = eveningsOf(endpoint.offAt, startsAt);
  const events: WorldEvent[] = [];
  const add = (atMs: number, act: WorldAct): void => {
    if (atMs < weekMs) events.push({ atMs: Math.round(atMs), ...act });
  };
  setUpByHand(random, endpoint, add);
  const episodes = random.pick([1, 1, 2, 2, 3]);
  for (let each = 0; each < episodes; each += 1) {
    const evening = evenings[random.whole(0, evenings.length - 1)];
    const startMs =
      evening !== undefined && random.chance(0.6)
        ? evening - random.whole(2, 75) * minuteMs
        : random.whole(3 * 60, 7 * 24 * 60 - 180) * minuteMs;
    episode(random, startMs, subnets.length, add);
    byAdministrators(random, startMs, add);
    if (endpoint.silentMinutes !== null) silence(random, startMs, endpoint.silentMinutes, add);
    if (evening !== undefined && Math.abs(evening - startMs) < 3 * 60 * minuteMs) {
      inTheEvening(random, evening, add);
    }
  }
  const clicks = doubleClicksIn(seed, events, leaseMinutes);
  events.push(...pausesIn(seed, events), ...clicks);
  events.sort((a, b) => a.atMs - b.atMs);
  return { seed, startsAt, lastsMs: weekMs, endpoint, portals: 2, events };
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

/** The latest hours within the week, in milliseconds from its beginning. */
function eveningsOf(offAt: string | null, startsAt: number): readonly number[] {
  const hours = latestHoursOf(offAt, startsAt);
  const evenings: number[] = [];
  let at = hours.nextAfter(startsAt + 3 * 60 * minuteMs);
  while (at !== null && at < startsAt + weekMs - 3 * 60 * minuteMs) {
    evenings.push(at - startsAt);
    at = hours.nextAfter(at);
  }
  return evenings;
}

/** Somebody is connected when the latest hour comes, or asks right before it, or right after. */
function inTheEvening(random: Random, atMs: number, add: Add): void {
  const portal = random.whole(0, 1);
  const minutes = random.pick(leaseMinutes);
  const person = random.pick(people);
  if (random.chance(0.5)) {
    add(atMs - random.whole(1, 40) * 30_000, { kind: 'connect', person });
    add(atMs + random.whole(1, 40) * minuteMs, { kind: 'disconnect', person });
  }
  if (random.chance(0.5)) {
    add(atMs + random.whole(-90, 90) * 1_000, { kind: 'request', person, portal, minutes });
  }
  if (random.chance(0.2)) {
    const admin = random.pick(admins);
    const about = { admin, portal, wish: 'on', minutes: random.whole(5, 90) } as const;
    add(atMs + random.whole(-40, 20) * minuteMs, { kind: 'hold', ...about });
  }
}

/** Administrators say something, sometimes two of them at once. */
function byAdministrators(random: Random, startMs: number, add: Add): void {
  for (let acts = random.pick([0, 0, 1, 1, 2]); acts > 0; acts -= 1) {
    const atMs = startMs + random.whole(-5, 70) * minuteMs;
    const moment = random.chance(0.3) ? { moment: random.pick(moments) } : {};
    add(atMs, { ...administratorsAct(random, admins[0]), ...moment });
    if (random.chance(0.4)) {
      add(atMs + random.whole(0, 1_500), { ...administratorsAct(random, admins[1]), ...moment });
    }
    if (random.chance(0.3)) {
      const person = random.pick(people);
      const [portal, minutes] = [random.whole(0, 1), random.pick(leaseMinutes)];
      const afterMs = random.pick([0, 300, 2_000, 60_000, 4 * minuteMs]);
      add(atMs + afterMs, { kind: 'request', person, portal, minutes });
    }
  }
  for (let runs = random.pick([0, 0, 1, 2]); runs > 0; runs -= 1) {
    add(startMs + random.whole(0, 60) * minuteMs + random.whole(0, 59_000), { kind: 'dry-run' });
  }
}

function administratorsAct(random: Random, admin: string): AdministratorsAct {
  const about = { admin, portal: random.whole(0, 1) };
  switch (random.whole(0, 5)) {
    case 0:
      return { kind: 'hold', ...about, wish: 'on', minutes: random.pick([2, 20, 90]) };
    case 1:
      return { kind: 'hold', ...about, wish: 'off', minutes: random.pick([2, 20, 90]) };
    case 2:
      return { kind: 'release-hold', ...about };
    case 3:
      return { kind: 'terminate', ...about, nth: random.whole(0, 3) };
    default:
      return { kind: 'stop', ...about };
  }
}

/** A laptop is forgotten, and now and then its owner comes back. */
function silence(random: Random, startMs: number, silentMinutes: number, add: Add): void {
  const person = random.pick(people);
  const connectedMs = startMs + random.whole(0, 20) * minuteMs;
  add(connectedMs, { kind: 'connect', person });
  const silentMs = connectedMs + random.whole(0, 15 * 60) * 1_000;
  add(silentMs, { kind: 'silence', person, silent: true });
  if (random.chance(0.5)) {
    const movesMs = silentMs + silentMinutes * minuteMs + random.whole(-120, 600) * 1_000;
    add(Math.max(silentMs, movesMs), { kind: 'silence', person, silent: false });
    if (random.chance(0.5)) add(movesMs + 5 * minuteMs, { kind: 'silence', person, silent: true });
  }
  add(silentMs + random.pick([5, 30, 90]) * minuteMs, { kind: 'disconnect', person });
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
