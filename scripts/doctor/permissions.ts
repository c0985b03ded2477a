import { verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

export const triedActions = [
  'AssociateClientVpnTargetNetwork',
  'CreateClientVpnRoute',
  'ExportClientVpnClientConfiguration',
  'DisassociateClientVpnTargetNetwork',
  'TerminateClientVpnConnections',
] as const;
export type TriedAction = (typeof triedActions)[number];

/**
 * What a dry run has come to.
 *
 * - `allowed`, `despite` an error about what the request names: AWS documents no order of its
 *   looks, but who may not ask is not told what is wrong with the question
 * - `unclear`: AWS's word for it says neither
 */
export type Allowance =
  | { readonly kind: 'allowed'; readonly despite: string | null }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unclear'; readonly code: string };

/** The roles of the deployment, and what each is there for. */
export const roles = ['portal', 'reconciler'] as const;
export type Role = (typeof roles)[number];

export const neededActions: Readonly<Record<Role, readonly TriedAction[]>> = {
  portal: [
    'AssociateClientVpnTargetNetwork',
    'CreateClientVpnRoute',
    'ExportClientVpnClientConfiguration',
  ],
  reconciler: [
    'AssociateClientVpnTargetNetwork',
    'CreateClientVpnRoute',
    'DisassociateClientVpnTargetNetwork',
    'TerminateClientVpnConnections',
  ],
};

/** What nobody but the reconciler may do. */
export const reconcilersAlone: readonly TriedAction[] = [
  'DisassociateClientVpnTargetNetwork',
  'TerminateClientVpnConnections',
];

export const deployAgain = "Deploying again puts the role's policy back: npx cdk deploy";

/**
 * A dry run tells about the credentials that make it and about nobody else. So what they may not is
 * only a problem where they are said to be a role's.
 *
 * @param who whose credentials they are, for people
 * @param role as which they are given out; `null` where they are somebody's own
 */
export function judgePermissions(
  tried: readonly { readonly action: TriedAction; readonly allowance: Allowance }[],
  who: string,
  role: Role | null,
): readonly Verdict[] {
  return tried.map(({ action, allowance }) => judge(action, allowance, who, role));
}

function judge(action: TriedAction, allowance: Allowance, who: string, role: Role | null): Verdict {
  const isNeeded = role !== null && neededActions[role].includes(action);
  switch (allowance.kind) {
    case 'allowed':
      if (role === 'portal' && reconcilersAlone.includes(action)) {
        return verdict.problem(
          `${who} may call ec2:${action}, and the portal must not: the reconciler alone turns off.`,
          deployAgain,
        );
      }
      return verdict.ok(
        allowance.despite === null
          ? `${who} may call ec2:${action}.`
          : `${who} may call ec2:${action}, as far as a dry run tells: AWS has refused what it named (${allowance.despite}), not who asked.`,
      );
    case 'refused':
      if (isNeeded) {
        return verdict.problem(
          `${who} may not call ec2:${action}, which the ${role} needs.`,
          deployAgain,
        );
      }
      if (role !== null) {
        return verdict.ok(`${who} may not call ec2:${action}, which the ${role} does not need.`);
      }
      return verdict.warning(
        `${who} may not call ec2:${action}. That says nothing about the roles of the portal and the reconciler.`,
        "Run the doctor with a role's credentials, and say so: --role portal or --role reconciler",
      );
    case 'unclear':
      return verdict.notChecked(
        `Whether ${who} may call ec2:${action} could not be found out: AWS answered ${allowance.code}.`,
        'Run the doctor again.',
      );
  }
}
