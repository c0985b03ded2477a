import type { Scenario, WorldEvent } from './scenario.ts';
import { simulate } from './simulation.ts';
import type { Violation } from './simulation.ts';
import type { Variant } from './variant.ts';
import { calm } from './weather.ts';
import type { WeatherRates } from './weather.ts';

export interface Shortest {
  readonly scenario: Scenario;
  readonly violation: Violation;
  /** How many weeks it took to play. */
  readonly tries: number;
}

const mostTries = 400;

/**
 * The shortest history found that violates the same property: events are left out, first many at a
 * time and then one by one, and kinds of bad weather, for as long as it is still violated.
 */
export async function shrink(
  scenario: Scenario,
  violation: Violation,
  options: { readonly variant?: Variant } = {},
): Promise<Shortest> {
  let tries = 0;
  let shortest: Shortest = { scenario, violation, tries };

  async function stillViolates(candidate: Scenario): Promise<boolean> {
    if (tries >= mostTries) return false;
    tries += 1;
    const result = await simulate(candidate, options);
    if (result.violation?.property !== violation.property) return false;
    shortest = { scenario: candidate, violation: result.violation, tries };
    return true;
  }

  const happened = scenario.events.filter(({ atMs }) => atMs <= violation.atMs);
  await stillViolates({ ...scenario, events: happened });

  for (let size = Math.ceil(happened.length / 2); size >= 1; size = Math.floor(size / 2)) {
    let from = 0;
    while (from < shortest.scenario.events.length) {
      const { events } = shortest.scenario;
      const rest = [...events.slice(0, from), ...events.slice(from + size)];
      if (!(await stillViolates({ ...shortest.scenario, events: rest }))) from += size;
    }
  }
  for (const [index, event] of shortest.scenario.events.entries()) {
    if (event.kind !== 'weather') continue;
    for (const fault of faultsIn(event.rates)) {
      const events: WorldEvent[] = [...shortest.scenario.events];
      const now = events[index];
      if (now?.kind !== 'weather') continue;
      events[index] = { ...now, rates: { ...now.rates, [fault]: 0 } };
      await stillViolates({ ...shortest.scenario, events });
    }
  }
  return { ...shortest, tries };
}

function faultsIn(rates: WeatherRates): readonly string[] {
  return Object.entries(rates)
    .filter(([, rate]) => rate > 0)
    .map(([fault]) => fault);
}

/** The scenario in words, one event a line. */
export function describeScenario({ endpoint, events }: Scenario): readonly string[] {
  const minutes = (ms: number): string => (ms / 60_000).toFixed(1);
  return [
    `networks ${endpoint.subnets.length}, idle grace ${endpoint.idleGraceMinutes} min, association ${endpoint.associateSeconds} s, route ${endpoint.routeSeconds} s, disassociation ${endpoint.disassociateSeconds} s, connect handler ${endpoint.connectHandler}`,
    ...events.map((event) => {
      const { atMs, kind, ...about } = event;
      if (event.kind !== 'weather')
        return `minute ${minutes(atMs)}: ${kind} ${JSON.stringify(about)}`;
      const rates = Object.entries(event.rates)
        .filter(([fault, rate]) => rate !== calm[fault as keyof WeatherRates])
        .map(([fault, rate]) => `${fault} ${Number(rate).toFixed(2)}`);
      return `minute ${minutes(atMs)}: bad weather until minute ${minutes(event.untilMs)}: ${rates.join(', ')}`;
    }),
  ];
}
