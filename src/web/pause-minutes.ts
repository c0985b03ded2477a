/** How long a pause may be asked for, in minutes; the longest is the longest that is allowed. */
export const pauseMinutes: readonly number[] = [30, 60, 120, 240, 480, 1440, 2880, 10_080];
