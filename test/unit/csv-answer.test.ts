import { createServer, get } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { listen, stopListening } from '../../scripts/local/listen.ts';
import type { Cell } from '../../src/web/csv.ts';
import { sendCsv } from '../../src/web/csv-answer.ts';
import { PageError } from '../../src/web/page-error.ts';

let server: Server | null = null;
afterEach(async () => {
  if (server !== null) await stopListening(server);
  server = null;
});

const rowsOnAPage = 500;
const page: readonly (readonly Cell[])[] = Array.from({ length: rowsOnAPage }, (_, index) => [
  index,
  'x'.repeat(200),
]);

/** A file of so many pages; `read` counts those that the store was asked for. */
async function serve(
  pages: number,
  longest: number | null,
  failsAt = Infinity,
): Promise<{ readonly url: string; read: number; failures: unknown[] }> {
  const served: { url: string; read: number; failures: unknown[] } = {
    url: '',
    read: 0,
    failures: [],
  };
  // eslint-disable-next-line @typescript-eslint/require-await -- there is nothing to wait for
  async function* rows(): AsyncGenerator<typeof page> {
    for (; served.read < pages; served.read += 1) {
      if (served.read === failsAt) throw new Error('the store has failed');
      yield page;
    }
  }
  const app = express();
  app.get('/', async (_request, response) => {
    try {
      const columns = ['number', 'text'];
      await sendCsv(response, { name: 'a.csv', columns, rows: rows(), page: '/history' }, longest);
    } catch (error) {
      served.failures.push(error);
      if (!response.headersSent) response.status(500).end('no file');
    }
  });
  server = createServer(app);
  served.url = `http://127.0.0.1:${(await listen(server, 0, 'PORT')).toString()}/`;
  return served;
}

function ask(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, resolve).on('error', reject);
  });
}

async function bytesOf(answer: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) bytes += part.length;
  return bytes;
}

describe('a long file', () => {
  it('is read no faster than it is taken, so that it needs no memory of its own', async () => {
    const pages = 600;
    const served = await serve(pages, null);
    const answer = await ask(served.url);
    answer.pause();
    await delay(500);
    const readMeanwhile = served.read;
    const bytes = await bytesOf(answer);

    expect(readMeanwhile).toBeLessThan(pages / 2);
    expect(served.read).toBe(pages);
    expect(bytes).toBeGreaterThan(pages * rowsOnAPage * 200);
  });

  it('that breaks off is not taken for a whole one', async () => {
    const served = await serve(50, null, 20);

    await expect(ask(served.url).then(bytesOf)).rejects.toThrow();
    expect(served.failures).toHaveLength(1);
  });

  it('is an error page where the store fails at the beginning', async () => {
    const served = await serve(50, null, 0);

    expect((await ask(served.url)).statusCode).toBe(500);
  });

  it('is read only as far as an answer may be long', async () => {
    const served = await serve(600, 300_000);
    const answer = await ask(served.url);

    expect(answer.statusCode).toBe(500);
    expect(served.read).toBeLessThan(5);
    expect(served.failures).toEqual([
      new PageError({ code: 'answer-too-long', longestBytes: 300_000, page: '/history' }),
    ]);
  });

  it('is whole where it just fits', async () => {
    const served = await serve(2, 300_000);

    expect(await bytesOf(await ask(served.url))).toBeGreaterThan(2 * rowsOnAPage * 200);
    expect(served.failures).toEqual([]);
  });
});
