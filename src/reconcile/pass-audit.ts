import { detailText } from '../audit/audit-detail.ts';
import type { AuditEntry, AuditWriter } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Termination } from '../lease/hold.ts';
import type { EndpointId } from '../vpn/ids.ts';
import type { Acted } from './act.ts';
import type { Decision } from './decision.ts';

/** The audit of one pass: what it asks of AWS, and why. */
export interface PassAudit {
  /**
   * Before anything is taken away: a process that dies in it, or an audit that is not there after,
   * must not leave that without a word.
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

export function createPassAudit(deps: {
  readonly audit: AuditWriter;
  readonly clock: Clock;
  readonly actor: AuditEntry['actor'];
  readonly endpointId: EndpointId;
}): PassAudit {
  const { actor, audit, clock, endpointId } = deps;
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

  return {
    async begin({ action, reason }) {
      if (action.kind !== 'disassociate') return;
      const outcome = 'begun';
      await append({ action: action.kind, detail: detailOf(reason), outcome, requestIds: [] });
    },

    async end({ action, reason }, outcome, requestIds) {
      const isTold =
        action.kind === 'disassociate' || requestIds.length > 0 || outcome === 'failed';
      if (action.kind === 'nothing' || !isTold) return;
      await note({ action: action.kind, detail: detailOf(reason), outcome, requestIds });
    },

    terminated: ({ by, connectionId }, requestId) =>
      note({
        action: 'terminate-connection',
        detail: detailText({ kind: 'termination', connectionId, by: by.name }),
        outcome: requestId === null ? 'failed' : 'done',
        requestIds: requestId === null ? [] : [requestId],
      }),

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
