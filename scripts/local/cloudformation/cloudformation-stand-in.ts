import type { ServiceStandIn } from '../aws-server.ts';
import type { DeploymentState, LocalDeployment, StackState } from '../deployment.ts';
import { createQueryService } from '../described-service.ts';
import type { XmlElements } from '../ec2/xml.ts';
import type { Faults } from '../faults.ts';
import { ServiceFault } from '../service-fault.ts';

/**
 * CloudFormation, as far as DescribeStacks by name and DescribeStackResources by the physical id of
 * one of them go. Source of the form: AWS CloudFormation API Reference.
 */
export function createCloudFormationStandIn(dependencies: {
  readonly deployment: LocalDeployment;
  readonly faults: Faults;
}): ServiceStandIn {
  const { deployment, faults } = dependencies;

  return createQueryService({
    name: 'cloudformation',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    faults,
    actions: {
      DescribeStacks(parameters) {
        const state = deployment.state();
        const wanted = parameters.get('StackName') ?? '';
        const stack = state.stacks.find(
          (candidate) => wanted === candidate.name || wanted === stackId(state, candidate),
        );
        if (stack === undefined) {
          throw new ServiceFault('ValidationError', `Stack with id ${wanted} does not exist`);
        }
        return { Stacks: [stackElements(state, stack)] };
      },
      DescribeStackResources(parameters) {
        const state = deployment.state();
        const wanted = parameters.get('PhysicalResourceId') ?? '';
        const stack = state.stacks.find(({ resources }) =>
          resources.some(({ physicalId }) => physicalId === wanted),
        );
        if (stack === undefined) {
          throw new ServiceFault('ValidationError', `Stack for ${wanted} does not exist`);
        }
        return {
          StackResources: stack.resources.map(({ logicalId, physicalId, type }) => ({
            StackName: stack.name,
            StackId: stackId(state, stack),
            LogicalResourceId: logicalId,
            PhysicalResourceId: physicalId,
            ResourceType: type,
            ResourceStatus: 'CREATE_COMPLETE',
          })),
        };
      },
    },
  });
}

function stackId({ accountId, region }: DeploymentState, { name }: StackState): string {
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/0a1b2c3d-0000-4000-8000-000000000000`;
}

function stackElements(state: DeploymentState, stack: StackState): XmlElements {
  return {
    StackId: stackId(state, stack),
    StackName: stack.name,
    StackStatus: stack.status,
    Outputs: Object.entries(stack.outputs).map(([key, value]) => ({
      OutputKey: key,
      OutputValue: value,
    })),
  };
}
