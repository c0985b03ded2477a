import type { EndpointId, SubnetId } from '../../src/vpn/ids.ts';
import { orOk, verdict } from './finding.ts';
import type { Verdict } from './finding.ts';
import {
  deployAgain,
  neededActions,
  reconcilersAlone,
  roles,
  triedActions,
} from './permissions.ts';
import type { Role, TriedAction } from './permissions.ts';

/** What is asked about a role: each of these actions, on this. */
export interface Question {
  /** As policies name them, such as `ec2:DescribeSubnets`. */
  readonly actions: readonly string[];
  /** An ARN, or `*` where the actions know no resources. */
  readonly resource: string;
  /** Of the resource. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What the policies of a role say to one action on one resource. */
export interface Simulated {
  readonly action: string;
  readonly resource: string;
  /** `unclear`: a policy asks for something that the question does not say. */
  readonly decision: 'allowed' | 'refused' | 'unclear';
}

/** The managed endpoint that the roles are held against. */
export interface ManagedPlace {
  readonly endpointId: EndpointId;
  readonly subnetIds: readonly SubnetId[];
  readonly region: string;
}

const reads = [
  'DescribeClientVpnTargetNetworks',
  'DescribeClientVpnRoutes',
  'DescribeClientVpnConnections',
];
const listings = ['DescribeClientVpnEndpoints', 'DescribeSubnets'];
/** Each is checked against the subnet as well. */
const starts: readonly TriedAction[] = ['AssociateClientVpnTargetNetwork', 'CreateClientVpnRoute'];

const named = (actions: readonly string[]): readonly string[] =>
  actions.map((action) => `ec2:${action}`);

/** @returns `null` where the ARN is none of a role, so that it does not say whose the endpoint is */
function questionsFor(
  roleArn: string,
  { endpointId, region, subnetIds }: ManagedPlace,
): readonly Question[] | null {
  const [, partition, accountId] = /^arn:([a-z-]+):iam::(\d{12}):role\/.+$/.exec(roleArn) ?? [];
  if (partition === undefined || accountId === undefined) return null;
  const arnOf = (resource: string): string =>
    `arn:${partition}:ec2:${region}:${accountId}:${resource}`;
  return [
    {
      actions: named([...reads, ...triedActions]),
      resource: arnOf(`client-vpn-endpoint/${endpointId}`),
      tags: { 'vpn-portal:managed': 'true' },
    },
    ...subnetIds.map((subnetId) => ({
      actions: named(starts),
      resource: arnOf(`subnet/${subnetId}`),
      tags: {},
    })),
    { actions: named(listings), resource: '*', tags: {} },
  ];
}

/**
 * Whether a deployed role may what its part needs, and the portal's nothing that takes anything away.
 *
 * @param simulated `null` where there is no such role
 */
function judgeRole(
  role: Role,
  roleArn: string,
  simulated: readonly Simulated[] | null,
): readonly Verdict[] {
  if (simulated === null) {
    return [verdict.problem(`The ${role}'s role ${roleArn} is not there.`, deployAgain)];
  }
  const needed = new Set(named([...reads, ...listings, ...neededActions[role]]));
  const forbidden = new Set(role === 'portal' ? named(reconcilersAlone) : []);
  const wrong = simulated.flatMap(({ action, decision, resource }) => {
    const on = `${action} on ${resource}`;
    if (decision === 'unclear' && (needed.has(action) || forbidden.has(action))) {
      return [
        verdict.notChecked(
          `Whether the ${role}'s role may call ${on} depends on what a simulation does not know.`,
          `Look at the policies of ${roleArn} in the IAM console: those of the deployment have no such condition.`,
        ),
      ];
    }
    if (decision === 'refused' && needed.has(action)) {
      return [
        verdict.problem(`The ${role}'s role may not call ${on}, which it needs.`, deployAgain),
      ];
    }
    if (decision === 'allowed' && forbidden.has(action)) {
      return [
        verdict.problem(
          `The ${role}'s role may call ${on}, and must not: the reconciler alone turns off.`,
          deployAgain,
        ),
      ];
    }
    return [];
  });
  return orOk(wrong, `The ${role}'s role may do what it needs, by its policies.`);
}

/**
 * The verdicts on both roles.
 *
 * @param roleArns `null` where nobody has said which it is
 * @param wellTried whose own credentials make the dry runs; they need no simulation to be judged
 * @param simulate as IAM answers; `null` where there is no such role
 */
export async function judgeRoles(
  roleArns: Readonly<Record<Role, string | null>>,
  place: ManagedPlace,
  wellTried: Role | null,
  simulate: (arn: string, questions: readonly Question[]) => Promise<readonly Simulated[] | null>,
): Promise<readonly Verdict[]> {
  const verdicts = roles.map(async (role) => {
    const arn = roleArns[role];
    const questions = arn === null ? null : questionsFor(arn, place);
    if (arn !== null && questions !== null) {
      return judgeRole(role, arn, await simulate(arn, questions));
    }
    if (role === wellTried) return [];
    return [
      verdict.notChecked(
        `Which role the ${role} has is not known, so its permissions were not looked at.`,
        `Name the portal's stack with --stack, or run the doctor with the role's credentials and --role ${role}.`,
      ),
    ];
  });
  return (await Promise.all(verdicts)).flat();
}
