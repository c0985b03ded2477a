export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The first time after this one at which universal time shows a full hour. */
export function nextHourUtc(afterMs: number, hour: number): number {
  const midnight = Math.floor(afterMs / dayMs) * dayMs;
  const today = midnight + hour * hourMs;
  return today > afterMs ? today : today + dayMs;
}
