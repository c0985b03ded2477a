import { detailText } from '../audit/audit-detail.ts';
import type { AuditEntry, AuditWriter } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import type { EndpointRecord } from '../lease/endpoint-record.ts';
import type { Termination } from '../lease/hold.ts';
import type { Acted } from './act.ts';
import type { Decision } from './decision.ts';

/**
 * The audit of one pass: what it asks of AWS, and why. What AWS keeps refusing is asked again every
 * minute, and written again every quarter of an hour or so; what AWS takes on is written always.
 */
export interface PassAudit {
  /**
   * Before anything is taken away: a process that dies in it, or an audit that is not there after,
   * must not leave that without a word. Of a stop that goes on, the word stands there already.
   *
   * @throws where the audit cannot be written: then nothing may be taken away
   */
  begin(decided: Decision): Promise<void>;
  /** What has become of it, with AWS's request ids. Does not throw; see `failure`. */
  end(decided: Decision, outcome: Acted['outcome'], requestIds: readonly string[]): Promise<void>;
  /** An administrator's wish that was passed on to AWS; `null` where AWS has refused. */
  terminated(wish: Termination, requestId: string | null): Promise<void>;
  /** The first entry that could not be written; `null` where all were. */
  failure(): unknown;
}

const writtenAgainAfterSeconds = 15 * 60;
/** How far apart the tries are. */
const scheduleSeconds = 60;

export function createPassAudit(deps: {
  readonly audit: AuditWriter;
  readonly clock: Clock;
  readonly actor: AuditEntry['actor'];
  /** As it was claimed. */
  readonly record: EndpointRecord;
}): PassAudit {
  const { actor, audit, clock, record } = deps;
  const { endpointId, intent, lastPass } = record;
  const startedAt = clock.now();
  let failed: unknown = null;

  function append(
    entry: Pick<AuditEntry, 'action' | 'detail' | 'outcome' | 'requestIds'>,
  ): Promise<void> {
    return audit.append({ at: clock.now(), actor, address: null, endpointId, ...entry });
  }

  /** What has happened has happened: the pass is recorded, and fails when it is. */
  async function note(entry: Parameters<typeof append>[0]): Promise<void> {
    try {
      await append(entry);
    } catch (error) {
      failed ??= error;
    }
  }

  /** Goes by the age of what is tried again: other passes come in between, which have not tried it. */
  function isTimeToRepeat(since: Date): boolean {
    return secondsBetween(since, startedAt) % writtenAgainAfterSeconds < scheduleSeconds;
  }

  function goesOn({ action, reason }: Decision): boolean {
    if (action.kind !== 'disassociate' || intent.kind !== 'stop') return false;
    // A stop that only waits for AWS is told in the same words, and was never said to take this away.
    if (action.because === 'failed') return false;
    // Another cause is another word; of a refusal the cause is not remembered.
    const before = lastPass?.reason.code;
    const isSameCause = before === 'stop-failed' || before === reason.code;
    return isSameCause && !isTimeToRepeat(intent.since);
  }

  return {
    async begin(decided) {
      const { action, reason } = decided;
      if (action.kind !== 'disassociate' || goesOn(decided)) return;
      const outcome = 'begun';
      await append({ action: action.kind, detail: detailOf(reason), outcome, requestIds: [] });
    },

    async end(decided, outcome, requestIds) {
      const { action, reason } = decided;
      const isChange = action.kind === 'disassociate' || outcome === 'failed';
      const isTold = requestIds.length > 0 || (isChange && !goesOn(decided));
      if (action.kind === 'nothing' || !isTold) return;
      await note({ action: action.kind, detail: detailOf(reason), outcome, requestIds });
    },

    async terminated({ at, by, connectionId }, requestId) {
      // The first try may come late, and is written all the same.
      const isOld = secondsBetween(at, startedAt) >= writtenAgainAfterSeconds;
      if (requestId === null && isOld && !isTimeToRepeat(at)) return;
      await note({
        action: 'terminate-connection',
        detail: detailText({ kind: 'termination', connectionId, by: by.name }),
        outcome: requestId === null ? 'failed' : 'done',
        requestIds: requestId === null ? [] : [requestId],
      });
    },

    failure: () => failed,
  };
}

/**
 * The reason of the decision, which a refusal does not replace here: what AWS has taken on by then
 * had that cause. Where silence was the reason, that too.
 */
function detailOf(reason: Decision['reason']): string {
  const silent = reason.code === 'idle' ? reason.silent : 0;
  return detailText({ kind: 'reason', code: reason.code, silent });
}
