/**
 * Computes the totals of a month again from its records, and says what has changed:
 *
 *   npm run recompute-usage -- --month 2026-10
 *   npm run recompute-usage -- --month 2026-10 --endpoint cvpn-endpoint-0123456789abcdef0
 *
 * Takes the environment that the reconciler runs in: TABLE_NAME, TIME_ZONE, BILLING and how long
 * records are kept. Making it again changes nothing more. Ends with 2 for arguments that it does
 * not take, and with 1 where something failed.
 */
import { parseArgs } from 'node:util';

import {
  EnvironmentError,
  readEnvironment,
  reconcilerEnvironment,
} from '../src/config/environment.ts';
import { createScheduleServices } from '../src/services.ts';
import type { ScheduleServices } from '../src/services.ts';
import { parseMonth } from '../src/usage/calendar.ts';
import type { Month } from '../src/usage/calendar.ts';
import { parseEndpointId } from '../src/vpn/ids.ts';
import type { EndpointId } from '../src/vpn/ids.ts';
import { changeSentence } from './recompute/change-sentences.ts';

interface Arguments {
  readonly month: Month;
  /** `null` for every endpoint. */
  readonly only: EndpointId | null;
}

/** Says what is wrong, and ends. */
function refuse(sentence: string, exitCode: 1 | 2): never {
  console.error(sentence);
  process.exit(exitCode);
}

function readArguments(): Arguments {
  const example = 'For example: npm run recompute-usage -- --month 2026-10';
  let values: { month?: string; endpoint?: string };
  try {
    ({ values } = parseArgs({
      options: { month: { type: 'string' }, endpoint: { type: 'string' } },
    }));
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n${example}`, 2);
  }
  if (values.month === undefined) return refuse(`--month says which month. ${example}`, 2);
  const month = parseMonth(values.month);
  if (month === null) {
    return refuse(`--month takes a month such as 2026-10, not "${values.month}".`, 2);
  }
  if (values.endpoint === undefined) return { month, only: null };
  const only = parseEndpointId(values.endpoint);
  if (only !== null) return { month, only };
  return refuse(
    `--endpoint takes an id such as cvpn-endpoint-0123456789abcdef0, not "${values.endpoint}".`,
    2,
  );
}

function openServices(): ScheduleServices {
  try {
    return createScheduleServices(readEnvironment(reconcilerEnvironment));
  } catch (error) {
    if (error instanceof EnvironmentError) return refuse(error.message, 1);
    throw error;
  }
}

const { month, only } = readArguments();
const { catalogue, totals, usage } = openServices();

/** Managed ones, and those that have figures of that month from when they were. */
async function endpointsOf(): Promise<readonly EndpointId[]> {
  if (only !== null) return [only];
  const managed = (await catalogue.get())?.endpoints.map(({ id }) => id) ?? [];
  const known = (await usage.months(month)).map(({ endpointId }) => endpointId);
  return [...new Set([...managed, ...known])].sort();
}

const endpoints = await endpointsOf();
if (endpoints.length === 0) console.log('There is no managed endpoint, and none with figures.');
for (const endpointId of endpoints) {
  const { changes, expired } = await totals.recompute(endpointId, month);
  const days = changes.length === 1 ? '1 day' : `${changes.length} days`;
  console.log(
    changes.length === 0
      ? `${endpointId}: nothing in ${month} has changed.`
      : `${endpointId}: the figures of ${days} have changed in ${month}.`,
  );
  for (const change of changes) console.log(`  ${changeSentence(change)}`);
  if (expired.length > 0) {
    console.log(
      `  Left as they are, because their records have outlived USAGE_RETENTION_DAYS: ${expired.join(', ')}.`,
    );
  }
}
