import type { Bill } from '../../scripts/local/client-vpn/bill.ts';
import type { Clock } from '../../src/clock.ts';
import type { PendingEvent } from '../../src/notify/domain-event.ts';
import { createMemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { createMemoryUsageStore } from '../fakes/memory-usage-store.ts';
import { createMemoryStores, createMemoryTable } from '../fakes/memory-stores.ts';
import { createAgenda } from './agenda.ts';
import { createSimulatedAws } from './aws.ts';
import type { Call, SimulatedProcess, Step } from './call.ts';
import { createConnectProcesses } from './connect-process.ts';
import { createFigures, totalsEqualTheRecordsName } from './figures.ts';
import { createGate } from './gate.ts';
import { describeRecord, describeStep } from './history.ts';
import { createLaptops } from './laptops.ts';
import { momentOf } from './moments.ts';
import { createOrders } from './orders.ts';
import { createPauses } from './pauses.ts';
import { createProcesses } from './processes.ts';
import type { PortalProcess } from './processes.ts';
import { properties as allProperties } from './properties/index.ts';
import { surpriseIn } from './properties/no-surprise.ts';
import {
  recordsDifferFromTheBill,
  recordsEqualTheBillName,
} from './properties/records-equal-the-bill.ts';
import { randomOf } from './random.ts';
import type { Moment, Scenario, WorldAct } from './scenario.ts';
import { pauseMs } from './schedule.ts';
import { createTrails } from './trails.ts';
import { createTruth } from './truth.ts';
import { asItIs } from './variant.ts';
import type { Variant } from './variant.ts';
import { calm } from './weather.ts';
import type { Fault, WeatherRates } from './weather.ts';
import { createWorldActs } from './world-acts.ts';

export interface Violation {
  readonly property: string;
  readonly what: string;
  readonly atMs: number;
}

export interface Result {
  readonly violation: Violation | null;
  /** How many things have happened: requests, effects, answers, and acts from outside. */
  readonly events: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly bill: Bill;
  /** Line by line; empty unless asked for. */
  readonly history: readonly string[];
}

const momentWaitsMs = 12 * 60 * 60_000;
const figuresEveryMs = 24 * 60 * 60_000;
/** Figures are made of one week in so many: they take as long as half of the week itself. */
const weeksPerFigures = 5;
const restartAfterMs = 20_000;
/** AWS calls a connection that is ended `terminating` for some seconds. */
const terminatedAfterMs = 3_100;
/** More turns than any continuation of ours takes between an answer and the next request. */
const mostTurns = 60;

/** Plays one week, until its end or the first violation. The same scenario gives the same result. */
export async function simulate(
  scenario: Scenario,
  options: { readonly variant?: Variant; readonly keepHistory?: boolean } = {},
): Promise<Result> {
  const { variant = asItIs, keepHistory = false } = options;
  const { endpoint, seed, startsAt: startOfWeek } = scenario;
  const agenda = createAgenda(startOfWeek);
  const clock: Clock = { now: () => agenda.date() };
  const aws = createSimulatedAws(endpoint, clock, seed);
  const table = createMemoryTable();
  const truth = createTruth({
    scenario,
    agenda,
    aws,
    stores: createMemoryStores(undefined, table),
  });
  const trails = createTrails(clock);
  const pauses = createPauses(table, () => agenda.now());
  const orders = createOrders(truth, trails);
  const audit = createMemoryAuditLog();
  const usage = createMemoryUsageStore({
    clock,
    retention: { recordDays: 400, totalDays: 400 },
  });
  const published = new Map<string, PendingEvent>();
  const readings: number[] = [];
  const random = randomOf(`${seed} schedule`);
  const trips: { readonly operation: Call['operation']; readonly fault: Fault }[] = [];
  const counts = new Map<string, number>();
  const history: string[] = [];
  let rates: WeatherRates = calm;
  let violation: Violation | null = null;
  let events = 0;
  let woken: SimulatedProcess[] = [];
  let waiting: { readonly act: WorldAct & { moment?: Moment }; readonly until: number }[] = [];

  const count = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  const tell = (line: () => string): void => {
    if (keepHistory) history.push(`${clock.now().toISOString()} ${line()}`);
  };
  const violated = (): boolean => violation !== null;
  const violate = (property: string, what: string): void => {
    violation ??= { property, what, atMs: agenda.now() - startOfWeek };
  };

  const properties = allProperties.map((newProperty) => {
    const property = newProperty({
      truth,
      trails,
      orders,
      pauses,
      audited: () => audit.entries,
      published: () => published,
      count,
      violated: (what) => {
        violate(property.name, what);
      },
    });
    return property;
  });

  function observe(step: Step): void {
    events += 1;
    if ('call' in step) tell(() => describeStep(step));
    if (!('call' in step) || (step.call.changes && step.kind !== 'answered')) {
      truth.observe(step);
      orders.observe(step);
      for (const property of properties) property.observe(step);
    }
    // After the properties: a pass that has ended has its trail until then.
    trails.observe(step);
    if (!('call' in step)) return;
    if (step.kind === 'effect' && step.call.operation === 'disassociate') truth.refreshSessions();
    if (step.kind === 'effect' && step.call.operation === 'terminate-connection') {
      agenda.after(terminatedAfterMs, () => {
        truth.refreshSessions();
      });
    }
    if (step.kind === 'effect' && step.call.operation === 'record-pass') {
      const readAt = truth.record().usage.recordedAt?.getTime();
      if (readAt !== undefined && readAt !== readings.at(-1)) readings.push(readAt);
      tell(() => `  ${describeRecord(truth.record())}`);
    }
    if (waiting.length > 0) reached(momentOf(step, trails, truth));
  }

  function reached(moment: Moment | null): void {
    if (moment === null) return;
    const now = agenda.now();
    const due = waiting.filter(({ act, until }) => act.moment === moment && until >= now);
    waiting = waiting.filter((each) => !due.includes(each));
    for (const { act } of due) {
      agenda.after(0, () => {
        carryOut(act);
      });
    }
  }

  function disturb(what: string): void {
    count(what);
    truth.disturb();
  }

  function run(
    process: SimulatedProcess,
    work: () => Promise<unknown>,
    ended?: (failed: boolean) => void,
  ): void {
    woken.push(process);
    work().then(
      () => {
        process.finished = true;
        ended?.(false);
      },
      (error: unknown) => {
        process.finished = true;
        const surprise = surpriseIn(error);
        if (surprise !== null) violate('0: no surprise', surprise.stack ?? surprise.message);
        ended?.(true);
      },
    );
  }

  const portals = new Map<number, PortalProcess>();
  const gate = createGate({
    agenda,
    observe,
    disturb,
    rates: () => rates,
    trip(operation) {
      const found = trips.findIndex((each) => each.operation === operation);
      return found < 0 ? null : (trips.splice(found, 1)[0]?.fault ?? null);
    },
    kill(process) {
      process.life.alive = false;
      tell(() => `${process.name} dies`);
      for (const [index, portal] of portals) {
        if (portal.life === process.life) portals.delete(index);
      }
    },
    wake: (process) => woken.push(process),
  });
  const processes = createProcesses(
    {
      seed,
      clock,
      aws,
      gate,
      table,
      audit,
      usage,
      variant,
      published,
      run,
      told: (lease) => {
        tell(() => `${lease.personId} is told: until ${lease.until.toISOString()}`);
        truth.told(lease);
        observe({ kind: 'told', lease });
      },
      refused(process) {
        tell(() => `${process.personId ?? ''} is refused`);
        count('requests that were refused');
        observe({ kind: 'refused', process });
      },
      actTold(step) {
        tell(() => `${step.process.personId ?? ''} is told: ${step.action} ${step.outcome}`);
        observe(step);
      },
      passed(result, startedAt) {
        count(`passes of the portal: ${result.kind}`);
        if (result.kind !== 'failed' || truth.disturbedAt() >= startedAt) return;
        violate('0: no surprise', 'a pass of the portal fails, and nothing has gone wrong');
      },
    },
    endpoint.id,
  );

  const { connectHandler } = endpoint;
  const handlers = createConnectProcesses(
    {
      seed,
      agenda,
      clock,
      aws,
      gate,
      table,
      audit,
      variant,
      onFailure: connectHandler === 'allow' ? 'allow' : 'deny',
      run,
      wake: (process) => woken.push(process),
    },
    endpoint.id,
  );
  const laptops = createLaptops({
    seed,
    setUp: endpoint,
    agenda,
    aws,
    truth,
    ask: (person, told) => {
      handlers.ask(person, told);
    },
    count,
  });

  let incarnations = 0;
  function portal(index: number): PortalProcess {
    const running = portals.get(index);
    if (running !== undefined) return running;
    incarnations += 1;
    const started = processes.portal(`portal ${index}.${incarnations}`);
    portals.set(index, started);
    return started;
  }

  const act = createWorldActs({
    scenario,
    agenda,
    aws,
    truth,
    pauses,
    laptops,
    portal,
    observe,
    disturb,
    killPortal(index) {
      const running = portals.get(index);
      if (running === undefined) return;
      running.life.alive = false;
      portals.delete(index);
      agenda.after(restartAfterMs, () => {
        portal(index);
      });
    },
    trip: (operation, fault) => trips.push({ operation, fault }),
    setWeather(changed) {
      rates = changed;
    },
    dryRun() {
      deliver('dry-run');
    },
  });

  let lastEventAt = startOfWeek;
  let nextEvent = 0;
  function carryOut(each: WorldAct): void {
    lastEventAt = agenda.now();
    tell(() => `* ${JSON.stringify(each)}`);
    act(each);
  }
  for (const event of scenario.events) {
    agenda.at(startOfWeek + event.atMs, () => {
      nextEvent += 1;
      const shifted =
        event.kind === 'weather' ? { ...event, untilMs: startOfWeek + event.untilMs } : event;
      if ('moment' in shifted) {
        waiting.push({ act: shifted, until: agenda.now() + momentWaitsMs });
      } else carryOut(shifted);
    });
  }

  let deliveries = 0;
  function deliver(kind: 'schedule' | 'dry-run'): void {
    deliveries += 1;
    count(kind === 'schedule' ? 'scheduled runs' : 'dry runs');
    const startedAt = agenda.now();
    const name = `${kind === 'schedule' ? 'run' : 'dry run'} ${deliveries} @${startedAt - startOfWeek}`;
    processes.scheduledRun(name, kind, (failed) => {
      if (truth.disturbedAt() >= startedAt) return;
      if (failed) violate('0: no surprise', 'a scheduled run fails, and nothing has gone wrong');
      if (kind === 'schedule') observe({ kind: 'calm-run', startedAt });
    });
  }
  const deliverInEarnest = (): void => {
    deliver('schedule');
  };
  function tick(): void {
    if (random.chance(rates.lostDelivery)) disturb('lost delivery');
    else if (random.chance(rates.lateDelivery)) {
      disturb('late delivery');
      agenda.after(random.whole(5_000, 180_000), deliverInEarnest);
    } else deliverInEarnest();
    if (random.chance(rates.doubledDelivery)) {
      disturb('doubled delivery');
      agenda.after(random.whole(0, 20_000), deliverInEarnest);
    }
    const nextEventAt = startOfWeek + (scenario.events[nextEvent]?.atMs ?? scenario.lastsMs);
    const pause = pauseMs(truth, { lastEventAt, nextEventAt, calm: rates === calm });
    agenda.after(pause + random.whole(-1_500, 1_500), tick);
  }
  agenda.at(startOfWeek + 30_000, tick);

  const figures = createFigures({
    clock,
    usage,
    endpointId: endpoint.id,
    networks: endpoint.subnets.length,
    cursor: () => truth.record().usage,
  });
  const hasFigures = seed % weeksPerFigures === 0;
  const figuresDue: (() => Promise<void>)[] = [];
  for (let atMs = figuresEveryMs; hasFigures && atMs < scenario.lastsMs; atMs += figuresEveryMs) {
    agenda.at(startOfWeek + atMs, () => {
      figuresDue.push(figures.refresh);
    });
  }

  const end = startOfWeek + scenario.lastsMs;
  for (;;) {
    const next = violated() ? null : agenda.next(end);
    if (next === null) break;
    next();
    if (woken.length > 0) {
      const now = woken;
      woken = [];
      for (const process of now) await rest(process);
    }
    // Nothing else happens meanwhile: every process waits for the agenda.
    for (const make of figuresDue.splice(0)) await make();
  }
  const accounts = { bill: aws.vpn.bill(), usage: usage.peek(), readAt: readings };
  const difference = violated() ? null : recordsDifferFromTheBill(accounts);
  if (difference !== null) violate(recordsEqualTheBillName, difference);
  const wrong = violated() || !hasFigures ? null : await figures.differFromTheRecords();
  if (wrong !== null) violate(totalsEqualTheRecordsName, wrong);
  return { violation, events, counts, bill: accounts.bill, history };
}

const atOnce = Promise.resolve();

/** Lets the process go on until it has asked for the next thing, or has come to its end. */
async function rest(process: SimulatedProcess): Promise<void> {
  if (!process.sequential) {
    await new Promise((resolve) => setImmediate(resolve));
    return;
  }
  for (let turn = 0; turn < mostTurns; turn += 1) {
    if (process.pending > 0 || process.finished) return;
    await atOnce;
  }
}
