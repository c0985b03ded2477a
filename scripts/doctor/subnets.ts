import type { Endpoint } from '../../src/vpn/endpoint.ts';
import { parsePolicy, policyTags } from '../../src/vpn/policy.ts';
import type { SubnetId } from '../../src/vpn/ids.ts';
import { checkSubnets } from '../../src/vpn/subnet.ts';
import type { Subnet } from '../../src/vpn/subnet.ts';
import { subnetProblem } from '../../src/web/locales/en/problems.ts';
import { blocksOverlap } from './address-block.ts';
import { orOk, verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

/** The subnets in an endpoint's tags; `null` where the tags cannot be read. */
export function wantedSubnets(endpoint: Endpoint): readonly SubnetId[] | null {
  const parsed = parsePolicy(endpoint);
  return parsed.ok ? parsed.policy.subnets : null;
}

/**
 * The rules for target networks, and that none of them has addresses that clients get: the VPC's
 * other blocks are not looked at.
 */
export function judgeSubnets(
  { clientCidr, id, vpcId }: Pick<Endpoint, 'id' | 'clientCidr' | 'vpcId'>,
  wanted: readonly SubnetId[],
  found: readonly Subnet[],
): readonly Verdict[] {
  const choose = `VPC › Subnets. Then: aws ec2 create-tags --resources ${id} --tags "Key=${policyTags.subnets},Value=…"`;
  const wrong = checkSubnets(wanted, found).map((problem) =>
    verdict.problem(subnetProblem(problem), choose),
  );
  const wantedOnes = found.filter((subnet) => wanted.includes(subnet.id));
  for (const subnet of wantedOnes) {
    if (vpcId !== null && subnet.vpcId !== vpcId) {
      wrong.push(
        verdict.problem(
          `The subnet ${subnet.id} is in ${subnet.vpcId}, and the endpoint is bound to ${vpcId}.`,
          choose,
        ),
      );
    }
    if (clientCidr === null) continue;
    const overlap = blocksOverlap(subnet.cidr, clientCidr);
    if (overlap === true) {
      wrong.push(
        verdict.problem(
          `The subnet ${subnet.id} (${subnet.cidr}) overlaps with ${clientCidr}, the addresses that clients get.`,
          `${choose} An endpoint keeps its client addresses for life; the other way is another endpoint.`,
        ),
      );
    } else if (overlap === null) {
      wrong.push(
        verdict.notChecked(
          `${subnet.cidr} of ${subnet.id} and ${clientCidr}, the addresses that clients get, cannot be compared.`,
          'Compare them by hand: they must not overlap.',
        ),
      );
    }
  }
  const zones = wantedOnes.map(({ availabilityZone }) => availabilityZone).join(', ');
  return orOk(
    wrong,
    `All ${wanted.length} can be associated, in ${zones}.`.replace('All 1 ', 'It '),
  );
}
