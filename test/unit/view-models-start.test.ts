import { describe, expect, it } from '@jest/globals';
import { startView } from '../../src/web/view-models/start-view.ts';
import { wordingFor } from '../../src/web/view-models/viewer.ts';
import { aStart } from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

describe('the progress of a start', () => {
  const wording = wordingFor(frameInput());
  const start = (overrides: Parameters<typeof aStart>[0]) =>
    startView(aStart(overrides), 'Tokyo office', wording);

  it('counts the networks and the routes that are there', () => {
    const { steps } = start({ step: 'restoring-routes', routes: { done: 3, of: 7 } });

    expect(steps.map(({ mark, count }) => [mark, count])).toEqual([
      ['done', null],
      ['done', '1 of 2'],
      ['current', '3 of 7'],
      ['to-do', null],
    ]);
  });

  it('does not count routes where there are none to bring back', () => {
    expect(start({ routes: { done: 0, of: 0 } }).steps[2]?.count).toBeNull();
  });

  it('is at its first step before a pass has taken it up', () => {
    const { steps } = start({ step: 'asked-for', elapsedSeconds: 3 });

    expect(steps.map(({ mark }) => mark)).toEqual(['current', 'to-do', 'to-do', 'to-do']);
  });

  it('compares with what is usual here, and with what is usual at AWS before that is known', () => {
    expect(start({}).usual).toBe('Usually about 7 minutes here');
    expect(start({ usualSeconds: null }).usual).toBe('Usually 5 to 10 minutes');
  });

  it('says how long it will still take where that can be known', () => {
    expect(start({ elapsedSeconds: 240, usualSeconds: 420 }).remaining).toBe(
      'About 3 minutes to go',
    );
    expect(start({ elapsedSeconds: 430, usualSeconds: 420 }).remaining).toContain('any moment');
    expect(start({ usualSeconds: null }).remaining).toBeNull();
  });

  it('promises nothing any more once it is slow, and says what to expect', () => {
    const slow = start({ pace: 'slow', elapsedSeconds: 16 * 60 });

    expect(slow.remaining).toBeNull();
    expect(slow.slow).toContain('30 minutes');
    expect(start({ pace: 'very-slow' }).slow).toContain('administrator');
    expect(start({}).slow).toBeNull();
  });

  it('fills its bar as time passes, and never quite while it is starting', () => {
    const steps = [
      start({ step: 'asked-for', elapsedSeconds: 0 }),
      start({ networks: { done: 0, of: 2 }, elapsedSeconds: 60 }),
      start({ networks: { done: 1, of: 2 }, elapsedSeconds: 240 }),
      start({ step: 'restoring-routes', networks: { done: 2, of: 2 }, elapsedSeconds: 300 }),
      start({ step: 'restoring-routes', routes: { done: 7, of: 7 }, elapsedSeconds: 90_000 }),
    ].map(({ percent }) => percent);

    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps[0]).toBeGreaterThan(0);
    expect(steps.at(-1)).toBeLessThan(100);
  });
});
