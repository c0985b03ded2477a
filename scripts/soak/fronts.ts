import { randomOf } from '../../test/simulation/random.ts';
import { hourMs, minuteMs } from './moments.ts';
import { ec2Actions } from './weather.ts';
import type { Front } from './weather.ts';

/** A time in which something goes wrong. */
export interface Spell {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly front: Front;
}

/** The spells of a day: mostly while people are about, so that it goes wrong for somebody. */
export function spellsOf(seed: number, nth: number, startsAt: number): readonly Spell[] {
  const random = randomOf(`${seed} spells ${nth}`);
  const front = (): Front =>
    random.pick<Front>([
      { kind: 'drizzle' },
      { kind: 'drizzle' },
      { kind: 'ec2-busy' },
      { kind: 'table-down' },
      { kind: 'events-down' },
      { kind: 'one-action', action: random.pick(ec2Actions) },
      { kind: 'one-action', action: random.pick(ec2Actions) },
    ]);
  const spell = (fromHour: number, hours: number): Spell => {
    const fromMs = startsAt + fromHour * hourMs + random.next() * hours * hourMs;
    return { fromMs, untilMs: fromMs + random.whole(10, 30) * minuteMs, front: front() };
  };
  return [spell(0.5, 4), random.chance(0.6) ? spell(5, 5) : spell(12, 11)];
}
