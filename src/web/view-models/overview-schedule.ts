import { minutesAfter, secondsBetween } from '../../clock.ts';
import type { Listing } from '../../lease/endpoint-directory.ts';
import type { ScheduleRuleState } from '../../lease/schedule-rule.ts';
import { pauseInEffect } from '../../lease/pause.ts';
import type { AdministrationButton } from './administration-view.ts';
import { may } from './administration-view.ts';
import type { FrameInput, Wording } from './viewer.ts';

export interface ScheduleView {
  readonly title: string;
  readonly tone: 'good' | 'bad' | 'moving';
  readonly state: string;
  readonly sentences: readonly string[];
  /** Where somebody has disabled the rule, for whoever may enable it. */
  readonly enableRule: (AdministrationButton & { readonly hint: string }) | null;
}

export interface RuleData {
  readonly name: string;
  readonly state: ScheduleRuleState;
}

export interface ScheduleData {
  readonly listing: Listing | null;
  readonly rule: RuleData | null;
}

type ScheduleInput = ScheduleData & Pick<FrameInput, 'now' | 'pause' | 'viewer'>;

/** The schedule runs every minute: after so many something is wrong with it. */
const overdueAfterMinutes = 3;

/** Sentences for what needs attention. A rule that cannot fire explains why nothing runs. */
export function scheduleProblems(
  { listing, now, rule }: ScheduleData & Pick<FrameInput, 'now'>,
  { text, format }: Wording,
): readonly string[] {
  const { schedule: words } = text.overview;
  if (rule?.state === 'disabled') return [words.ruleDisabled(rule.name)];
  if (rule?.state === 'missing') return [words.ruleMissing(rule.name)];
  if (listing === null) return [];
  const look = words.look[rule?.state ?? 'not-told'];
  const run = listing.schedule;
  if (run === null) return [words.neverRun(look)];
  if (isOverdue(run.at, now)) {
    return [words.notRunning(format.roughly(secondsBetween(run.at, now)), look)];
  }
  const since = failingSince(listing, now);
  return since === null ? [] : [words.failing(format.roughly(secondsBetween(since, now)))];
}

export function scheduleView(input: ScheduleInput, wording: Wording): ScheduleView {
  const { listing, now, rule } = input;
  const { text, format } = wording;
  const { schedule: words } = text.overview;
  const run = listing?.schedule ?? null;
  const paused = pauseInEffect(input.pause, now);
  const common = { title: words.title, enableRule: enableRule(input, wording) };
  const ofRule = rule === null ? [] : [words.rule[rule.state](rule.name)];
  const bad = {
    ...common,
    tone: 'bad',
    state: rule?.state === 'disabled' ? words.switchedOff : words.overdue,
  } as const;
  if (run === null) return { ...bad, sentences: [words.never, ...ofRule] };
  const seconds = secondsBetween(run.at, now);
  const time = format.time(run.at);
  const last = seconds < 60 ? words.justNow(time) : words.lastRun(time, format.roughly(seconds));
  const sentences = [
    ...(paused === null ? [] : [words.pausedUntil(format.time(paused.until))]),
    last,
    words.everyMinute,
    ...ofRule,
  ];
  if (rule?.state === 'disabled' || isOverdue(run.at, now)) return { ...bad, sentences };
  if (failingSince(listing, now) !== null) return { ...bad, state: words.fails, sentences };
  if (run.dryRun) return { ...common, tone: 'moving', state: words.rehearses, sentences };
  return paused === null
    ? { ...common, tone: 'good', state: words.fine, sentences }
    : { ...common, tone: 'moving', state: words.paused, sentences };
}

function enableRule(
  { rule, viewer }: ScheduleInput,
  { text }: Wording,
): ScheduleView['enableRule'] {
  if (rule?.state !== 'disabled' || !may(viewer, 'schedule:pause')) return null;
  const { enable, hint } = text.administration.rule;
  return { action: '/admin/schedule/enable-rule', button: enable, hint };
}

/** Whether it looks after the endpoints, as far as it tells by its last run. */
export function isAtWork(listing: Listing, now: Date): boolean {
  const { schedule } = listing;
  return schedule !== null && !schedule.dryRun && !isOverdue(schedule.at, now);
}

/** One run that has failed is not worth anybody's time. */
function failingSince(listing: Listing | null, now: Date): Date | null {
  const since = listing?.failingSince ?? null;
  return since !== null && isOverdue(since, now) ? since : null;
}

function isOverdue(lastRun: Date, now: Date): boolean {
  return minutesAfter(lastRun, overdueAfterMinutes) < now;
}
