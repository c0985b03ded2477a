import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRow, hoursCell, timeCell } from '../../src/web/csv.ts';
import { anyText } from '../builders/any-text.ts';
import { readCsv } from '../builders/rfc4180.ts';

const mayBeFormula = /^[=+\-@\t\r\n＝＋－＠]/;
const cellText = fc.oneof(
  anyText(),
  fc
    .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', '"', ',', "'"), fc.string())
    .map(([first, rest]) => first + rest),
);

describe('a line of CSV', () => {
  it('reads back as what was written, apostrophes before formulas apart', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cellText, { minLength: 2, maxLength: 5 }), { maxLength: 5 }),
        (rows) => {
          const expected = rows.map((row) =>
            row.map((cell) => (mayBeFormula.test(cell) ? `'${cell}` : cell)),
          );

          expect(readCsv(rows.map(csvRow).join(''))).toEqual(expected);
        },
      ),
    );
  });

  it('never has a cell that a spreadsheet takes for a formula', () => {
    fc.assert(
      fc.property(cellText, (text) => {
        expect(readCsv(csvRow([text, 'x']))[0]?.[0]).not.toMatch(mayBeFormula);
      }),
    );
  });

  it('leaves a name that only contains such a sign as it is', () => {
    expect(csvRow(['a=b', 'c+d@example.com'])).toBe('a=b,c+d@example.com\r\n');
  });

  it('has numbers as numbers, and nothing for nothing', () => {
    expect(csvRow([0, 12_345_678, null, ''])).toBe('0,12345678,,\r\n');
  });
});

describe('a time in a file', () => {
  it('has the offset of the accounts’ zone', () => {
    expect(timeCell(new Date('2026-03-04T02:02:59.900Z'), 'Asia/Tokyo')).toBe(
      '2026-03-04T11:02:59+09:00',
    );
  });

  it('tells the two hours apart that have the same name when clocks go back', () => {
    const first = timeCell(new Date('2026-10-25T00:30:00Z'), 'Europe/Berlin');
    const second = timeCell(new Date('2026-10-25T01:30:00Z'), 'Europe/Berlin');

    expect([first, second]).toEqual(['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00']);
  });

  it('is the same moment when it is read back', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
        fc.constantFrom('UTC', 'Asia/Tokyo', 'America/St_Johns', 'Europe/Berlin'),
        (time, zone) => {
          const whole = new Date(Math.floor(time.getTime() / 1000) * 1000);

          expect(new Date(timeCell(time, zone))).toEqual(whole);
        },
      ),
    );
  });

  it('is empty where there is none', () => {
    expect(timeCell(null, 'UTC')).toBe('');
  });

  it('stands beside hours that do not lose a second', () => {
    expect(Math.round(Number(hoursCell(3601)) * 3600)).toBe(3601);
  });
});
