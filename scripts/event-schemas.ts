import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { format } from 'prettier';

import type { EventType } from '../src/config/event-names.ts';
import { eventSchemas, jsonSchemaOf } from '../src/notify/event-schemas.ts';

/* Writes the schemas of the events for those who listen, from those that the portal has itself. */

const folder = path.join(import.meta.dirname, '../docs/events');
mkdirSync(folder, { recursive: true });
for (const type of Object.keys(eventSchemas) as EventType[]) {
  const text = await format(JSON.stringify(jsonSchemaOf(type)), {
    parser: 'json',
    printWidth: 100,
  });
  writeFileSync(path.join(folder, `${type}.schema.json`), text);
}
