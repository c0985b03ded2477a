import { ContextKeyTypeEnum, paginateSimulatePrincipalPolicy } from '@aws-sdk/client-iam';
import type { EvaluationResult, IAMClient } from '@aws-sdk/client-iam';

import type { DoctorPorts } from '../ports.ts';
import type { Question, Simulated } from '../role-permissions.ts';
import { finding } from './calling.ts';

/** What the policies of a role come to, without its credentials. */
export function createRoles(client: IAMClient): Pick<DoctorPorts, 'simulateRole'> {
  async function ask(roleArn: string, question: Question): Promise<readonly Simulated[]> {
    const { actions, resource, tags } = question;
    const found: Simulated[] = [];
    const pages = paginateSimulatePrincipalPolicy(
      { client },
      {
        PolicySourceArn: roleArn,
        ActionNames: [...actions],
        ResourceArns: [resource],
        ContextEntries: Object.entries(tags).map(([tag, value]) => ({
          ContextKeyName: `aws:ResourceTag/${tag}`,
          ContextKeyType: ContextKeyTypeEnum.STRING,
          ContextKeyValues: [value],
        })),
      },
    );
    for await (const { EvaluationResults = [] } of pages) {
      found.push(
        ...EvaluationResults.map((result) => ({
          action: result.EvalActionName ?? '',
          resource,
          decision: decisionOf(result),
        })),
      );
    }
    return found;
  }

  return {
    simulateRole: (roleArn, questions) =>
      finding('iam:SimulatePrincipalPolicy', /^NoSuchEntity(?:Exception)?$/, async () => {
        const answers: Simulated[] = [];
        // One after the other: IAM answers few of these in a second.
        for (const question of questions) answers.push(...(await ask(roleArn, question)));
        return answers;
      }),
  };
}

function decisionOf({
  EvalDecision,
  MissingContextValues = [],
}: EvaluationResult): Simulated['decision'] {
  if (EvalDecision === 'allowed') return 'allowed';
  return EvalDecision === 'implicitDeny' && MissingContextValues.length > 0 ? 'unclear' : 'refused';
}
