import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../src/clock.ts';
import { EventBridgeError, validationError } from './event-bridge-error.ts';

/** An event that was taken, with its detail parsed. */
export interface PublishedEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  /** As the entry says, else when it arrived. */
  readonly time: Date;
  readonly resources: readonly string[];
  readonly eventBusName: string;
}

const mostEntries = 10;
const mostBytes = 1024 * 1024;
/** What a `Time` counts, whatever it says. */
const timeBytes = 14;
/** The oldest are forgotten. */
const rememberedEvents = 10_000;

const entrySchema = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  /** Epoch seconds, as JSON 1.1 writes a time. */
  Time: z.number().optional(),
  EventBusName: z.string().optional(),
  TraceHeader: z.string().optional(),
});
type Entry = z.infer<typeof entrySchema>;
const requestSchema = z.object({ Entries: z.array(entrySchema) });

type EntryAnswer =
  { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

const failedEntry: EntryAnswer = {
  ErrorCode: 'InternalFailure',
  ErrorMessage: 'The entry was told to fail.',
};

export interface PublishedEvents {
  /**
   * @param failing refuses every other entry, beginning with the first
   * @throws EventBridgeError where the request as a whole is refused
   */
  put(
    body: unknown,
    failing?: boolean,
  ): {
    readonly FailedEntryCount: number;
    readonly Entries: readonly EntryAnswer[];
  };
  all(): readonly PublishedEvent[];
}

/** PutEvents. Source: Amazon EventBridge API Reference and User Guide, "PutEvents". */
export function createPublishedEvents(clock: Clock): PublishedEvents {
  let events: PublishedEvent[] = [];

  function take(entry: Entry): EntryAnswer {
    const refusal = refusalOf(entry);
    if (refusal !== null) return refusal;
    const event: PublishedEvent = {
      id: randomUUID(),
      source: entry.Source ?? '',
      detailType: entry.DetailType ?? '',
      detail: JSON.parse(entry.Detail ?? ''),
      time: entry.Time === undefined ? clock.now() : new Date(entry.Time * 1000),
      resources: entry.Resources ?? [],
      eventBusName: entry.EventBusName ?? 'default',
    };
    events.push(event);
    if (events.length > rememberedEvents) events = events.slice(-rememberedEvents / 2);
    return { EventId: event.id };
  }

  return {
    put(body, failing = false) {
      const parsed = requestSchema.safeParse(body);
      if (!parsed.success) {
        throw new EventBridgeError('SerializationException', 'The entries cannot be read.');
      }
      const entries = parsed.data.Entries;
      if (entries.length < 1 || entries.length > mostEntries) {
        const bound =
          entries.length < 1 ? 'greater than or equal to 1' : 'less than or equal to 10';
        throw validationError(
          `Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
        );
      }
      if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) >= mostBytes) {
        throw validationError('Total size of the entries in the request is over the limit.');
      }
      const answers = entries.map((entry, index) =>
        failing && index % 2 === 0 ? failedEntry : take(entry),
      );
      return {
        FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length,
        Entries: answers,
      };
    },
    all: () => events,
  };
}

function sizeOf(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce(
    (bytes, text) => bytes + Buffer.byteLength(text ?? ''),
    entry.Time === undefined ? 0 : timeBytes,
  );
}

function refusalOf(entry: Entry): EntryAnswer | null {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    const value = entry[name];
    if (value === undefined || value === '') {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
    }
  }
  if (entry.Source?.startsWith('aws.') === true) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  }
  return isJsonObject(entry.Detail ?? '')
    ? null
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
