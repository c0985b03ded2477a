const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/** Every time that it is the latest hour, from some days before a week to some days after it. */
export interface LatestHours {
  /** The last one by then; `null` where the endpoint has none. */
  lastBy(time: number): number | null;
  /** The next one after that; `null` where the endpoint has none. */
  nextAfter(time: number): number | null;
}

const known = new Map<string, LatestHours>();

/** Found by trying, from what clocks in the zone show: on purpose not as the portal finds them. */
export function latestHoursOf(offAt: string | null, startsAt: number): LatestHours {
  if (offAt === null) return { lastBy: () => null, nextAfter: () => null };
  const key = `${offAt} ${startsAt}`;
  const found = known.get(key) ?? search(offAt, startsAt);
  known.set(key, found);
  return found;
}

function search(offAt: string, startsAt: number): LatestHours {
  const [time = '', zone = ''] = offAt.split(' ');
  const face = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const shown = (at: number): string => face.format(at);
  const times: number[] = [];
  for (let day = -3; day < 10; day += 1) {
    const date = new Date(startsAt + day * dayMs).toISOString().slice(0, 10);
    const wanted = `${date} ${time}`;
    // As if the zone were UTC; the offsets in use lie between -12 and +14 hours.
    const middle = Date.parse(`${date}T${time}:00Z`);
    const candidates: number[] = [];
    for (let at = middle - 14 * hourMs; at <= middle + 12 * hourMs; at += hourMs / 2) {
      if (shown(at) === wanted) candidates.push(at);
    }
    // An hour that the clocks skip comes as late as they would have shown it without that.
    const [first] = candidates;
    times.push(first ?? shownADayEarlier(middle, shown) + dayMs);
  }
  return {
    lastBy: (time) => times.filter((at) => at <= time).at(-1) ?? null,
    nextAfter: (time) => times.find((at) => at > time) ?? null,
  };
}

function shownADayEarlier(middle: number, shown: (at: number) => string): number {
  const wanted = new Date(middle - dayMs).toISOString().slice(0, 16).replace('T', ' ');
  for (let at = middle - dayMs - 14 * hourMs; ; at += hourMs / 2) {
    if (shown(at) === wanted) return at;
  }
}
