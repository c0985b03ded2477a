import type { SubnetId, VpcId } from './ids.ts';

export interface Subnet {
  readonly id: SubnetId;
  readonly vpcId: VpcId;
  readonly cidr: string;
  readonly availabilityZone: string;
  readonly availableAddresses: number;
}

/** Why AWS would refuse to associate a subnet: each has its sentence in every language. */
export const subnetProblemCodes = [
  'subnet-not-found',
  'subnets-in-one-zone',
  'subnets-in-two-vpcs',
  'subnet-too-small',
  'too-few-addresses',
] as const;

export interface SubnetProblem {
  readonly code: (typeof subnetProblemCodes)[number];
  readonly subnetId: SubnetId;
  /** What it clashes with, or the figure that is too small. */
  readonly detail: string;
}

/** AWS asks for a subnet of at least /27 with at least 20 free addresses. */
const longestPrefix = 27;
const fewestAddresses = 20;

/**
 * Holds the wanted subnets against AWS's rules for target networks, so that a mistake is said in a
 * sentence before anything is tried.
 *
 * Source: AWS Client VPN Administrator Guide, "Rules and best practices for using AWS Client VPN".
 *
 * @param wanted the policy's subnets, in order
 * @param found what AWS knows of them
 */
export function checkSubnets(
  wanted: readonly SubnetId[],
  found: readonly Subnet[],
): readonly SubnetProblem[] {
  const problems: SubnetProblem[] = [];
  const accepted: Subnet[] = [];
  for (const subnetId of wanted) {
    const subnet = found.find((candidate) => candidate.id === subnetId);
    if (subnet === undefined) {
      problems.push({ code: 'subnet-not-found', subnetId, detail: '' });
      continue;
    }
    const neighbour = accepted.find((other) => other.availabilityZone === subnet.availabilityZone);
    const first = accepted[0];
    if (first !== undefined && first.vpcId !== subnet.vpcId) {
      problems.push({ code: 'subnets-in-two-vpcs', subnetId, detail: first.id });
    } else if (neighbour !== undefined) {
      problems.push({ code: 'subnets-in-one-zone', subnetId, detail: neighbour.id });
    }
    if (prefixLength(subnet.cidr) > longestPrefix) {
      problems.push({ code: 'subnet-too-small', subnetId, detail: subnet.cidr });
    } else if (subnet.availableAddresses < fewestAddresses) {
      const free = subnet.availableAddresses.toString();
      problems.push({ code: 'too-few-addresses', subnetId, detail: free });
    }
    accepted.push(subnet);
  }
  return problems;
}

function prefixLength(cidr: string): number {
  return Number(cidr.split('/')[1] ?? '32');
}
