import type { StartProgress } from '../../lease/endpoint-status.ts';
import type { Wording } from './viewer.ts';

export type StepMark = 'done' | 'current' | 'to-do';

export interface StartStep {
  readonly mark: StepMark;
  /** The mark in words, for a screen reader. */
  readonly markText: string;
  readonly text: string;
  /** `1 of 2`; `null` where there is nothing to count. */
  readonly count: string | null;
}

/** A start under way, as its page tells it. */
export interface StartView {
  readonly title: string;
  readonly barLabel: string;
  /** Whole percent, never 100: what is ready is no longer starting. */
  readonly percent: number;
  readonly elapsed: string;
  readonly usual: string;
  /** `null` where this endpoint has not been started often enough to say. */
  readonly remaining: string | null;
  /** Said when it takes longer than usual; `null` before. */
  readonly slow: string | null;
  readonly unattended: string;
  readonly steps: readonly StartStep[];
}

/** The middle of what AWS usually needs, for an endpoint that has no experience of its own. */
const expectedSeconds = 7.5 * 60;
const highestPercent = 96;

export function startView(progress: StartProgress, name: string, wording: Wording): StartView {
  const { text, format } = wording;
  const { start } = text.endpoint;
  const { usualSeconds, elapsedSeconds, pace } = progress;
  return {
    title: start.title,
    barLabel: start.bar(name),
    percent: percentOf(progress),
    elapsed: elapsedSeconds < 30 ? start.justNow : start.elapsed(format.roughly(elapsedSeconds)),
    usual:
      usualSeconds === null
        ? start.usuallyUnknown
        : start.usuallyHere(format.roughly(usualSeconds)),
    remaining: pace === 'usual' ? remainingOf(progress, wording) : null,
    slow: pace === 'slow' ? start.slow : pace === 'very-slow' ? start.verySlow : null,
    unattended: start.unattended,
    steps: stepsOf(progress, wording),
  };
}

function remainingOf(
  { usualSeconds, elapsedSeconds }: StartProgress,
  { text, format }: Wording,
): string | null {
  if (usualSeconds === null) return null;
  const { start } = text.endpoint;
  const left = usualSeconds - elapsedSeconds;
  return left < 30 ? start.anyMoment : start.remaining(format.roughly(left));
}

/**
 * What has been done counts, and so does the time, since AWS says nothing between the beginning of
 * an association and its end. The bar moves, and does not pretend to be there.
 */
function percentOf({
  step,
  networks,
  routes,
  elapsedSeconds,
  usualSeconds,
}: StartProgress): number {
  const share = ({ done, of }: { done: number; of: number }): number => (of === 0 ? 0 : done / of);
  const done = {
    'asked-for': 2,
    associating: 5 + 65 * share(networks),
    'restoring-routes': 70 + 25 * share(routes),
  }[step];
  const time = (90 * elapsedSeconds) / (usualSeconds ?? expectedSeconds);
  // Time alone does not finish a step: it may fill half of what the step is worth.
  const ceiling = { 'asked-for': 5, associating: 68, 'restoring-routes': highestPercent }[step];
  return Math.round(Math.min(highestPercent, Math.max(done, Math.min(time, ceiling))));
}

function stepsOf(progress: StartProgress, { text, format }: Wording): readonly StartStep[] {
  const { step, networks, routes } = progress;
  const { steps, marks, doneOf } = text.endpoint.start;
  const order = ['asked-for', 'associating', 'restoring-routes'] as const;
  const reached = order.indexOf(step);
  const stepAt = (
    position: number,
    label: string,
    counted: { done: number; of: number } | null,
  ): StartStep => {
    const mark = position < reached ? 'done' : position === reached ? 'current' : 'to-do';
    return {
      mark,
      markText: { done: marks.done, current: marks.current, 'to-do': marks.toDo }[mark],
      text: label,
      count:
        counted === null || counted.of === 0
          ? null
          : doneOf(format.count(counted.done), format.count(counted.of)),
    };
  };
  return [
    stepAt(0, steps.askedFor, null),
    stepAt(1, steps.networks, networks),
    stepAt(2, steps.routes, routes),
    stepAt(3, steps.ready, null),
  ];
}
