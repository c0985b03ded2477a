import { minuteMs } from './properties/property.ts';
import { randomOf } from './random.ts';
import type { WorldEvent } from './scenario.ts';

/** Longer than a page that is shared may be old: the second click may know of the hold, or not. */
const withinMs = 1_200;

/**
 * In some weeks somebody clicks twice, or in two tabs, while an administrator holds the endpoint off:
 * what was confirmed before counts again when that is over, and nothing else.
 */
export function doubleClicksIn(
  seed: number,
  events: readonly WorldEvent[],
  leaseMinutes: readonly number[],
): readonly WorldEvent[] {
  // Of its own, so that everything else of a week is as it would be without.
  const random = randomOf(`double clicks ${seed}`);
  const last = events.at(-1);
  if (last === undefined || !random.chance(0.4)) return [];
  const around = events[random.whole(0, events.length - 1)] ?? last;
  // Not before the portal has read anything.
  const startMs = Math.max(around.atMs, 10 * minuteMs) + random.whole(0, 20 * 60) * 1000;
  const soon = (): number => startMs + random.whole(0, withinMs);
  const click = (atMs: number, minutes: number): WorldEvent => {
    const portal = random.whole(0, 1);
    return { atMs, kind: 'request', person: 'alice', portal, minutes };
  };
  const [least = 0] = leaseMinutes;
  const most = leaseMinutes.at(-1) ?? least;
  const admin = 'erin';
  const portal = random.whole(0, 1);
  const heldMinutes = random.pick([2, 5, 20]);
  return [
    click(startMs, random.pick([least, most])),
    click(soon(), most),
    { atMs: soon(), kind: 'hold', admin, portal, wish: 'off', minutes: heldMinutes },
    ...(random.chance(0.5) ? [click(soon(), most)] : []),
    ...(random.chance(0.2)
      ? [{ atMs: soon(), kind: 'release', person: 'alice', portal } as const]
      : []),
    { atMs: startMs + random.whole(2, 4) * minuteMs, kind: 'release-hold', admin, portal },
  ];
}
