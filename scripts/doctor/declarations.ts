import { orOk, verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

/** Something that a stack of CloudFormation says is to be there. */
export interface DeclaredResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** What the stacks of the Region declare of Client VPN. */
export interface Declarations {
  /** Endpoints and associations; nothing else. */
  readonly resources: readonly DeclaredResource[];
  /** The names of stacks that were not looked through, because there are too many. */
  readonly unread: readonly string[];
}

export const associationType = 'AWS::EC2::ClientVpnTargetNetworkAssociation';
export const endpointType = 'AWS::EC2::ClientVpnEndpoint';

/**
 * An association that a stack declares comes back with the stack's next update, or makes it fail:
 * two hands on one thing. While the endpoint is off, its associations are not there, and the stack does
 * not say whose they are.
 *
 * @param associations those that are there now, of every endpoint by its id
 */
export function judgeDeclarations(
  endpointId: string,
  { resources, unread }: Declarations,
  associations: ReadonlyMap<string, readonly string[]>,
): readonly Verdict[] {
  const withEndpoint = new Set(
    resources.filter(({ physicalId }) => physicalId === endpointId).map(({ stack }) => stack),
  );
  const own = associations.get(endpointId) ?? [];
  const others = new Set([...associations.values()].flat().filter((id) => !own.includes(id)));
  const declared = resources.filter(({ physicalId, type }) => {
    return type === associationType && !others.has(physicalId);
  });
  const wrong = declared.map(({ logicalId, physicalId, stack }) => {
    const takeOut = `Give ${logicalId} a DeletionPolicy of Retain in the template of ${stack}, update it, then take ${logicalId} out and update it again.`;
    if (own.includes(physicalId) || withEndpoint.has(stack)) {
      return verdict.problem(
        `The stack ${stack} declares the association ${physicalId} as ${logicalId}. Its next update puts back what the portal has taken away, or fails.`,
        takeOut,
      );
    }
    return verdict.notChecked(
      `The stack ${stack} declares the association ${physicalId} as ${logicalId}, which is not there now. Whether it is one of ${endpointId} cannot be told.`,
      `aws cloudformation get-template --stack-name ${stack} says of which endpoint it is. If it is ${endpointId}: ${takeOut}`,
    );
  });
  if (unread.length > 0) {
    wrong.push(
      verdict.notChecked(
        `There are more stacks than the doctor looks through: ${unread.length} were not.`,
        `aws cloudformation list-stack-resources --stack-name NAME --query "StackResourceSummaries[?ResourceType=='${associationType}']": there should be none. The first of them is ${unread[0] ?? ''}.`,
      ),
    );
  }
  return orOk(wrong, `No stack declares an association of ${endpointId}.`);
}
