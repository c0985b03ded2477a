import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createBackground } from '../../src/background.ts';
import { startSchedule } from '../../src/schedule.ts';
import { createRecordingLog } from '../builders/recording-log.ts';

describe('a schedule', () => {
  it('begins at once, and leaves out what falls due while a run lasts', async () => {
    const background = createBackground(createRecordingLog());
    let runs = 0;
    let finish = (): void => undefined;
    const schedule = startSchedule(
      () => {
        runs += 1;
        return new Promise((resolve) => (finish = resolve));
      },
      5,
      background,
    );
    expect(runs).toBe(1);
    await delay(40);
    expect(runs).toBe(1);
    finish();
    while (runs < 2) await delay(5);
    schedule.stop();
    finish();
    await background.idle();
    await delay(30);
    expect(runs).toBe(2);
  });

  it('does not wait for the run under way when it stops; the background does', async () => {
    const background = createBackground(createRecordingLog());
    let isOver = false;
    const run = async (): Promise<void> => {
      await delay(30);
      isOver = true;
    };
    startSchedule(run, 1000, background).stop();
    expect(isOver).toBe(false);
    await background.idle();
    expect(isOver).toBe(true);
  });
});
