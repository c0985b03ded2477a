import type { RolePolicies } from './access-keys.ts';
import { parsePolicyDocument } from './iam/policy-document.ts';
import type { Statement } from './iam/policy-document.ts';
import { sampleAccountId, sampleRegion } from './sample-world.ts';

/*
 * What the deployed roles may of EC2, told once more for whoever asks IAM about the local stack. What is
 * deployed is synthesised from `infra/`; nothing here is held against these unless a test says so.
 */

const ec2 = (resource: string): string =>
  `arn:aws:ec2:${sampleRegion}:${sampleAccountId}:${resource}`;

function role(acts: readonly string[]): readonly Statement[] {
  const starts = ['ec2:AssociateClientVpnTargetNetwork', 'ec2:CreateClientVpnRoute'];
  return parsePolicyDocument({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['ec2:DescribeClientVpnEndpoints', 'ec2:DescribeSubnets'],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: [
          'ec2:DescribeClientVpnTargetNetworks',
          'ec2:DescribeClientVpnRoutes',
          'ec2:DescribeClientVpnConnections',
          ...starts,
          ...acts,
        ],
        Resource: ec2('client-vpn-endpoint/*'),
        Condition: { StringEquals: { 'aws:ResourceTag/vpn-portal:managed': 'true' } },
      },
      { Effect: 'Allow', Action: starts, Resource: ec2('subnet/*') },
    ],
  });
}

/** Those that the doctor asks about: the client connect handler's may nothing of EC2. */
export const sampleRoles: Omit<RolePolicies, 'connect'> = {
  portal: role(['ec2:ExportClientVpnClientConfiguration']),
  reconciler: role([
    'ec2:DescribeClientVpnAuthorizationRules',
    'ec2:DisassociateClientVpnTargetNetwork',
    'ec2:TerminateClientVpnConnections',
  ]),
};

const roleArn = (name: string): string => `arn:aws:iam::${sampleAccountId}:role/${name}`;

/** As the stack's outputs name them. */
export const sampleRoleArns: Readonly<Record<keyof typeof sampleRoles, string>> = {
  portal: roleArn('vpn-portal-portal'),
  reconciler: roleArn('vpn-portal-reconciler'),
};
