import {
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';

import type { DoctorPorts } from '../ports.ts';
import { calling } from './calling.ts';

export function createStacks(
  client: CloudFormationClient,
): Pick<DoctorPorts, 'findStack' | 'declaredBeside'> {
  return {
    async findStack(name) {
      const answer = await calling('cloudformation:DescribeStacks', () =>
        orNothing(client.send(new DescribeStacksCommand({ StackName: name }))),
      );
      const found = answer?.Stacks?.[0];
      if (found === undefined) return null;
      const outputs = (found.Outputs ?? []).map(
        ({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? ''] as const,
      );
      return { name, status: found.StackStatus ?? '', outputs: new Map(outputs) };
    },

    async declaredBeside(physicalId) {
      const answer = await calling('cloudformation:DescribeStackResources', () =>
        orNothing(
          client.send(new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId })),
        ),
      );
      return (answer?.StackResources ?? []).map((resource) => ({
        stack: resource.StackName ?? '',
        logicalId: resource.LogicalResourceId ?? '',
        type: resource.ResourceType ?? '',
        physicalId: resource.PhysicalResourceId ?? '',
      }));
    },
  };
}

/** CloudFormation has no code of its own for a stack that is not there, only a sentence. */
async function orNothing<Answer>(call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await call;
  } catch (error) {
    const isMissing =
      error instanceof Error &&
      error.name === 'ValidationError' &&
      error.message.includes('does not exist');
    if (isMissing) return null;
    throw error;
  }
}
