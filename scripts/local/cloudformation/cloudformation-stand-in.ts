import type { ServiceStandIn } from '../aws-server.ts';
import type { DeploymentState, LocalDeployment, StackState } from '../deployment.ts';
import { createQueryService } from '../described-service.ts';
import type { XmlElements } from '../ec2/xml.ts';
import type { Faults } from '../faults.ts';
import { ServiceFault } from '../service-fault.ts';

/**
 * CloudFormation, as far as DescribeStacks by name, ListStacks and ListStackResources go, the latter page
 * by page. Source of the form: AWS CloudFormation API Reference.
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
      ListStacks() {
        const state = deployment.state();
        return {
          StackSummaries: state.stacks.map((stack) => ({
            StackName: stack.name,
            StackId: stackId(state, stack),
            StackStatus: stack.status,
          })),
        };
      },
      ListStackResources(parameters) {
        const wanted = parameters.get('StackName') ?? '';
        const stack = deployment.state().stacks.find(({ name }) => name === wanted);
        if (stack === undefined) {
          throw new ServiceFault('ValidationError', `Stack with id ${wanted} does not exist`);
        }
        const from = Number(parameters.get('NextToken') ?? 0);
        const to = from + resourcesOnAPage;
        return {
          StackResourceSummaries: stack.resources
            .slice(from, to)
            .map(({ logicalId, physicalId, type }) => ({
              LogicalResourceId: logicalId,
              PhysicalResourceId: physicalId,
              ResourceType: type,
              ResourceStatus: 'CREATE_COMPLETE',
            })),
          NextToken: to < stack.resources.length ? to : undefined,
        };
      },
    },
  });
}

/** Source: AWS CloudFormation API Reference, ListStackResources. */
const resourcesOnAPage = 100;

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
