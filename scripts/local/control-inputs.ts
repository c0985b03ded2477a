import { z } from 'zod';
import { faultyServices } from './faults.ts';

/** A number as JSON has it, or as a form field has it: in digits. */
function numeric<Schema extends z.ZodType<number, number>>(schema: Schema) {
  const inDigits = z.string().regex(/^\s*\d+(?:\.\d+)?\s*$/, 'not a number');
  return z.union([z.number(), inDigits.transform(Number)], 'not a number').pipe(schema);
}

const text = z.string('text is missing').trim().min(1, 'it is empty').max(500, 'it is too long');

export const connectionInput = z.object({ endpointId: text, username: text });

/** A year at most in one step: a slip of the finger should not end in another century. */
export const clockInput = z.object({
  advanceMinutes: numeric(
    z
      .number()
      .positive('time moves forward only')
      .max(366 * 24 * 60, 'a year is the most in one step'),
  ),
});

const services = [...faultyServices, 'eventbridge'] as const;

export const faultInput = z.object({
  /** `eventbridge` is understood as well as `events`, its name in AWS's addresses. */
  service: z
    .enum(services, `it must be one of ${services.join(', ')}`)
    .transform((service) => (service === 'eventbridge' ? 'events' : service)),
  action: text,
  code: text.regex(/^[A-Za-z0-9._-]+$/, 'an error code has letters, digits and dots only'),
  status: numeric(z.int('not a whole number').min(400).max(599)).default(400),
  times: numeric(z.int('not a whole number').min(1).max(100_000)).default(1),
  effect: z.enum(['before', 'after'], 'it must be before or after').default('before'),
});

export const associationInput = z.object({ endpointId: text, subnetId: text });

export const routeInput = z.object({
  endpointId: text,
  subnetId: text,
  destinationCidr: text,
  description: z.string().trim().max(255).default(''),
});

export const failedAssociationInput = z.object({
  subnetId: text,
  message: text.default('The local stack was told to let this association fail.'),
  times: numeric(z.int('not a whole number').min(1).max(1000)).default(1),
});

export const slowAssociationInput = z.object({
  subnetId: text,
  seconds: numeric(z.int('not a whole number').min(1).max(86_400)),
});
