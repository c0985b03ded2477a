import { ClientVpnFault } from '../client-vpn/fault.ts';
import type { ClientVpnOperations } from '../client-vpn/operations.ts';
import type { AccessControl, Resource } from '../iam/access-control.ts';
import type { QueryParameters } from './query-parameters.ts';

/**
 * The resources on which each action is checked. Of the others there is `*` alone. Source: Service
 * Authorization Reference, "Actions, resources, and condition keys for Amazon EC2".
 */
const resourcesOfAction: ReadonlyMap<string, readonly ('endpoint' | 'subnet')[]> = new Map([
  ['AssociateClientVpnTargetNetwork', ['endpoint', 'subnet']],
  ['CreateClientVpnRoute', ['endpoint', 'subnet']],
  ['DeleteClientVpnRoute', ['endpoint', 'subnet']],
  ['DescribeClientVpnAuthorizationRules', ['endpoint']],
  ['DescribeClientVpnConnections', ['endpoint']],
  ['DescribeClientVpnRoutes', ['endpoint']],
  ['DescribeClientVpnTargetNetworks', ['endpoint']],
  ['DisassociateClientVpnTargetNetwork', ['endpoint']],
  ['ExportClientVpnClientConfiguration', ['endpoint']],
  ['TerminateClientVpnConnections', ['endpoint']],
]);

/** What EC2 answers to somebody who may not do this; `null` where they may. */
export function accessRefusalOf(call: {
  readonly access: AccessControl;
  readonly accessKeyId: string | null;
  readonly action: string;
  readonly parameters: QueryParameters;
  readonly clientVpn: ClientVpnOperations;
}): ClientVpnFault | null {
  const { access, accessKeyId, action } = call;
  const resources = resourcesOfAction
    .get(action)
    ?.map((kind) => (kind === 'endpoint' ? endpointOf(call) : subnetOf(call)));
  const refusal = access.refusalOf(accessKeyId, `ec2:${action}`, resources ?? [{ arn: '*' }]);
  switch (refusal?.kind) {
    case undefined:
      return null;
    case 'unknown-key':
      return new ClientVpnFault(
        'AuthFailure',
        'AWS was not able to validate the provided access credentials',
        401,
      );
    case 'not-authorized':
      return new ClientVpnFault(
        'UnauthorizedOperation',
        `You are not authorized to perform this operation. ${refusal.sentence}`,
        403,
      );
  }
}

interface Place {
  readonly access: AccessControl;
  readonly parameters: QueryParameters;
  readonly clientVpn: ClientVpnOperations;
}

function endpointOf({ access, clientVpn, parameters }: Place): Resource {
  const id = parameters.text('ClientVpnEndpointId') ?? '';
  const found = clientVpn
    .describeClientVpnEndpoints()
    .find(({ clientVpnEndpointId }) => clientVpnEndpointId === id);
  return tagged(access.arn('ec2', `client-vpn-endpoint/${id}`), found?.tags);
}

function subnetOf({ access, clientVpn, parameters }: Place): Resource {
  const id = parameters.text('SubnetId') ?? parameters.text('TargetVpcSubnetId') ?? '';
  const found = clientVpn.describeSubnets().find(({ subnetId }) => subnetId === id);
  return tagged(access.arn('ec2', `subnet/${id}`), found?.tags);
}

/** What does not exist has no tags: whoever may touch tagged things only does not learn of it. */
function tagged(arn: string, tags: Readonly<Record<string, string>> = {}): Resource {
  const context = Object.entries(tags).flatMap(([tag, value]) =>
    ['aws', 'ec2'].map((prefix) => [`${prefix}:ResourceTag/${tag}`, [value]] as const),
  );
  return { arn, context: Object.fromEntries(context) };
}
