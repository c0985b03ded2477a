import { createServer } from 'node:http';
import type { Server } from 'node:http';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';

import { listen, stopListening } from '../../scripts/local/listen.ts';
import { daysAfter } from '../../src/clock.ts';
import type { Pause } from '../../src/lease/pause.ts';
import { knowOfPause } from '../../src/web/middleware/pause.ts';
import { contextOf, setContext } from '../../src/web/request-context.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';

let clock: StoppedClock;
let log: RecordingLog;
let stored: () => Promise<Pause | null>;
let readings: number;
let server: Server;
let url: string;

beforeEach(async () => {
  clock = createStoppedClock();
  log = createRecordingLog();
  stored = () => Promise.resolve(null);
  readings = 0;
  const get = (): Promise<Pause | null> => {
    readings += 1;
    return stored();
  };
  const app = express();
  app.use((_request, response, next) => {
    const ofNobody = { language: 'en', timeZone: 'UTC', principal: null, pause: null } as const;
    setContext(response, { requestId: 'a-request', ...ofNobody });
    next();
  });
  app.use(knowOfPause({ get }, clock, log));
  app.use((_request, response) => {
    response.send(contextOf(response).pause?.reason ?? 'none');
  });
  server = createServer(app);
  url = `http://127.0.0.1:${await listen(server, 0, 'PORT')}`;
});

afterEach(() => stopListening(server));

async function told(page: string): Promise<string> {
  const answer = await fetch(`${url}${page}`);
  return answer.text();
}

function pauseFor(reason: string): void {
  const by = { id: 'carol', name: 'Carol' };
  const pause = { until: daysAfter(clock.now(), 1), reason, by, at: clock.now() };
  stored = () => Promise.resolve(pause);
}

describe('the pause that pages tell of', () => {
  it('is read once a second, however many look', async () => {
    await Promise.all(Array.from({ length: 20 }, () => told('/fragments/home')));
    expect(readings).toBe(1);
    clock.advance(1);
    await told('/');
    expect(readings).toBe(2);
  });

  it('is read for each page that a click upon it leads to', async () => {
    await told('/admin');
    pauseFor('a migration');
    expect(await told('/admin')).toBe('a migration');
    expect(readings).toBe(2);
  });

  it('is read anew by everybody after such a click', async () => {
    expect(await told('/')).toBe('none');
    await told('/admin/schedule/pause');
    pauseFor('a migration');
    expect(await told('/')).toBe('a migration');
  });

  it('is told as none where it cannot be read, and read anew by the next', async () => {
    stored = () => Promise.reject(new Error('away'));
    expect(await told('/')).toBe('none');
    expect(log.messages()).toEqual(['the pause could not be read']);
    pauseFor('a migration');
    expect(await told('/')).toBe('a migration');
  });
});
