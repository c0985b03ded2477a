/** What is to happen, in the order of its time, and of its entry where the times are equal. */
export interface Agenda {
  /** Virtual time, in milliseconds. */
  now(): number;
  /** The same; one and the same `Date` until time goes on, since everybody asks all the time. */
  date(): Date;
  at(time: number, act: () => void): void;
  after(milliseconds: number, act: () => void): void;
  /** Moves on to the next entry and answers it; `null` where there is none by `end`. */
  next(end: number): (() => void) | null;
}

interface Entry {
  readonly time: number;
  readonly serial: number;
  readonly act: () => void;
}

/** A binary heap: a week has tens of thousands of entries, most of them a moment ahead. */
export function createAgenda(start: number): Agenda {
  const heap: Entry[] = [];
  let now = start;
  let date = new Date(start);
  let serial = 0;

  const isBefore = (a: Entry, b: Entry): boolean =>
    a.time < b.time || (a.time === b.time && a.serial < b.serial);

  function push(entry: Entry): void {
    let hole = heap.length;
    heap.push(entry);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[hole] = parent;
      hole = above;
    }
    heap[hole] = entry;
  }

  function pop(): Entry | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let hole = 0;
    for (;;) {
      const left = 2 * hole + 1;
      const a = heap[left];
      if (a === undefined) break;
      const b = heap[left + 1];
      const child = b !== undefined && isBefore(b, a) ? b : a;
      if (!isBefore(child, last)) break;
      heap[hole] = child;
      hole = child === b ? left + 1 : left;
    }
    heap[hole] = last;
    return first;
  }

  function at(time: number, act: () => void): void {
    serial += 1;
    push({ time: time > now ? time : now, serial, act });
  }

  return {
    now: () => now,
    date() {
      if (date.getTime() !== now) date = new Date(now);
      return date;
    },
    at,
    after(milliseconds, act) {
      at(now + milliseconds, act);
    },
    next(end) {
      const first = heap[0];
      if (first === undefined || first.time > end) return null;
      now = first.time;
      return pop()?.act ?? null;
    },
  };
}
