import path from 'node:path';

import { systemClock } from '../../src/clock.ts';
import { randomOf } from '../../test/simulation/random.ts';
import { reconcilerAccessKeyId } from '../local/access-keys.ts';
import type { RecordedCall } from '../local/ec2/ec2-stand-in.ts';
import type { LocalStack } from '../local/stack.ts';
import { createAdministrators } from './administrators.ts';
import { createAgenda } from './agenda.ts';
import { createCalendar } from './calendar.ts';
import { createChaos } from './chaos.ts';
import { readAccounts } from './checks/accounts.ts';
import type { Accounts } from './checks/accounts.ts';
import { memoryFigures } from './checks/memory.ts';
import type { LogLine } from './child.ts';
import { createEmployees } from './employees.ts';
import { startFleet } from './fleet.ts';
import type { Fleet, Memory } from './fleet.ts';
import { createJournal } from './journal.ts';
import { createLaptops } from './laptops.ts';
import { dayMs, hourMs, nextHourUtc } from './moments.ts';
import { liveThrough } from './life.ts';
import { createNetworks } from './networks.ts';
import { createOverseer } from './overseer.ts';
import { createPause } from './pause.ts';
import { createReadings } from './readings.ts';
import type { SoakReport } from './report.ts';
import { createSchedule } from './schedule.ts';
import { startStandIns } from './stand-ins.ts';
import { createSoakClock } from './time.ts';
import { places as everyPlace, townspeople } from './town.ts';
import type { Place } from './town.ts';
import { signInAll } from './visitors.ts';
import { createWeather } from './weather.ts';
import { createWishes } from './wishes.ts';

export interface SoakOptions {
  readonly seed: number;
  /** Simulated. */
  readonly days: number;
  readonly portals: number;
  readonly reconcilers: number;
  /** Those of the sample world unless given. */
  readonly places?: readonly [Place, ...Place[]];
  /** What the processes run: the product's own entries, or one that is broken on purpose. */
  readonly portalEntry?: string;
  readonly reconcilerEntry?: string;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
  /** Hears how far it is, once a simulated day. */
  readonly onDay?: (day: number) => void;
}

/** So much faster than the wall clock goes the time in which calls are made and waited for. */
const speed = 5;
/** The last hours: everybody has gone, and nothing goes wrong any more. */
const lastHoursMs = 2 * hourMs;
/** On the wall, for a start and for each day, on a machine that has much else to do: it ends, whatever happens. */
const mostMinutes = { start: 10, day: 10 } as const;
const levelOfWarnings = 40;
/** By their names in the logs: what is thrown where something was not thought of. */
const mistakes = /"type":"(?:Type|Reference|Range|Syntax)Error"/;
const source = path.join(import.meta.dirname, '../../src');

/** Monday at seven in the morning in Tokyo, after now. */
function nextMonday(now: number): number {
  const sundayEvening = nextHourUtc(now, 22);
  const daysAhead = (7 - new Date(sundayEvening).getUTCDay()) % 7;
  return sundayEvening + daysAhead * dayMs;
}

/**
 * Lets the product run as it is deployed, in processes of its own, through days of an office in which
 * more goes wrong than in years of a real one, and holds it to what it promises.
 *
 * @returns what was seen; a promise that was broken ends it
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const begun = performance.now();
  const { days, places = everyPlace, seed, signal } = options;
  const startsAt = nextMonday(systemClock.now().getTime());
  const endsAt = startsAt + days * dayMs;
  const peopleGoAt = endsAt - lastHoursMs;
  const clock = createSoakClock({ startsAt: new Date(startsAt), speed });
  const now = (): number => clock.now().getTime();
  const journal = createJournal(clock);
  const readings = createReadings();
  const agenda = createAgenda();
  let otherwiseDisturbedAt = 0;
  let isRough = (): boolean => false;
  const chaos = createChaos({ now, journal, kill: (child) => fleet?.kill(child) });
  const weather = createWeather({
    seed,
    now,
    onCall(service, action) {
      journal.count(`call: ${service} ${action}`);
      chaos.onCall();
    },
    onFault({ action, code, effect, service }) {
      journal.count(`fault: ${service}: ${code}, ${effect}`);
      journal.count(`faulty call: ${service} ${action}`);
      journal.note(`${service} ${action}: ${code}, ${effect} the effect`);
    },
  });
  const disturbedAt = (): number =>
    Math.max(weather.lastFaultAt(), chaos.lastKillAt(), otherwiseDisturbedAt);
  const disturb = (): void => {
    otherwiseDisturbedAt = now();
  };
  const random = randomOf(`${seed} soak`);
  let fleet: Fleet | null = null;
  let stack: LocalStack | null = null;
  let onEc2Call: (call: RecordedCall) => void = () => undefined;
  let turn = 0;

  /** A load balancer takes one after the other; those that have died are not in it. */
  function nextPortal(): URL {
    const portals = fleet?.portals() ?? [];
    turn += 1;
    const portal = portals[turn % Math.max(1, portals.length)];
    if (portal === undefined) throw new Error('no portal is left');
    const mayDie = isRough() && fleet?.survivors.includes(portal) === false;
    if (mayDie && random.chance(0.06)) chaos.killAfter(portal, random.whole(1, 12));
    return new URL(portal.url() ?? '');
  }

  function hear(name: string, line: LogLine): void {
    readings.hear(name, line);
    if (Number(line['level']) < levelOfWarnings) return;
    journal.count(`log: ${String(line['msg'])}`);
    const text = JSON.stringify(line);
    const causes = [...text.matchAll(/"message":"([^"]{1,200})/g)].map(([, message]) => message);
    journal.note(`${name}: ${[String(line['msg']), ...new Set(causes)].join(': ')}`);
    if (mistakes.test(text)) {
      journal.violated('the program makes no mistake', `${name}: ${text.slice(0, 4000)}`);
    }
  }

  try {
    stack = await startStandIns({
      clock,
      faults: weather,
      nextPortal,
      places,
      onEc2Call: (call) => {
        onEc2Call(call);
      },
      log: (line) => {
        journal.note(line);
      },
    });
    const { clientVpn, environment } = stack;
    fleet = await startFleet({
      clock,
      portals: options.portals,
      reconcilers: options.reconcilers,
      portalEntry: options.portalEntry ?? path.join(source, 'server.ts'),
      reconcilerEntry: options.reconcilerEntry ?? path.join(source, 'reconciler.lambda.ts'),
      portalEnvironment: environment,
      reconcilerEnvironment: { ...environment, AWS_ACCESS_KEY_ID: reconcilerAccessKeyId },
      keysUrl: `${stack.url}/local/public-keys/`,
      watch: {
        log: hear,
        trouble(name, what) {
          if (signal?.aborted !== true) journal.violated('processes live', `${name}: ${what}`);
        },
      },
      calls: () => weather.calls(),
    });
    const running = fleet;

    const laptops = createLaptops(clientVpn, clock);
    const networks = createNetworks({ clientVpn, clock, places, onFailed: disturb });
    const schedule = createSchedule({
      clock,
      random,
      fleet: running,
      journal,
      isRough: () => isRough(),
      disturbedAt,
      disturb,
      killAfter: (child, calls) => {
        chaos.killAfter(child, calls);
      },
      onCalmRun: (run) => {
        overseer.afterCalmRun(run);
      },
    });
    const visitors = await signInAll({
      url: stack.url,
      people: townspeople.map(({ key }) => key),
      clock,
      journal,
      excuses: {
        lastKillAt: () => chaos.lastKillAt(),
        lastFaultAt: () => weather.lastFaultAt(),
      },
    });
    const pause = createPause(visitors, clock);
    const overseer = createOverseer({
      places,
      clock,
      networks,
      laptops,
      journal,
      pause,
      runBegan: () => schedule.runBegan(),
      disturbedAt,
    });
    onEc2Call = (call) => {
      overseer.afterCall(call);
    };
    // So that the portals know of the endpoints before anybody comes.
    await schedule.run();
    const wishes = createWishes(visitors, (place) => overseer.promisesOf(place), journal);
    const about = { seed, now, endsAt: peopleGoAt, places, agenda, visitors, wishes, laptops };
    const employees = createEmployees({ ...about, journal });
    const administrators = createAdministrators({ ...about, pause });

    const heaps = new Map<string, Memory[]>();
    async function sampleMemory(): Promise<void> {
      for (const [name, memory] of await running.memory()) {
        heaps.set(name, [...(heaps.get(name) ?? []), memory]);
      }
    }

    const calendar = createCalendar({
      ...about,
      startsAt,
      peopleGoAt,
      employees,
      administrators,
      clientVpn,
      weather,
      chaos,
      fleet: running,
      journal,
      disturb,
    });
    isRough = () => calendar.isRough();
    await liveThrough({
      ...about,
      startsAt,
      endsAt,
      longestMinutes: mostMinutes.start + mostMinutes.day * days,
      clock,
      fleet: running,
      schedule,
      overseer,
      networks,
      calendar,
      journal,
      disturbedAt,
      isOver: () => journal.violations().length > 0 || signal?.aborted === true,
      async beginDay(nth) {
        calendar.planDay(nth);
        await sampleMemory();
        options.onDay?.(nth);
      },
    });

    const isKept = (): boolean => journal.violations().length === 0;
    if (now() >= endsAt) {
      for (const place of places) {
        const left = networks.of(place).associations.length;
        if (left > 0) journal.violated('nothing idle stays on', `${place.name} is on at the end`);
      }
    }
    if (isKept()) await sampleMemory();
    const lasted = now() - startsAt;
    // The last lines of every process, too.
    await running.stop();
    const accounts = isKept()
      ? await readAccounts(stack, places, readings, clock)
      : new Map<string, Accounts>();
    for (const [name, { difference }] of accounts) {
      if (difference === null) continue;
      journal.violated('the history is the bill', `${name}: ${difference}`);
    }
    return {
      seed,
      simulatedDays: lasted / dayMs,
      wallSeconds: (performance.now() - begun) / 1000,
      counts: journal.counts(),
      leases: places.flatMap((place) => overseer.promisesOf(place).everTold),
      accounts,
      memory: memoryFigures(heaps, journal),
      violations: journal.violations(),
    };
  } finally {
    await fleet?.stop();
    await stack?.stop();
  }
}
