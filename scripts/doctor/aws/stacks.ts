import {
  DescribeStacksCommand,
  paginateListStackResources,
  paginateListStacks,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';

import { associationType, endpointType } from '../declarations.ts';
import type { DeclaredResource } from '../declarations.ts';
import type { DoctorPorts } from '../ports.ts';
import { calling } from './calling.ts';

/** CloudFormation answers a few calls in a second, and each stack is one at least. */
const mostStacks = 300;

/** Of those that are gone, and those that nobody has begun to make, there is nothing. */
const without: ReadonlySet<string> = new Set(['DELETE_COMPLETE', 'REVIEW_IN_PROGRESS']);
const statuses = Object.values(StackStatus).filter((status) => !without.has(status));

const types: ReadonlySet<string | undefined> = new Set([associationType, endpointType]);

export function createStacks(
  client: CloudFormationClient,
): Pick<DoctorPorts, 'findStack' | 'listDeclarations'> {
  async function listStacks(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const page of paginateListStacks({ client }, { StackStatusFilter: statuses })) {
      names.push(...(page.StackSummaries ?? []).map(({ StackName }) => StackName ?? ''));
    }
    return names;
  }

  async function declaredIn(stack: string): Promise<readonly DeclaredResource[]> {
    const found: DeclaredResource[] = [];
    for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
      for (const resource of page.StackResourceSummaries ?? []) {
        if (!types.has(resource.ResourceType)) continue;
        found.push({
          stack,
          logicalId: resource.LogicalResourceId ?? '',
          type: resource.ResourceType ?? '',
          physicalId: resource.PhysicalResourceId ?? '',
        });
      }
    }
    return found;
  }

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

    async listDeclarations() {
      const names = await calling('cloudformation:ListStacks', listStacks);
      const resources: DeclaredResource[] = [];
      for (const name of names.slice(0, mostStacks)) {
        const declared = await calling('cloudformation:ListStackResources', () =>
          orNothing(declaredIn(name)),
        );
        // Gone since it was listed.
        if (declared !== null) resources.push(...declared);
      }
      return { resources, unread: names.slice(mostStacks) };
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
