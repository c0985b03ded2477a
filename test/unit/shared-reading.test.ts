import { beforeEach, describe, expect, it } from '@jest/globals';

import { createSharedReading } from '../../src/shared-reading.ts';
import type { SharedReading } from '../../src/shared-reading.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';

interface Pending {
  readonly key: string;
  answer(value: number): Promise<void>;
  fail(): Promise<void>;
}

let clock: StoppedClock;
let begun: Pending[];
let reading: SharedReading<string, number>;

beforeEach(() => {
  clock = createStoppedClock();
  begun = [];
  reading = createSharedReading<string, number>({
    clock,
    seconds: 10,
    mostKeys: 2,
    read: (key) =>
      new Promise((resolve, reject) => {
        begun.push({
          key,
          answer: (value) => {
            resolve(value);
            return settled();
          },
          fail: () => {
            reject(new Error('no answer'));
            return settled();
          },
        });
      }),
  });
});

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const reads = () => begun.length;

describe('a shared reading', () => {
  it('is one for everybody who asks while it is under way, however long it takes', async () => {
    const first = reading.get('a');
    clock.advance(60);
    const second = reading.get('a');
    expect(reads()).toBe(1);
    await begun[0]?.answer(7);
    expect(await Promise.all([first, second])).toEqual([7, 7]);
  });

  it('serves for its seconds, counted from its beginning, and not longer', async () => {
    const first = reading.get('a');
    clock.advance(9);
    await begun[0]?.answer(7);
    expect(await first).toBe(7);
    clock.advance(0.9);
    expect(await reading.get('a')).toBe(7);
    clock.advance(0.1);
    const again = reading.get('a');
    expect(reads()).toBe(2);
    await begun[1]?.answer(8);
    expect(await again).toBe(8);
  });

  it('is not kept over a clock that was set back', async () => {
    void reading.get('a');
    await begun[0]?.answer(7);
    clock.advance(-1);
    void reading.get('a');
    expect(reads()).toBe(2);
  });

  it('is another one for another key', async () => {
    const both = [reading.get('a'), reading.get('b')];
    await begun[0]?.answer(1);
    await begun[1]?.answer(2);
    expect(await Promise.all(both)).toEqual([1, 2]);
  });

  it('that failed is not shared with those who come later', async () => {
    const first = reading.get('a');
    const failure = first.catch((error: unknown) => error);
    await begun[0]?.fail();
    expect(await failure).toEqual(new Error('no answer'));
    const again = reading.get('a');
    await begun[1]?.answer(8);
    expect(await again).toBe(8);
  });

  it('that failed late does not take a newer one away', async () => {
    const first = reading.get('a');
    const failure = first.catch((error: unknown) => error);
    reading.forget('a');
    const second = reading.get('a');
    await begun[0]?.fail();
    expect(await failure).toEqual(new Error('no answer'));
    await begun[1]?.answer(8);
    expect(await Promise.all([second, reading.get('a')])).toEqual([8, 8]);
    expect(reads()).toBe(2);
  });

  it('that will not do is made again, once for all who say so', async () => {
    void reading.get('a');
    await begun[0]?.answer(7);
    const isNew = (value: number) => value > 7;
    const [one, two] = [reading.get('a', isNew), reading.get('a', isNew)];
    await settled();
    expect(reads()).toBe(2);
    await begun[1]?.answer(8);
    expect(await Promise.all([one, two])).toEqual([8, 8]);
  });

  it('that will not do is made again where it was forgotten meanwhile', async () => {
    const asked = reading.get('a');
    await begun[0]?.answer(7);
    await asked;
    const better = reading.get('a', (value) => value > 7);
    reading.forget('a');
    await settled();
    await begun[1]?.answer(8);
    expect(await better).toBe(8);
  });

  it('is forgotten when there are too many, the oldest first', async () => {
    for (const key of ['a', 'b', 'c']) {
      void reading.get(key);
      await begun.at(-1)?.answer(1);
    }
    void reading.get('b');
    void reading.get('c');
    expect(reads()).toBe(3);
    void reading.get('a');
    expect(begun.at(-1)?.key).toBe('a');
    expect(reads()).toBe(4);
  });
});
