import { mutants } from './mutants.ts';
import { describeScenario, shrink } from './shrink.ts';
import { simulate } from './simulation.ts';
import type { Violation } from './simulation.ts';
import { asItIs } from './variant.ts';
import type { Variant } from './variant.ts';
import { weekOf } from './week.ts';

/** What came of playing weeks one after the other, to the last or to the first violation. */
export interface Tally {
  readonly weeks: number;
  readonly events: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly finding: Finding | null;
}

/** What somebody needs who has to find the fault. */
export interface Finding {
  readonly seed: number;
  readonly property: string;
  readonly what: string;
  /** The shortest history found that shows it: the set-up, the events, what then happened last. */
  readonly story: readonly string[];
}

/** Which weeks to play: `firstSeed`, then every so many seeds after it. */
export interface Share {
  readonly firstSeed: number;
  readonly weeks: number;
  readonly step: number;
  /** The name of the product to play instead of the real one: one of the mutants. */
  readonly mutant?: string | undefined;
  /** Only a violation of this property counts, and it is not made shorter; any unless given. */
  readonly property?: string | undefined;
}

const shownLines = 60;

export async function play({ firstSeed, mutant, property, step, weeks }: Share): Promise<Tally> {
  const variant = variantOf(mutant);
  const counts = new Map<string, number>();
  let events = 0;
  for (let played = 0; played < weeks; played += 1) {
    const seed = firstSeed + played * step;
    const result = await simulate(weekOf(seed), { variant });
    events += result.events;
    addTo(counts, result.counts);
    const { violation } = result;
    if (violation !== null && (property ?? violation.property) === violation.property) {
      const finding =
        property === undefined
          ? await findingOf(seed, violation, variant)
          : { ...violation, seed, story: [] };
      return { weeks: played + 1, events, counts, finding };
    }
  }
  return { weeks, events, counts, finding: null };
}

/** The sum of several. */
export function together(tallies: readonly Tally[]): Tally {
  const counts = new Map<string, number>();
  let weeks = 0;
  let events = 0;
  for (const tally of tallies) {
    weeks += tally.weeks;
    events += tally.events;
    addTo(counts, tally.counts);
  }
  const finding = tallies.map((tally) => tally.finding).find((found) => found !== null) ?? null;
  return { weeks, events, counts, finding };
}

async function findingOf(seed: number, violation: Violation, variant: Variant): Promise<Finding> {
  const shortest = await shrink(weekOf(seed), violation, { variant });
  const { history } = await simulate(shortest.scenario, { variant, keepHistory: true });
  const { property, what } = shortest.violation;
  const story = [...describeScenario(shortest.scenario), ...history.slice(-shownLines)];
  return { seed, property, what, story };
}

function variantOf(mutant: string | undefined): Variant {
  if (mutant === undefined) return asItIs;
  const found = mutants.find(({ name }) => name === mutant);
  if (found === undefined) throw new Error(`there is no mutant that ${mutant}`);
  return found.variant;
}

function addTo(counts: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [what, times] of more) counts.set(what, (counts.get(what) ?? 0) + times);
}
