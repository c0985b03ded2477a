import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

import type { ScheduleHealth, ScheduleTroubleStore } from '../notify/schedule-trouble.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { catalogueKey, isFailedCondition } from './dynamo-table.ts';
import { settleCatalogueEvents } from './dynamo-night-store.ts';
import { readItem } from './read-item.ts';
import { adding, pendingEventsIn } from './stored-events.ts';
import { scheduleRun, scheduleTrouble } from './stored-items.ts';

const form = z.object({ schedule: scheduleRun.optional(), trouble: scheduleTrouble.optional() });

/** In the catalogue's item, beside the last run: one condition is about both. */
export function createDynamoScheduleTrouble({ client, name }: DynamoTable): ScheduleTroubleStore {
  const key = { TableName: name, Key: catalogueKey };
  return {
    async load() {
      const { Item: item = {} } = await client.send(
        new GetCommand({ ...key, ConsistentRead: true }),
      );
      const stored = readItem(form, item);
      return {
        lastRun: stored.schedule ?? null,
        trouble: stored.trouble ?? null,
        events: pendingEventsIn(item),
      };
    },

    async change({ event, read, trouble: wanted }) {
      const unchanged = conditionOf(read);
      const events = adding(event === null ? [] : [event]);
      const sets = [...(wanted === null ? [] : ['#trouble = :trouble']), ...events.assignments];
      const clauses = [
        sets.length > 0 ? `SET ${sets.join(', ')}` : '',
        wanted === null ? 'REMOVE #trouble' : '',
      ];
      try {
        await client.send(
          new UpdateCommand({
            ...key,
            UpdateExpression: clauses.filter(Boolean).join(' '),
            ConditionExpression: unchanged.condition,
            ExpressionAttributeNames: {
              '#trouble': 'trouble',
              ...unchanged.names,
              ...events.names,
            },
            ExpressionAttributeValues: {
              ...(wanted === null ? {} : { ':trouble': z.encode(scheduleTrouble, wanted) }),
              ...unchanged.values,
              ...events.values,
            },
          }),
        );
        return true;
      } catch (error) {
        if (isFailedCondition(error)) return false;
        throw error;
      }
    },

    settleEvents: (ids) => settleCatalogueEvents({ client, name }, ids),
  };
}

/** That both are as they were read: somebody may have run, or told, in between. */
function conditionOf({ lastRun, trouble: before }: ScheduleHealth): {
  readonly condition: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
} {
  const run = lastRun === null ? 'attribute_not_exists(#schedule)' : '#schedule.#at = :ranAt';
  const state =
    before === null
      ? 'attribute_not_exists(#trouble)'
      : '#trouble.#since = :since AND #trouble.#told = :told';
  return {
    condition: `${run} AND ${state}`,
    names: {
      '#schedule': 'schedule',
      ...(lastRun === null ? {} : { '#at': 'at' }),
      ...(before === null ? {} : { '#since': 'since', '#told': 'told' }),
    },
    values: {
      ...(lastRun === null ? {} : { ':ranAt': lastRun.at.toISOString() }),
      ...(before === null ? {} : { ':since': before.since.toISOString(), ':told': before.told }),
    },
  };
}
