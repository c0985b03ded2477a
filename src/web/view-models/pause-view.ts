import { longestReason } from '../../lease/administration.ts';
import { pauseInEffect } from '../../lease/pause.ts';
import { pauseMinutes } from '../pause-minutes.ts';
import type { AdministrationButton, DurationField, ReasonField } from './administration-view.ts';
import { durationField, may, reasonField } from './administration-view.ts';
import type { FrameInput, Wording } from './viewer.ts';

/** What everybody who is signed in reads above everything else, while stopping is paused. */
export interface PauseBanner {
  readonly title: string;
  readonly text: string;
  /** Who has said so, and when. */
  readonly by: string;
  /** Why, in the administrator's own words. */
  readonly why: string;
}

/** What an administrator may do about it, on the overview. */
export interface PausingView {
  readonly title: string;
  readonly hint: string;
  readonly form: {
    readonly action: string;
    readonly duration: DurationField;
    readonly reason: ReasonField;
    readonly button: string;
    readonly hint: string;
  };
  /** `null` where there is no pause to end. */
  readonly resume: (AdministrationButton & { readonly hint: string }) | null;
}

type PauseInput = Pick<FrameInput, 'viewer' | 'pause' | 'now'>;

/** `null` where nobody is signed in, or no pause counts. */
export function pauseBanner(
  { now, pause, viewer }: PauseInput,
  { text, format }: Wording,
): PauseBanner | null {
  const counts = pauseInEffect(pause, now);
  if (counts === null || viewer.principal === null) return null;
  const { held, pause: words } = text.administration;
  return {
    title: words.until(format.time(counts.until)),
    text: words.meaning,
    by: held.givenBy(counts.by.name, format.time(counts.at)),
    why: counts.reason,
  };
}

/** `null` for whoever may not pause. */
export function pausingView(
  { now, pause, viewer }: PauseInput,
  wording: Wording,
): PausingView | null {
  if (!may(viewer, 'schedule:pause')) return null;
  const { pause: words } = wording.text.administration;
  const counts = pauseInEffect(pause, now) !== null;
  return {
    title: words.title,
    hint: words.hint,
    form: {
      action: '/admin/schedule/pause',
      duration: durationField(pauseMinutes, wording),
      reason: reasonField(words.reasonHint(wording.format.count(longestReason)), wording),
      button: words.button,
      hint: counts ? words.replaces : words.ends,
    },
    resume: counts
      ? { action: '/admin/schedule/resume', button: words.resume, hint: words.resumeHint }
      : null,
  };
}
