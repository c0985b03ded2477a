import type { DayChange } from '../../src/usage/totals-service.ts';
import type { DayTotal } from '../../src/usage/totals.ts';

/** What a recomputation has changed about a day, in one sentence. */
export function changeSentence({ after, before, day }: DayChange): string {
  const figures = [
    changed(before, after, ({ onSeconds }) => `on for ${hours(onSeconds)}`),
    changed(
      before,
      after,
      ({ billedHours }) => `${billedHours.toFixed(2)} association-hours charged`,
    ),
    changed(before, after, ({ connections }) => counted(connections, 'connection')),
    changed(before, after, ({ connectionSeconds }) => `connected for ${hours(connectionSeconds)}`),
    changed(before, after, (total) =>
      counted(total.people.length + total.peopleBeyond, 'person', 'people'),
    ),
    changed(before, after, ({ gapSeconds }) => `not observed for ${hours(gapSeconds)}`),
    changed(before, after, ({ networks }) => counted(networks, 'network')),
    changed(before, after, ({ elapsedSeconds }) => `figures of ${hours(elapsedSeconds)}`),
  ].filter((sentence) => sentence !== null);
  if (before === null) return `${day} had no figures. Now: ${figures.join(', ')}.`;
  if (figures.length > 0) return `${day}: ${figures.join('; ')}.`;
  return `${day}: the sums are the same, how they are divided among hours or people is not.`;
}

function changed(
  before: DayTotal | null,
  after: DayTotal,
  say: (total: DayTotal) => string,
): string | null {
  const now = say(after);
  if (before === null) return now;
  const then = say(before);
  return now === then ? null : `${now}, was: ${then}`;
}

function hours(seconds: number): string {
  return `${(seconds / 3600).toFixed(2)} hours`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
