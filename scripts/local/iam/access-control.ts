import { evaluate } from './evaluate.ts';
import type { Access, Verdict } from './evaluate.ts';
import type { Statement } from './policy-document.ts';

export interface Role {
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** Who signs with which access key id. */
export type Roles = ReadonlyMap<string, Role>;

/** What an action is done to. */
export interface Resource {
  /** `*` where the action knows no resources. */
  readonly arn: string;
  /** What the policies may ask of it, by condition key. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** One question that was put to the policies, and what they said. */
export interface Decision extends Access {
  readonly role: string;
  readonly verdict: Verdict;
}

export type Refusal =
  { readonly kind: 'unknown-key' } | { readonly kind: 'not-authorized'; readonly sentence: string };

/** What stands before the stand-ins, as IAM does before AWS. */
export interface AccessControl {
  /**
   * Asks for an action on each of its resources; `null` where all of them are allowed.
   *
   * @param accessKeyId `null` where the request does not say it
   */
  refusalOf(
    accessKeyId: string | null,
    action: string,
    resources: readonly Resource[],
  ): Refusal | null;
  /** The ARN of something in the simulated account and Region. */
  arn(service: string, resource: string): string;
}

/**
 * @param options.onDecision hears of everything that is asked; a request on several resources asks
 *   once for each, up to the first that is refused
 */
export function createAccessControl(options: {
  readonly roles: Roles;
  readonly region: string;
  readonly accountId: string;
  readonly onDecision?: ((decision: Decision) => void) | undefined;
}): AccessControl {
  const { accountId, onDecision, region, roles } = options;
  /** Of every request. The wire is the loopback here, and TLS there. */
  const everywhere = { 'aws:RequestedRegion': [region], 'aws:SecureTransport': ['true'] };

  return {
    refusalOf(accessKeyId, action, resources) {
      const role = roles.get(accessKeyId ?? '');
      if (role === undefined) return { kind: 'unknown-key' };
      for (const { arn, context = {} } of resources) {
        const named = Object.entries({ ...everywhere, ...context });
        const access: Access = {
          action,
          resource: arn,
          context: new Map(named.map(([key, values]) => [key.toLowerCase(), values])),
        };
        const verdict = evaluate(role.statements, access);
        onDecision?.({ ...access, role: role.name, verdict });
        if (verdict.outcome === 'allowed') continue;
        const caller = `arn:aws:sts::${accountId}:assumed-role/${role.name}/local`;
        const because =
          verdict.outcome === 'denied'
            ? 'with an explicit deny in an identity-based policy'
            : `because no identity-based policy allows the ${action} action`;
        return {
          kind: 'not-authorized',
          sentence: `User: ${caller} is not authorized to perform: ${action} on resource: ${arn} ${because}`,
        };
      }
      return null;
    },
    arn: (service, resource) => `arn:aws:${service}:${region}:${accountId}:${resource}`,
  };
}
