import { detailText } from '../audit/audit-detail.ts';
import { personIn } from '../audit/audit-log.ts';
import type { AuditAction, AuditWriter } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import { actorOf, can } from '../identity/principal.ts';
import type { Principal } from '../identity/principal.ts';
import { longestReason } from './administration.ts';
import type { PauseStore } from './pause-store.ts';
import { latestPauseEnd, longestPauseDays } from './pause.ts';
import type { RuleEnabling, ScheduleRule } from './schedule-rule.ts';

/** What administrators do to the schedule: each act stands in the audit, whatever comes of it. */
export interface ScheduleAdministration {
  /** Lets nothing stop by itself until a time, on any endpoint. A later pause replaces it. */
  pause(principal: Principal, wish: PauseWish): Promise<ScheduleOutcome>;
  /** Takes the pause back. One that is not there is a success. */
  resume(principal: Principal): Promise<ScheduleOutcome>;
  /** Enables the rule that somebody has disabled in AWS. The portal itself never disables it. */
  enableRule(principal: Principal): Promise<ScheduleOutcome>;
}

export interface PauseWish {
  /** `null` where what was sent is no time. */
  readonly until: Date | null;
  readonly reason: string;
}

export type ScheduleOutcome =
  | { readonly kind: 'recorded' }
  | { readonly kind: 'not-permitted' }
  | { readonly kind: 'until-not-usable'; readonly longestDays: number }
  | { readonly kind: 'reason-not-usable'; readonly longest: number }
  | { readonly kind: 'rule-missing' }
  | { readonly kind: 'rule-refused' }
  | { readonly kind: 'rule-not-confirmed' };

export interface ScheduleAdministrationDependencies {
  readonly pauses: Pick<PauseStore, 'set'>;
  /** `null` where no rule runs the schedule, or its name is not configured. */
  readonly rule: ScheduleRule | null;
  readonly audit: AuditWriter;
  readonly clock: Clock;
}

export function createScheduleAdministration(
  deps: ScheduleAdministrationDependencies,
): ScheduleAdministration {
  const { audit, clock, pauses, rule } = deps;

  /**
   * Checks the capability, and writes the audit: before the act, so that nothing is done that it does
   * not say; and after one that could not be done, or that AWS has answered.
   */
  async function act(
    principal: Principal,
    what: { readonly action: AuditAction; readonly detail: string },
    check: (at: Date) => ScheduleOutcome | Act,
  ): Promise<ScheduleOutcome> {
    const write = (outcome: string, requestIds: readonly string[] = []): Promise<void> => {
      const at = clock.now();
      const who = personIn(principal);
      return audit.append({ at, ...who, ...what, endpointId: null, outcome, requestIds });
    };
    const checked = can(principal, 'schedule:pause')
      ? check(clock.now())
      : ({ kind: 'not-permitted' } as const);
    if (typeof checked !== 'function') {
      await write(checked.kind);
      return checked;
    }
    await write('recorded');
    let done: Done;
    try {
      done = await checked();
    } catch (error) {
      await write('failed');
      throw error;
    }
    const { outcome, requestId } = done;
    if (requestId !== null) await write('done', [requestId]);
    else if (outcome.kind !== 'recorded') await write(outcome.kind);
    return outcome;
  }

  return {
    pause(principal, { reason, until }) {
      const trimmed = reason.trim();
      const why = trimmed.slice(0, longestReason);
      const detail = detailText({ kind: 'pause', until, why });
      return act(principal, { action: 'pause-stopping', detail }, (at) => {
        if (until === null || until <= at || until > latestPauseEnd(at)) {
          return { kind: 'until-not-usable', longestDays: longestPauseDays };
        }
        if (trimmed === '' || trimmed.length > longestReason) {
          return { kind: 'reason-not-usable', longest: longestReason };
        }
        return async () => {
          await pauses.set({ until, reason: trimmed, by: actorOf(principal), at });
          return recorded;
        };
      });
    },

    resume: (principal) =>
      act(principal, { action: 'resume-stopping', detail: '' }, () => async () => {
        await pauses.set(null);
        return recorded;
      }),

    enableRule: (principal) =>
      act(principal, { action: 'enable-rule', detail: rule?.name ?? '' }, () =>
        rule === null
          ? { kind: 'rule-missing' }
          : async () => {
              const enabling = await rule.enable();
              const requestId = enabling.kind === 'enabled' ? enabling.requestId : null;
              return { outcome: outcomeOf(enabling), requestId };
            },
      ),
  };
}

interface Done {
  readonly outcome: ScheduleOutcome;
  /** AWS's, of a change that it has taken on; `null` for a wish, and where it has not. */
  readonly requestId: string | null;
}
/** What follows, once the audit has it. */
type Act = () => Promise<Done>;

const recorded: Done = { outcome: { kind: 'recorded' }, requestId: null };

function outcomeOf({ kind }: RuleEnabling): ScheduleOutcome {
  switch (kind) {
    case 'enabled':
      return { kind: 'recorded' };
    case 'missing':
      return { kind: 'rule-missing' };
    case 'refused':
      return { kind: 'rule-refused' };
    case 'not-confirmed':
      return { kind: 'rule-not-confirmed' };
  }
}
