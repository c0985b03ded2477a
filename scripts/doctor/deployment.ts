import { portalEnvironment } from '../../src/config/environment.ts';
import { orOk, verdict } from './finding.ts';
import type { Verdict } from './finding.ts';
import type { Role } from './permissions.ts';

/** A stack of CloudFormation, with what it says of itself. */
export interface Stack {
  readonly name: string;
  /** As CloudFormation spells it, such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
}

/** Where the portal's parts are; `null` for what nobody has said. */
export interface Deployment {
  readonly tableName: string | null;
  readonly albArn: string | null;
  readonly clientId: string | null;
  readonly userPoolId: string | null;
  readonly portalUrl: string | null;
  readonly groupsClaim: string;
  readonly ruleName: string | null;
  readonly associationHour: number | null;
  readonly connectionHour: number | null;
  readonly roleArns: Readonly<Record<Role, string | null>>;
}

const { shape } = portalEnvironment;

/** Of the portal's variables those that say where something is, or are themselves looked at. */
type Variable = keyof typeof outputOf;

/** What the portal's stack calls it. */
export const outputOf = {
  TABLE_NAME: 'TableName',
  ALB_ARN: 'LoadBalancerArn',
  COGNITO_CLIENT_ID: 'UserPoolClientId',
  PORTAL_URL: 'PortalUrl',
  GROUPS_CLAIM: 'GroupsClaim',
  RECONCILER_RULE_NAME: 'ReconcilerRuleName',
  PRICE_ASSOCIATION_HOUR: 'PriceAssociationHour',
  PRICE_CONNECTION_HOUR: 'PriceConnectionHour',
} as const satisfies Partial<Record<keyof typeof shape, string>>;

/** The portal is told the user pool's address, which ends in its id; the stack says the id alone. */
const userPoolOutput = 'UserPoolId';

/** No variable says them: who runs as a role does not need its name. */
export const outputOfRole: Readonly<Record<Role, string>> = {
  portal: 'PortalRoleArn',
  reconciler: 'ReconcilerRoleArn',
};

/** Without these there is no portal. */
const required: readonly string[] = ['TABLE_NAME', 'ALB_ARN', 'COGNITO_CLIENT_ID', 'PORTAL_URL'];

/**
 * What the environment says, and else the stack's outputs.
 *
 * @param stack `null` where there is none, or it could not be read
 * @returns the verdicts on what is missing or malformed, too
 */
export function readDeployment(
  stack: Stack | null,
  variables: Readonly<Record<string, string | undefined>>,
): { readonly deployment: Deployment; readonly wrong: readonly Verdict[] } {
  const wrong: Verdict[] = [];

  const mend = (variable: string): string =>
    `Name the portal's stack with --stack, or set ${variable} to what the portal has.`;
  const notKnown = (variable: string, output: string): void => {
    const sentence = `${variable} is not known: neither the environment nor a stack's output ${output} says it.`;
    wrong.push(verdict.notChecked(sentence, mend(variable)));
  };

  function take(name: Variable): string | number | null {
    const given = set(variables[name]) ?? stack?.outputs.get(outputOf[name]);
    const parsed = shape[name].safeParse(given);
    if (parsed.success) return parsed.data ?? null;
    if (given !== undefined) {
      const why = parsed.error.issues.map(({ message }) => message).join('; ');
      wrong.push(verdict.problem(`${name} is "${given}", and ${why}.`, mend(name)));
    } else if (required.includes(name)) {
      notKnown(name, outputOf[name]);
    }
    return null;
  }

  function takeUserPoolId(): string | null {
    const issuer = set(variables['COGNITO_ISSUER']);
    const id = issuer?.slice(issuer.lastIndexOf('/') + 1) ?? stack?.outputs.get(userPoolOutput);
    if (id === undefined) {
      notKnown('COGNITO_ISSUER', userPoolOutput);
      return null;
    }
    if (/^[a-z0-9-]+_[A-Za-z0-9]+$/.test(id)) return id;
    const sentence = `COGNITO_ISSUER ends in "${id}", which is no id of a user pool.`;
    wrong.push(verdict.problem(sentence, mend('COGNITO_ISSUER')));
    return null;
  }

  const textOf = (name: Variable): string | null => {
    const value = take(name);
    return value === null ? null : String(value);
  };
  const numberOf = (name: Variable): number | null => {
    const value = take(name);
    return value === null ? null : Number(value);
  };
  const deployment: Deployment = {
    tableName: textOf('TABLE_NAME'),
    albArn: textOf('ALB_ARN'),
    clientId: textOf('COGNITO_CLIENT_ID'),
    userPoolId: takeUserPoolId(),
    portalUrl: textOf('PORTAL_URL'),
    groupsClaim: textOf('GROUPS_CLAIM') ?? 'custom:groups',
    ruleName: textOf('RECONCILER_RULE_NAME'),
    associationHour: numberOf('PRICE_ASSOCIATION_HOUR'),
    connectionHour: numberOf('PRICE_CONNECTION_HOUR'),
    roleArns: {
      portal: stack?.outputs.get(outputOfRole.portal) ?? null,
      reconciler: stack?.outputs.get(outputOfRole.reconciler) ?? null,
    },
  };
  return { deployment, wrong };
}

/** @param wrong of what the stack and the environment say */
export function judgeDeployment(
  stackName: string,
  stack: Stack | null,
  wrong: readonly Verdict[],
): readonly Verdict[] {
  // Who says everything in the environment needs no stack.
  if (stack === null) {
    return orOk(wrong, 'The environment says where everything is; there is no stack of that name.');
  }
  const events = `aws cloudformation describe-stack-events --stack-name ${stackName}`;
  const { status } = stack;
  const found = [...wrong];
  if (/(?:ROLLBACK_COMPLETE|_FAILED)$/.test(status)) {
    const sentence = `The stack ${stackName} is ${status}: the last deployment has not gone through.`;
    found.push(verdict.problem(sentence, events));
  } else if (status.endsWith('_IN_PROGRESS')) {
    const sentence = `The stack ${stackName} is ${status}: what follows may change by itself.`;
    found.push(verdict.warning(sentence, `Wait for it, and run the doctor again: ${events}`));
  }
  return orOk(found, `The stack ${stackName} is ${status} and says where everything is.`);
}

/** A variable that is empty counts as not set. */
function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
