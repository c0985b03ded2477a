import { describe, expect, it } from '@jest/globals';

import { createBackground } from '../../src/background.ts';
import { createRecordingLog } from '../builders/recording-log.ts';

describe('work in the background', () => {
  it('is waited for, together with what it begins itself', async () => {
    const done: string[] = [];
    const background = createBackground(createRecordingLog());
    background.run('first', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      background.run('second', async () => {
        await new Promise((resolve) => setImmediate(resolve));
        done.push('second');
      });
      done.push('first');
    });
    expect(done).toEqual([]);
    await background.idle();
    expect(done).toEqual(['first', 'second']);
  });

  it('has nothing to wait for where there is none', async () => {
    await expect(createBackground(createRecordingLog()).idle()).resolves.toBeUndefined();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('that %s is logged, and harms nobody', async (_, work) => {
    const log = createRecordingLog();
    const background = createBackground(log);
    background.run('a name', work);
    await background.idle();
    expect(log.lines).toEqual([
      {
        level: 'error',
        message: 'background work failed',
        fields: { work: 'a name', error: new Error('no') },
      },
    ]);
  });
});
