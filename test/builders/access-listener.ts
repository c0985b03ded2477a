import type { RolePolicies } from '../../scripts/local/access-keys.ts';
import type { Decision } from '../../scripts/local/iam/access-control.ts';

export const roleNames = [
  'portal',
  'reconciler',
  'connect',
] as const satisfies readonly (keyof RolePolicies)[];
export type RoleName = (typeof roleNames)[number];

/** Hears what is asked of the policies; the same question is kept once. */
export interface AccessListener {
  readonly onDecision: (decision: Decision) => void;
  of(role: RoleName): readonly Decision[];
  /** A line for each question that was answered with no. */
  refused(): readonly string[];
}

export function createAccessListener(): AccessListener {
  const heard = new Map<string, Decision>();
  return {
    onDecision: (decision) => {
      const { action, context, resource, role } = decision;
      heard.set(JSON.stringify([role, action, resource, [...context]]), decision);
    },
    of: (role) => [...heard.values()].filter((decision) => decision.role === role),
    refused: () =>
      [...heard.values()]
        .filter(({ verdict }) => verdict.outcome !== 'allowed')
        .map(({ action, resource, role }) => `${role}: ${action} on ${resource}`),
  };
}
