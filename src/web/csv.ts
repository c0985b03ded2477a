import { Temporal } from 'temporal-polyfill';

/** What stands in a cell; `null` for nothing. */
export type Cell = string | number | null;

/** Excel takes a file without it for one of its own, older code pages. */
export const byteOrderMark = '\uFEFF';

/**
 * What a spreadsheet may take for a formula, the wide forms of Japanese keyboards included.
 * Source: OWASP, "CSV Injection".
 */
const formula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** A line of a CSV file, its end included. Source: RFC 4180. */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return cell.toString();
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `2026-03-04T11:02:00+09:00`; empty for `null`. */
export function timeCell(time: Date | null, timeZone: string): string {
  if (time === null) return '';
  return Temporal.Instant.fromEpochMilliseconds(time.getTime())
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', smallestUnit: 'second' });
}

/** Hours with as many digits as there are seconds to tell apart. */
export function hoursCell(seconds: number): string {
  return (seconds / 3600).toFixed(4);
}
