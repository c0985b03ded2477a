/** What is to come, by its time in epoch milliseconds. */
export interface Agenda {
  at(timeMs: number, act: () => Promise<void>): void;
  /** `Infinity` where nothing is to come. */
  nextAt(): number;
  /** Takes out what is due by then, in the order of its time. */
  takeDue(timeMs: number): readonly (() => Promise<void>)[];
}

export function createAgenda(): Agenda {
  let entries: { readonly timeMs: number; readonly act: () => Promise<void> }[] = [];
  return {
    at(timeMs, act) {
      const place = entries.findIndex((entry) => entry.timeMs > timeMs);
      entries.splice(place === -1 ? entries.length : place, 0, { timeMs, act });
    },
    nextAt: () => entries[0]?.timeMs ?? Infinity,
    takeDue(timeMs) {
      const due = entries.filter((entry) => entry.timeMs <= timeMs);
      if (due.length > 0) entries = entries.slice(due.length);
      return due.map(({ act }) => act);
    },
  };
}
