import { z } from 'zod';

/*
 * The rules of CloudWatch's embedded metric format, for lines as they are written. What breaks one of
 * them makes no metric, and CloudWatch says so to nobody who does not ask.
 *
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */

const units = [
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Count', 'Percent', 'None', 'Count/Second'],
  ...['', 'Kilo', 'Mega', 'Giga', 'Tera'].flatMap((scale) => {
    const [bytes, bits] = scale === '' ? ['Bytes', 'Bits'] : [`${scale}bytes`, `${scale}bits`];
    return [bytes, bits, `${bytes}/Second`, `${bits}/Second`];
  }),
];

const name = z.string().min(1).max(1024);

const directive = z.strictObject({
  Namespace: z.string().regex(/^(?!AWS\/)[ -~]{1,255}$/),
  Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
  Metrics: z
    .array(
      z.strictObject({
        Name: name,
        Unit: z.enum(units).optional(),
        StorageResolution: z.union([z.literal(1), z.literal(60)]).optional(),
      }),
    )
    .min(1)
    .max(100),
});

const line = z.looseObject({
  _aws: z.strictObject({
    // Milliseconds: seconds would be of January 1970, and too old for CloudWatch.
    Timestamp: z.int().min(Date.parse('2020-01-01')).max(Date.parse('2100-01-01')),
    CloudWatchMetrics: z.array(directive).min(1),
  }),
});

const longestLineBytes = 1024 * 1024;
const metricValue = z.union([z.number(), z.array(z.number()).min(1).max(100)]);
const dimensionValue = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[ -~]+$/);

/** A metric as CloudWatch would take it out of a line. */
export interface Extracted {
  readonly name: string;
  readonly value: unknown;
  readonly unit: string | undefined;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

/** @throws where the line breaks a rule */
export function extractMetrics(text: string): readonly Extracted[] {
  if (Buffer.byteLength(text) > longestLineBytes) throw new Error('the line is too long');
  const root = line.parse(JSON.parse(text));
  return root._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Dimensions.flatMap((keys) =>
      Metrics.map(({ Name, Unit }) => ({
        name: Name,
        value: metricValue.parse(root[Name]),
        unit: Unit,
        dimensions: Object.fromEntries(keys.map((key) => [key, dimensionValue.parse(root[key])])),
      })),
    ),
  );
}
