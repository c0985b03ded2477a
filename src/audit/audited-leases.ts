import type { Clock } from '../clock.ts';
import type { Principal } from '../identity/principal.ts';
import type { LeaseService } from '../lease/lease-service.ts';
import type { EndpointId } from '../vpn/ids.ts';
import { personIn } from './audit-log.ts';
import type { AuditAction, AuditWriter } from './audit-log.ts';

/** The same service, with every request and what came of it in the audit. */
export function createAuditedLeases(
  leases: LeaseService,
  { audit, clock }: { readonly audit: AuditWriter; readonly clock: Clock },
): LeaseService {
  async function audited<Outcome extends { readonly kind: string }>(
    principal: Principal,
    endpointId: EndpointId,
    action: AuditAction,
    detailOf: (outcome: Outcome | null) => string,
    act: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const at = clock.now();
    const append = (outcome: Outcome | null): Promise<void> =>
      audit.append({
        at,
        ...personIn(principal),
        action,
        endpointId,
        detail: detailOf(outcome),
        outcome: outcome?.kind ?? 'failed',
        requestIds: [],
      });
    let outcome: Outcome;
    try {
      outcome = await act();
    } catch (error) {
      // What went wrong first is what is told, whether it could be written down or not.
      await append(null).catch(() => undefined);
      throw error;
    }
    await append(outcome);
    return outcome;
  }

  return {
    request: (principal, endpointId, minutes) =>
      audited(
        principal,
        endpointId,
        'request-lease',
        (outcome) =>
          outcome?.kind === 'confirmed'
            ? `until ${outcome.lease.until.toISOString()}`
            : `for ${minutes ?? 'no number of'} minutes`,
        () => leases.request(principal, endpointId, minutes),
      ),
    release: (principal, endpointId) =>
      audited(
        principal,
        endpointId,
        'release-lease',
        () => '',
        () => leases.release(principal, endpointId),
      ),
  };
}
