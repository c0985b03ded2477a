import { orOk, verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

/** Something that a stack of CloudFormation says is to be there. */
export interface DeclaredResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

const associationType = 'AWS::EC2::ClientVpnTargetNetworkAssociation';
/** More than these CloudFormation does not list by the id of one of them. */
const mostResources = 100;

/**
 * An association that a stack declares comes back with the stack's next update, or makes it fail:
 * two hands on one thing.
 *
 * @param beside what the stacks declare in which the endpoint or one of its associations is
 */
export function judgeDeclarations(
  endpointId: string,
  beside: readonly DeclaredResource[],
): readonly Verdict[] {
  const declared = beside.filter(({ type }) => type === associationType);
  const wrong = declared.map(({ logicalId, physicalId, stack }) =>
    verdict.problem(
      `The stack ${stack} declares the association ${physicalId} as ${logicalId}. Its next update puts back what the portal has taken away, or fails.`,
      `Give ${logicalId} a DeletionPolicy of Retain in the template of ${stack}, update it, then take ${logicalId} out and update it again.`,
    ),
  );
  const counts = new Map<string, number>();
  for (const { stack } of beside) counts.set(stack, (counts.get(stack) ?? 0) + 1);
  for (const [stack, count] of counts) {
    if (count < mostResources) continue;
    wrong.push(
      verdict.notChecked(
        `The stack ${stack} has more resources than CloudFormation lists at once.`,
        `aws cloudformation list-stack-resources --stack-name ${stack} --query "StackResourceSummaries[?ResourceType=='${associationType}']": there should be none.`,
      ),
    );
  }
  return orOk(wrong, `No stack declares an association of ${endpointId}.`);
}
