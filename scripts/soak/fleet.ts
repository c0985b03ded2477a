import { setTimeout as delay } from 'node:timers/promises';

import { z } from 'zod';

import { startChild } from './child.ts';
import type { Child, ChildWatch } from './child.ts';
import type { SoakClock } from './time.ts';

/** The processes of the product. One that is killed is followed by another in its place. */
export interface Fleet {
  /** Those that a load balancer would send requests to. */
  portals(): readonly Child[];
  /** Those that can be invoked now. */
  reconcilers(): readonly Child[];
  /** The first of their kind, which are never killed: their memory is what is looked at. */
  readonly survivors: readonly Child[];
  kill(child: Child): void;
  /** Tells every process what time it is; resolves when those that run know. */
  tellTime(): Promise<void>;
  /** Resolves when nothing is under way in any of these, or when that takes too long. */
  settle(children: readonly Child[]): Promise<'settled' | 'still-busy'>;
  /** Of those that are never killed, in bytes. */
  memory(): Promise<ReadonlyMap<string, Memory>>;
  stop(): Promise<void>;
}

export interface Memory {
  readonly heapUsed: number;
  readonly rss: number;
}

export interface FleetOptions {
  readonly clock: SoakClock;
  readonly portals: number;
  readonly reconcilers: number;
  readonly portalEntry: string;
  readonly reconcilerEntry: string;
  readonly portalEnvironment: Readonly<Record<string, string>>;
  readonly reconcilerEnvironment: Readonly<Record<string, string>>;
  readonly keysUrl: string;
  readonly watch: ChildWatch;
  /** How many calls the stand-ins have had so far. */
  readonly calls: () => number;
}

/** Longer than any call is tried for, so that only what never ends is left behind. */
const longestSettlingSeconds = 300;
const memoryAnswer = z.object({ heapUsed: z.number(), rss: z.number() });

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { clock } = options;
  const kinds = {
    portal: { entry: options.portalEntry, environment: options.portalEnvironment },
    reconciler: { entry: options.reconcilerEntry, environment: options.reconcilerEnvironment },
  } as const;
  type Kind = keyof typeof kinds;
  const everyone = new Map<Child, Kind>();
  const ready = new Set<Child>();
  let serial = 0;
  let stopped = false;

  function start(kind: Kind): Child {
    serial += 1;
    const { entry, environment } = kinds[kind];
    const child = startChild(
      `${kind} ${serial}`,
      entry,
      {
        ...environment,
        NODE_ENV: 'production',
        SOAK_TIME: JSON.stringify(clock.setting()),
        SOAK_KEYS_URL: options.keysUrl,
      },
      options.watch,
    );
    everyone.set(child, kind);
    return child;
  }

  async function untilUsable(child: Child): Promise<void> {
    await child.ready;
    // What it logs and what it sends come on two ways.
    while (everyone.get(child) === 'portal' && child.url() === null && child.isAlive()) {
      await delay(5);
    }
    if (child.isAlive()) ready.add(child);
  }

  const usable = (wanted: Kind): readonly Child[] =>
    [...ready].filter((child) => everyone.get(child) === wanted && child.isAlive());

  async function isBusy(child: Child): Promise<boolean> {
    return child.ask({ kind: 'busy' }).then(
      (busy) => busy === true,
      () => false,
    );
  }

  const first = [
    ...Array.from({ length: options.portals }, () => start('portal')),
    ...Array.from({ length: options.reconcilers }, () => start('reconciler')),
  ];
  const survivors = [first[0], first[options.portals]].filter((child) => child !== undefined);

  const fleet: Fleet = {
    portals: () => usable('portal'),
    reconcilers: () => usable('reconciler'),
    survivors,
    kill(child) {
      const kind = everyone.get(child);
      child.kill();
      ready.delete(child);
      everyone.delete(child);
      if (kind === undefined || stopped) return;
      // One that cannot start has told so by ending.
      untilUsable(start(kind)).catch(() => undefined);
    },
    async tellTime() {
      const order = { kind: 'time', setting: clock.setting() } as const;
      const told = [...everyone.keys()].map((child) => {
        const heard = child.ask(order).catch(() => undefined);
        // One that still starts hears of it before anything else.
        return ready.has(child) ? heard : Promise.resolve(undefined);
      });
      await Promise.all(told);
    },
    async settle(children) {
      const begun = performance.now();
      let calls = -1;
      for (;;) {
        const before = options.calls();
        const busy = await Promise.all(children.map(isBusy));
        // Between two of its calls a process waits for nothing either.
        const isQuiet = !busy.includes(true) && options.calls() === before;
        if (isQuiet && calls === before) return 'settled';
        calls = isQuiet ? before : -1;
        const seconds = ((performance.now() - begun) / 1000) * clock.speed;
        if (seconds > longestSettlingSeconds) return 'still-busy';
        await delay(3);
      }
    },
    async memory() {
      const read = survivors.map(
        async (child) =>
          [child.name, memoryAnswer.parse(await child.ask({ kind: 'memory' }))] as const,
      );
      return new Map(await Promise.all(read));
    },
    async stop() {
      stopped = true;
      const children = [...everyone.keys()];
      for (const child of children) child.kill();
      await Promise.all(children.map(({ ended }) => ended));
    },
  };
  try {
    await Promise.all(first.map(untilUsable));
    return fleet;
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}
