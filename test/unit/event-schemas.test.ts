import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { format } from 'prettier';

import { detailTypes } from '../../src/config/event-names.ts';
import { detailVersion } from '../../src/notify/domain-event.ts';
import { eventSchemas, jsonSchemaOf } from '../../src/notify/event-schemas.ts';
import { aPendingEvent, detailOf, documentedSchema, eventTypes } from '../builders/events.ts';

const docs = path.join(import.meta.dirname, '../../docs');
const page = readFileSync(path.join(docs, 'events.md'), 'utf8');

describe('the schemas of the events', () => {
  it.each(eventTypes)('are in the documents as they are here: %s', async (type) => {
    expect(documentedSchema(type)).toEqual(jsonSchemaOf(type));
    const file = readFileSync(path.join(docs, `events/${type}.schema.json`), 'utf8');
    const written = JSON.stringify(jsonSchemaOf(type));
    expect(file).toBe(await format(written, { parser: 'json', printWidth: 100 }));
  });

  it('are in the documents, and nothing else is', () => {
    expect(readdirSync(path.join(docs, 'events')).sort()).toEqual(
      eventTypes.map((type) => `${type}.schema.json`).sort(),
    );
    const rows = [...page.matchAll(/^\| `([^`]+)`\s+\| \[([a-z-]+)\]\(events\/([a-z-]+)\./gm)];
    expect(rows.map(([, detailType, name, file]) => [detailType, name, file])).toEqual(
      expect.arrayContaining(eventTypes.map((type) => [detailTypes[type], type, type])),
    );
    expect(rows).toHaveLength(eventTypes.length);
    expect(page).toContain(`\`version\`, which is ${detailVersion};`);
  });

  it('take nothing that they do not know, while those who listen may', () => {
    const known = JSON.parse(aPendingEvent().detail) as Record<string, unknown>;
    const unknown = { ...known, clientAddress: '10.1.2.3' };
    expect(eventSchemas['endpoint-stopped'].safeParse(known).success).toBe(true);
    expect(eventSchemas['endpoint-stopped'].safeParse(unknown).success).toBe(false);
    expect(JSON.stringify(documentedSchema('endpoint-stopped'))).not.toContain('additional');
  });

  it.each([
    ['of another version', { version: 2 }],
    ['without an id', { id: undefined }],
    ['with a time that is none', { at: 'yesterday' }],
    ['of no endpoint', { endpointId: 'vpn' }],
  ])('refuse an event %s', (_, changed) => {
    const { detail, detailType } = aPendingEvent();
    const spoilt = { ...(JSON.parse(detail) as object), ...changed };
    expect(() => detailOf({ detailType, detail: spoilt })).toThrow();
    expect(() => detailOf({ detailType, detail: JSON.parse(detail) as unknown })).not.toThrow();
  });

  it('have types that those who listen can tell apart', () => {
    expect(new Set(Object.values(detailTypes)).size).toBe(eventTypes.length);
  });
});
