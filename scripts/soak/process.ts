import http from 'node:http';
import https from 'node:https';
import { enableCompileCache, flushCompileCache, syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

import { readEnvironment } from '../../src/config/environment.ts';
import { simulatedTime, timeSetting } from './time.ts';

/*
 * An entry of the product in a process of its own, in the time of the soak: `process.ts ENTRY`. The
 * entry is loaded as it is, when three things have been put in the place of what a process has of the
 * world: the time, the timers, which are as much faster as the time is, and where the load balancer's
 * public keys come from. It is told the time by its parent, and ends with it.
 */

const settings = z.object({ SOAK_TIME: z.string(), SOAK_KEYS_URL: z.url() });

const order = z.object({
  id: z.number(),
  order: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('time'), setting: timeSetting }),
    /** One invocation of the entry's handler. */
    z.object({ kind: z.literal('invoke') }),
    /** Whether something is waited for. */
    z.object({ kind: z.literal('busy') }),
    z.object({ kind: z.literal('memory') }),
  ]),
});

/** What the parent sends. */
export type SoakOrder = z.infer<typeof order>['order'];

const chosen = readEnvironment(settings);
let time = timeSetting.parse(JSON.parse(chosen.SOAK_TIME));
const waiting = new Set<NodeJS.Timeout>();

function takeOverTime(): void {
  const wall = Date.now.bind(Date);
  const now = (): number => simulatedTime(time, wall());
  globalThis.Date = new Proxy(Date, {
    construct: (target, given: unknown[], newTarget): object =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
    get: (target, key): unknown => (key === 'now' ? now : Reflect.get(target, key)),
  });
}

function takeOverTimers({ speed }: { readonly speed: number }): void {
  const { clearTimeout, setInterval, setTimeout } = globalThis;
  type Callback = (...given: unknown[]) => void;
  const sooner = (callback: Callback, milliseconds = 0, ...given: unknown[]): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      callback(...given);
    }, milliseconds / speed);
    waiting.add(timer);
    return timer;
  };
  Object.assign(globalThis, {
    setTimeout: Object.assign(sooner, {
      [promisify.custom]: (milliseconds: number) =>
        new Promise<void>((resolve) => {
          sooner(() => {
            resolve();
          }, milliseconds);
        }),
    }),
    clearTimeout: (timer: NodeJS.Timeout | undefined) => {
      if (timer !== undefined) waiting.delete(timer);
      clearTimeout(timer);
    },
    setInterval: (callback: Callback, milliseconds: number, ...given: unknown[]) =>
      setInterval(callback, milliseconds / speed, ...given),
  });
}

/** The keys of AWS are at an address of their own, under HTTPS; here the load balancer has them. */
function takeKeysFrom(keysUrl: string): void {
  const request = (url: string | URL, ...rest: unknown[]): http.ClientRequest => {
    const keyId = new URL(url).pathname.slice(1);
    const callback = rest.find((argument) => typeof argument === 'function');
    return http.request(new URL(keyId, keysUrl), callback as () => void);
  };
  Object.assign(https, { request });
  syncBuiltinESMExports();
}

async function memory(): Promise<{ readonly heapUsed: number; readonly rss: number }> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heapUsed, rss };
}

const entry = process.argv[2] ?? '';
// Processes are started again and again: what they load is compiled once.
enableCompileCache();
takeOverTime();
takeOverTimers(time);
takeKeysFrom(chosen.SOAK_KEYS_URL);

const loaded = import(pathToFileURL(entry).href).then((module: unknown) =>
  z.object({ handler: z.custom<() => Promise<void>>().optional() }).parse(module),
);

async function carryOut(wanted: SoakOrder): Promise<unknown> {
  switch (wanted.kind) {
    case 'time':
      time = wanted.setting;
      return null;
    case 'invoke':
      await (await loaded).handler?.();
      return null;
    case 'busy':
      return [...waiting].some((timer) => timer.hasRef());
    case 'memory':
      return memory();
  }
}

process.on('message', (message) => {
  const { id, order: wanted } = order.parse(message);
  carryOut(wanted).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
await loaded;
// By itself Node writes it when a process ends, and most of these are killed.
flushCompileCache();
process.send?.({ id: 0, answer: null });
