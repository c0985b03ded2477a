import { z } from 'zod';

import type { SettingsInput } from '../../infra/settings.ts';
import type { RolePolicies } from '../../scripts/local/access-keys.ts';
import type { DeployedNames } from '../../scripts/local/iam/intrinsics.ts';
import type { Statement } from '../../scripts/local/iam/policy-document.ts';
import { roleIdOf, roleIn, templateSchema } from '../../scripts/local/iam/template.ts';
import type { Template, TemplateResource } from '../../scripts/local/iam/template.ts';
import { sampleAccountId, sampleRegion } from '../../scripts/local/sample-world.ts';
import { localRuleName, localTableName } from '../../scripts/local/stack.ts';
import { synthesisePortal } from './synthesised-portal.ts';

/** What the synthesised templates let the portal, the reconciler and the connect handler do. */
export interface DeployedRoles extends RolePolicies {
  /** ARNs of policies that are attached and are in no template. */
  readonly elsewhere: readonly string[];
}

/**
 * What Lambda itself does in the name of a function's role, so that nothing in the code can show that
 * it is needed: the function's output goes to its log, and a run that has failed to the dead letters.
 * It counts as that only where it is allowed on something that is named.
 */
const doneByLambda: ReadonlySet<string> = new Set([
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'sqs:SendMessage',
]);

/** Synthesises the stacks, in the account and the Region of the local stack, and reads their roles. */
export function deployedRoles(changed: Partial<SettingsInput> = {}): DeployedRoles {
  const templates = synthesised({
    account: sampleAccountId,
    region: sampleRegion,
    connect: { enabled: true, onFailure: 'deny' },
    ...changed,
  });
  const read = (isIt: (variables: ReadonlySet<string>) => boolean) => {
    for (const template of templates) {
      const found = Object.values(template.Resources).find((each) => isIt(variablesOf(each)));
      if (found === undefined) continue;
      const reference = found.Properties['Role'] ?? found.Properties['TaskRoleArn'];
      return roleIn(template, roleIdOf(reference), {
        templates,
        region: sampleRegion,
        accountId: sampleAccountId,
        nameOf,
      });
    }
    throw new Error('no function and no task of the templates has such an environment');
  };
  const portal = read((variables) => variables.has('ALB_ARN'));
  const reconciler = read(
    (variables) => variables.has('RECONCILER_DRY_RUN') && !variables.has('ALB_ARN'),
  );
  const connect = read((variables) => variables.has('CONNECT_ON_FAILURE'));
  return {
    portal: portal.statements.flatMap(ofTheCode),
    reconciler: reconciler.statements.flatMap(ofTheCode),
    connect: connect.statements.flatMap(ofTheCode),
    elsewhere: [portal, reconciler, connect].flatMap(({ elsewhere }) => elsewhere),
  };
}

/** A statement without what Lambda needs of it; none where nothing is left. */
function ofTheCode(statement: Statement): readonly Statement[] {
  if (statement.resources.includes('*')) return [statement];
  const actions = statement.actions.filter((action) => !doneByLambda.has(action));
  return actions.length === 0 ? [] : [{ ...statement, actions }];
}

function synthesised(changed: Partial<SettingsInput>): readonly Template[] {
  const stacks = synthesisePortal(changed);
  stacks.remove();
  return [stacks.data, stacks.portal].map((template) => templateSchema.parse(template.toJSON()));
}

const container = z.object({
  Environment: z.array(z.object({ Name: z.string() })).default([]),
});
const environment = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional(),
  ContainerDefinitions: z.array(container).default([]),
});

function variablesOf({ Properties, Type }: TemplateResource): ReadonlySet<string> {
  if (Type !== 'AWS::Lambda::Function' && Type !== 'AWS::ECS::TaskDefinition') return new Set();
  const { ContainerDefinitions, Environment } = environment.parse(Properties);
  return new Set([
    ...Object.keys(Environment?.Variables ?? {}),
    ...ContainerDefinitions.flatMap((each) => each.Environment.map(({ Name }) => Name)),
  ]);
}

/** What the deployed resources would be called in the local stack; and what is of no importance there. */
function nameOf(logicalId: string, { Properties, Type }: TemplateResource): DeployedNames | null {
  const named = (service: string, resource: string, ref: string): DeployedNames => ({
    ref,
    attributes: { Arn: `arn:aws:${service}:${sampleRegion}:${sampleAccountId}:${resource}` },
  });
  switch (Type) {
    case 'AWS::DynamoDB::Table':
      return named('dynamodb', `table/${localTableName}`, localTableName);
    case 'AWS::Events::Rule':
      return named('events', `rule/${localRuleName}`, localRuleName);
    case 'AWS::Events::EventBus': {
      const bus = z.string().parse(Properties['Name']);
      return named('events', `event-bus/${bus}`, bus);
    }
    case 'AWS::Logs::LogGroup':
      return named('logs', `log-group:${logicalId}:*`, logicalId);
    case 'AWS::SQS::Queue':
      return named('sqs', logicalId, logicalId);
    default:
      return null;
  }
}
