/** What time it is. Passed to whoever needs it, so that tests and the local stack can move it. */
export interface Clock {
  now(): Date;
}

/** The only place where the wall clock is read. */
export const systemClock: Clock = { now: () => new Date() };

export function secondsAfter(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000);
}

export function minutesAfter(time: Date, minutes: number): Date {
  return secondsAfter(time, minutes * 60);
}

export function daysAfter(time: Date, days: number): Date {
  return minutesAfter(time, days * 24 * 60);
}

export function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}
