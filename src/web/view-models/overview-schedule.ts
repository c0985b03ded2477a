import { minutesAfter, secondsBetween } from '../../clock.ts';
import type { Listing } from '../../lease/endpoint-directory.ts';
import type { ScheduleRuleState } from '../../lease/schedule-rule.ts';
import type { Wording } from './viewer.ts';

export interface ScheduleView {
  readonly title: string;
  readonly tone: 'good' | 'bad' | 'moving';
  readonly state: string;
  readonly sentences: readonly string[];
}

export interface RuleData {
  readonly name: string;
  readonly state: ScheduleRuleState;
}

export interface ScheduleData {
  readonly listing: Listing | null;
  readonly rule: RuleData | null;
  readonly now: Date;
}

/** The schedule runs every minute: after so many something is wrong with it. */
const overdueAfterMinutes = 3;

/** Sentences for what needs attention. A rule that cannot fire explains why nothing runs. */
export function scheduleProblems(
  { listing, now, rule }: ScheduleData,
  { text, format }: Wording,
): readonly string[] {
  const { schedule: words } = text.overview;
  if (rule?.state === 'disabled') return [words.ruleDisabled(rule.name)];
  if (rule?.state === 'missing') return [words.ruleMissing(rule.name)];
  if (listing === null) return [];
  const look = words.look[rule?.state ?? 'not-told'];
  const run = listing.schedule;
  if (run === null) return [words.neverRun(look)];
  if (!isOverdue(run.at, now)) return [];
  return [words.notRunning(format.roughly(secondsBetween(run.at, now)), look)];
}

export function scheduleView(
  { listing, now, rule }: ScheduleData,
  { text, format }: Wording,
): ScheduleView {
  const { schedule: words } = text.overview;
  const run = listing?.schedule ?? null;
  const { title } = words;
  const ofRule = rule === null ? [] : [words.rule[rule.state](rule.name)];
  const bad = {
    title,
    tone: 'bad',
    state: rule?.state === 'disabled' ? words.switchedOff : words.overdue,
  } as const;
  if (run === null) return { ...bad, sentences: [words.never, ...ofRule] };
  const seconds = secondsBetween(run.at, now);
  const time = format.time(run.at);
  const last = seconds < 60 ? words.justNow(time) : words.lastRun(time, format.roughly(seconds));
  const sentences = [last, words.everyMinute, ...ofRule];
  if (rule?.state === 'disabled' || isOverdue(run.at, now)) return { ...bad, sentences };
  return run.dryRun
    ? { title, tone: 'moving', state: words.rehearses, sentences }
    : { title, tone: 'good', state: words.fine, sentences };
}

function isOverdue(lastRun: Date, now: Date): boolean {
  return minutesAfter(lastRun, overdueAfterMinutes) < now;
}
