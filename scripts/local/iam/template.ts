import { z } from 'zod';
import { resolveIntrinsics } from './intrinsics.ts';
import type { DeployedNames, DeployedPlace } from './intrinsics.ts';
import { parsePolicyDocument } from './policy-document.ts';
import type { Statement } from './policy-document.ts';
import { PolicyError } from './policy-error.ts';

const resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

/** A synthesised CloudFormation template, as far as it is looked at here. */
export const templateSchema = z.object({
  Resources: z.record(z.string(), resource).default({}),
  Outputs: z
    .record(
      z.string(),
      z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }),
    )
    .default({}),
});
export type Template = z.output<typeof templateSchema>;
export type TemplateResource = z.output<typeof resource>;

export interface Deployment {
  readonly templates: readonly Template[];
  readonly region: string;
  readonly accountId: string;
  /** What a resource is called once it is deployed; `null` where it is not given. */
  readonly nameOf: (logicalId: string, resource: TemplateResource) => DeployedNames | null;
}

/** The policies of a role, from everywhere in its template where one can be attached. */
export interface TemplateRole {
  readonly statements: readonly Statement[];
  /** Of policies that are not in the template, such as AWS's own: their ARNs. */
  readonly elsewhere: readonly string[];
}

const rolePolicies = z.object({
  Policies: z.array(z.object({ PolicyDocument: z.unknown() })).default([]),
  ManagedPolicyArns: z.array(z.unknown()).default([]),
  PermissionsBoundary: z.never('a permissions boundary is not known here').optional(),
});
const attachedPolicy = z.object({
  PolicyDocument: z.unknown(),
  // By reference: of one that is attached by a name nobody could tell whose it is.
  Roles: z.array(z.strictObject({ Ref: z.string() })).default([]),
});

/**
 * The place of one of the deployment's templates: where it looks its names up.
 *
 * @throws {PolicyError} when one of them cannot be worked out
 */
function placeOf(template: Template, deployment: Deployment): DeployedPlace {
  const { accountId, nameOf, region, templates } = deployment;
  return {
    region,
    accountId,
    nameOf(logicalId) {
      const found = template.Resources[logicalId];
      return found === undefined ? null : nameOf(logicalId, found);
    },
    exported(name) {
      for (const other of templates) {
        const there = placeOf(other, deployment);
        for (const { Export, Value } of Object.values(other.Outputs)) {
          if (Export === undefined || resolveIntrinsics(Export.Name, there) !== name) continue;
          return z.string().parse(resolveIntrinsics(Value, there));
        }
      }
      return null;
    },
  };
}

/**
 * What a role may do, by the role's logical id.
 *
 * @throws {PolicyError} for a policy that cannot be judged here, and when there is no such role
 */
export function roleIn(template: Template, roleId: string, deployment: Deployment): TemplateRole {
  const place = placeOf(template, deployment);
  const role = template.Resources[roleId];
  if (role?.Type !== 'AWS::IAM::Role') throw new PolicyError(`There is no role ${roleId}.`);
  const own = rolePolicies.safeParse(role.Properties);
  if (!own.success) throw new PolicyError(`The role ${roleId}: ${z.prettifyError(own.error)}`);

  const attached: unknown[] = [];
  const elsewhere: string[] = [];
  for (const { Properties, Type } of Object.values(template.Resources)) {
    if (Type !== 'AWS::IAM::Policy' && Type !== 'AWS::IAM::ManagedPolicy') continue;
    const policy = attachedPolicy.parse(Properties);
    if (policy.Roles.some(({ Ref }) => Ref === roleId)) attached.push(policy.PolicyDocument);
  }
  for (const arn of own.data.ManagedPolicyArns) {
    const managed = Object.entries(template.Resources).find(
      ([id, { Type }]) => Type === 'AWS::IAM::ManagedPolicy' && isReferenceTo(id, arn),
    );
    if (managed === undefined) elsewhere.push(z.string().parse(resolveIntrinsics(arn, place)));
    else attached.push(attachedPolicy.parse(managed[1].Properties).PolicyDocument);
  }
  const documents = [...own.data.Policies.map((policy) => policy.PolicyDocument), ...attached];
  return {
    statements: documents.flatMap((document) =>
      parsePolicyDocument(resolveIntrinsics(document, place)),
    ),
    elsewhere,
  };
}

/** `Ref` of a managed policy is its ARN. */
function isReferenceTo(logicalId: string, value: unknown): boolean {
  const reference = z.strictObject({ Ref: z.string() }).safeParse(value);
  return reference.success && reference.data.Ref === logicalId;
}

/** The logical id in `{ "Fn::GetAtt": [id, "Arn"] }`, as functions and tasks name their role. */
export function roleIdOf(reference: unknown): string {
  const parsed = z
    .strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) })
    .safeParse(reference);
  if (!parsed.success) throw new PolicyError('A role is named by something else than its ARN.');
  return parsed.data['Fn::GetAtt'][0];
}
