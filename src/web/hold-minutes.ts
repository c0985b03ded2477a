/** How long a hold may be asked for, in minutes; the longest is well below what is allowed. */
export const holdMinutes: readonly number[] = [60, 120, 240, 480, 1440, 2880, 10_080];
