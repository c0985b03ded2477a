import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createEmfMetrics } from '../../src/aws/emf-metrics.ts';
import { metrics } from '../../src/config/metric-names.ts';
import type { MetricName } from '../../src/config/metric-names.ts';
import type { Measurement } from '../../src/metrics/metrics.ts';
import { createLog } from '../../src/services.ts';
import { extractMetrics } from '../builders/embedded-metrics.ts';
import { sampleNow } from '../builders/endpoint-for-person.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';

const namespace = 'ClientVpnOnDemand';
const names = Object.keys(metrics) as readonly MetricName[];

let folder: string;
let written: () => readonly string[];
let record: (measurements: readonly Measurement[], about?: Record<string, unknown>) => void;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'emf-'));
  const file = path.join(folder, 'log');
  const log = createLog({ destination: openSync(file, 'w') });
  const emf = createEmfMetrics({ log, clock: createStoppedClock(), namespace });
  record = (measurements, about) => {
    emf.record(measurements, about);
  };
  written = () => readFileSync(file, 'utf8').trimEnd().split('\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const parsed = (): readonly unknown[] => written().map((line): unknown => JSON.parse(line));

describe('a line with metrics', () => {
  it('is what the specification asks for, beside what every log line has', () => {
    record([{ name: 'Starts', value: 1, of: 'cvpn-endpoint-1' }], {
      endpointId: 'cvpn-endpoint-1',
    });
    expect(parsed()).toEqual([
      {
        level: 30,
        time: expect.any(String),
        msg: 'metrics',
        endpointId: 'cvpn-endpoint-1',
        _aws: {
          Timestamp: sampleNow.getTime(),
          CloudWatchMetrics: [
            {
              Namespace: namespace,
              Dimensions: [[], ['EndpointId']],
              Metrics: [{ Name: 'Starts', Unit: 'Count' }],
            },
          ],
        },
        Starts: 1,
        EndpointId: 'cvpn-endpoint-1',
      },
    ]);
  });

  it('has no dimension where the measurement is about all of them', () => {
    record([{ name: 'HoursOn', value: 0, of: null }]);
    expect(written().flatMap(extractMetrics)).toEqual([
      { name: 'HoursOn', value: 0, unit: 'None', dimensions: {} },
    ]);
  });

  it('takes all that fits together', () => {
    record([
      { name: 'Passes', value: 1, of: null },
      { name: 'HoursOn', value: 2.5, of: 'a' },
      { name: 'Stops', value: 1, of: 'idle' },
    ]);
    expect(written()).toHaveLength(1);
    expect(written().flatMap(extractMetrics)).toEqual([
      { name: 'Passes', value: 1, unit: 'Count', dimensions: {} },
      { name: 'HoursOn', value: 2.5, unit: 'None', dimensions: {} },
      { name: 'HoursOn', value: 2.5, unit: 'None', dimensions: { EndpointId: 'a' } },
      { name: 'Stops', value: 1, unit: 'Count', dimensions: {} },
      { name: 'Stops', value: 1, unit: 'Count', dimensions: { Cause: 'idle' } },
    ]);
  });

  it('does not take two values of one metric, or two endpoints', () => {
    record([
      { name: 'AwsErrors', value: 1, of: 'IncorrectState' },
      { name: 'AwsErrors', value: 1, of: 'other' },
      { name: 'Starts', value: 1, of: 'a' },
      { name: 'HoursOn', value: 1, of: 'b' },
    ]);
    expect(written()).toHaveLength(2);
    const byDimension = written()
      .flatMap(extractMetrics)
      .filter(({ dimensions }) => Object.keys(dimensions).length > 0)
      .map(({ dimensions, name }) => [name, ...Object.values(dimensions)]);
    expect(byDimension.sort()).toEqual([
      ['AwsErrors', 'IncorrectState'],
      ['AwsErrors', 'other'],
      ['HoursOn', 'b'],
      ['Starts', 'a'],
    ]);
  });

  it('is not written where nothing was measured', () => {
    record([]);
    expect(written()).toEqual(['']);
  });

  it('keeps the rules of the format, and loses nothing, whatever is measured', () => {
    const measurement = fc.record({
      name: fc.constantFrom(...names),
      value: fc.double({ min: 0, max: 1e9, noNaN: true }),
      of: fc.option(fc.constantFrom('a', 'b', 'c')),
    });
    fc.assert(
      fc.property(fc.array(measurement, { maxLength: 12 }), (measurements) => {
        const lines: string[] = [];
        const info = (fields: object): void => {
          lines.push(JSON.stringify(fields));
        };
        const log = { info, warn: info, error: info };
        createEmfMetrics({ log, clock: createStoppedClock(), namespace }).record(measurements);
        const extracted = lines.flatMap(extractMetrics);
        const expected = measurements.flatMap(({ name, of, value }) => {
          const { dimension } = metrics[name];
          const all = { name, value, dimensions: {} };
          return of === null || dimension === null
            ? [all]
            : [all, { ...all, dimensions: { [dimension]: of } }];
        });
        const key = ({ dimensions, name, value }: (typeof expected)[number]): string =>
          JSON.stringify([name, value, dimensions]);
        const found = extracted.map(({ dimensions, name, value }) =>
          JSON.stringify([name, value, dimensions]),
        );
        expect(found.sort()).toEqual(expected.map(key).sort());
      }),
    );
  });
});

describe('the rules of the format', () => {
  const line = (change: (fields: Record<string, unknown>) => void): string => {
    const fields: Record<string, unknown> = {
      _aws: {
        Timestamp: sampleNow.getTime(),
        CloudWatchMetrics: [
          { Namespace: namespace, Dimensions: [['Code']], Metrics: [{ Name: 'AwsErrors' }] },
        ],
      },
      AwsErrors: 1,
      Code: 'other',
    };
    change(fields);
    return JSON.stringify(fields);
  };

  it.each<[string, (fields: Record<string, unknown>) => void]>([
    ['a value that is missing', (fields) => delete fields['AwsErrors']],
    ['a value that is no number', (fields) => (fields['AwsErrors'] = '1')],
    ['a dimension that is missing', (fields) => delete fields['Code']],
    ['a dimension that is no text', (fields) => (fields['Code'] = 1)],
    ['no metadata', (fields) => delete fields['_aws']],
    [
      'a time in seconds',
      (fields) => Object.assign(fields['_aws'] as object, { Timestamp: 1_795_248_000 }),
    ],
  ])('do not allow %s', (_what, change) => {
    expect(() => extractMetrics(line(() => undefined))).not.toThrow();
    expect(() => extractMetrics(line(change))).toThrow();
  });
});
