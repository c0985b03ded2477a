import { createAwsClients } from '../../../src/aws/clients.ts';
import { dynamoTable } from '../../../src/aws/dynamo-table.ts';
import { createDynamoUsageStore } from '../../../src/aws/dynamo-usage-store.ts';
import { daysAfter } from '../../../src/clock.ts';
import type { Clock } from '../../../src/clock.ts';
import { recordsDifferFromTheBill } from '../../../test/simulation/properties/records-equal-the-bill.ts';
import type { ConnectionRecord } from '../../../src/usage/connection-record.ts';
import type { OnPeriod } from '../../../src/usage/on-period.ts';
import type { UsageStore } from '../../../src/usage/usage-store.ts';
import type { Bill } from '../../local/client-vpn/bill.ts';
import { administratorAccessKeyId, localSecretAccessKey } from '../../local/access-keys.ts';
import { localTableName } from '../../local/stack.ts';
import type { LocalStack } from '../../local/stack.ts';
import { minuteMs } from '../moments.ts';
import type { Readings } from '../readings.ts';
import type { Place } from '../town.ts';

/** The history of one endpoint, as the product's own store reads it. */
export interface History {
  readonly periods: readonly OnPeriod[];
  readonly connections: readonly ConnectionRecord[];
}

export interface Accounts {
  readonly billedMinutes: number;
  readonly recordedMinutes: number;
  /** Of the periods that have begun or ended while nobody looked. */
  readonly unobservedMinutes: number;
  readonly billedConnectionMinutes: number;
  readonly recordedConnectionMinutes: number;
  /** What is not so; `null` where history and bill say the same. */
  readonly difference: string | null;
}

async function readHistory(
  store: UsageStore,
  { id }: Place,
  range: { readonly from: Date; readonly to: Date },
): Promise<History> {
  const connections: ConnectionRecord[] = [];
  for await (const page of store.connections(id, range)) connections.push(...page);
  return { periods: await store.periods(id, range), connections };
}

/**
 * The history against the bill, as the simulation holds them against each other: each period is one
 * billed association, begun and ended between the readings around its ends, give or take a minute; where
 * nobody looked for more than five minutes, between those that the record names. Connections to the second.
 *
 * @param readAt when complete readings were made whose passes were recorded, in epoch milliseconds
 */
export function compareAccounts(
  { id }: Pick<Place, 'id'>,
  bill: Bill,
  { connections, periods }: History,
  readAt: readonly number[],
): Accounts {
  const own = {
    associations: bill.associations.filter(({ endpointId }) => endpointId === id),
    connections: bill.connections.filter(({ endpointId }) => endpointId === id),
  };
  const sortedReadings = [...readAt].sort((a, b) => a - b);
  const usage = { periods, connections, gaps: [] };
  return {
    billedMinutes: minutesOf(own.associations),
    recordedMinutes: minutesOf(periods),
    unobservedMinutes: minutesOf(
      periods.flatMap(({ from, to, unobservedSince, unobservedUntil }) => [
        { from: unobservedSince ?? from, to: from },
        { from: to ?? from, to: to === null ? from : (unobservedUntil ?? to) },
      ]),
    ),
    billedConnectionMinutes: minutesOf(own.connections),
    recordedConnectionMinutes: minutesOf(connections),
    difference: recordsDifferFromTheBill({ bill: own, usage, readAt: sortedReadings }),
  };
}

function minutesOf(spans: readonly { readonly from: Date; readonly to: Date | null }[]): number {
  return spans
    .map(({ from, to }) => (to === null ? 0 : (to.getTime() - from.getTime()) / minuteMs))
    .reduce((sum, minutes) => sum + minutes, 0);
}

/** When everything is over and off: what the history says of it, against what AWS has billed. */
export async function readAccounts(
  { clientVpn, environment }: LocalStack,
  places: readonly Place[],
  readings: Readings,
  clock: Clock,
): Promise<ReadonlyMap<string, Accounts>> {
  const { dynamo, ec2, eventBridge } = createAwsClients({
    dynamo: {
      region: environment['AWS_REGION'] ?? '',
      endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
      credentials: {
        accessKeyId: administratorAccessKeyId,
        secretAccessKey: localSecretAccessKey,
      },
    },
  });
  try {
    const retention = { recordDays: 400, totalDays: 400 };
    const store = createDynamoUsageStore(dynamoTable(dynamo, localTableName), { clock, retention });
    const to = clock.now();
    const range = { from: daysAfter(to, -366), to };
    const compared = places.map(async (place) => {
      const history = await readHistory(store, place, range);
      const accounts = compareAccounts(place, clientVpn.bill(), history, readings.of(place.id));
      return [place.name, accounts] as const;
    });
    return new Map(await Promise.all(compared));
  } finally {
    for (const client of [dynamo, ec2, eventBridge]) client.destroy();
  }
}
