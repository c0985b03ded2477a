import type { Clock } from '../clock.ts';
import type { Principal } from '../identity/principal.ts';
import type { LeaseService } from '../lease/lease-service.ts';
import type { EndpointId } from '../vpn/ids.ts';
import { detailText } from './audit-detail.ts';
import { personIn } from './audit-log.ts';
import type { AuditAction, AuditWriter } from './audit-log.ts';

/**
 * The same service, with every request and what came of it in the audit. One that is granted is there
 * before anything is written: what cannot be noted is not done.
 */
export function createAuditedLeases(
  leases: LeaseService,
  { audit, clock }: { readonly audit: AuditWriter; readonly clock: Clock },
): LeaseService {
  async function audited<Outcome extends { readonly kind: string }>(
    principal: Principal,
    endpointId: EndpointId,
    action: AuditAction,
    detailOf: (outcome: Outcome | null) => string,
    act: (begin: () => Promise<void>) => Promise<Outcome>,
  ): Promise<Outcome> {
    const append = (outcome: string, detail: string): Promise<void> =>
      audit.append({
        at: clock.now(),
        ...personIn(principal),
        action,
        endpointId,
        detail,
        outcome,
        requestIds: [],
      });
    let outcome: Outcome;
    try {
      outcome = await act(() => append('begun', detailOf(null)));
    } catch (error) {
      // What went wrong first is what is told, whether it could be written down or not.
      await append('failed', detailOf(null)).catch(() => undefined);
      throw error;
    }
    await append(outcome.kind, detailOf(outcome));
    return outcome;
  }

  return {
    request: (principal, endpointId, minutes) =>
      audited(
        principal,
        endpointId,
        'request-lease',
        (outcome) =>
          detailText(
            outcome?.kind === 'confirmed'
              ? { kind: 'until', until: outcome.lease.until }
              : { kind: 'minutes', minutes },
          ),
        (begin) => leases.request(principal, endpointId, minutes, begin),
      ),
    release: (principal, endpointId) =>
      audited(
        principal,
        endpointId,
        'release-lease',
        () => '',
        (begin) => leases.release(principal, endpointId, begin),
      ),
  };
}
