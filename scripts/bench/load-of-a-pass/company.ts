import type { Clock } from '../../../src/clock.ts';
import { managedTag } from '../../../src/vpn/endpoint.ts';
import { policyTags } from '../../../src/vpn/policy.ts';
import { createSimulatedClientVpn } from '../../local/client-vpn/simulated-client-vpn.ts';
import type { SimulatedClientVpn } from '../../local/client-vpn/simulated-client-vpn.ts';

const region = 'us-east-1';

/** Many endpoints, every other one on with somebody connected. */
export interface Company {
  readonly clientVpn: SimulatedClientVpn;
  readonly on: readonly string[];
  readonly off: readonly string[];
  /** The endpoint that has the subnet. */
  readonly ofSubnet: ReadonlyMap<string, string>;
}

export function createCompany(clock: Clock, endpoints: number): Company {
  const clientVpn = createSimulatedClientVpn({
    clock,
    timings: { associateSeconds: 0, routeSeconds: 0, disassociateSeconds: 0 },
    region,
    accountId: '111122223333',
  });
  const on: string[] = [];
  const off: string[] = [];
  const ofSubnet = new Map<string, string>();
  for (let number = 0; number < endpoints; number += 1) {
    const digits = number.toString(16).padStart(17, '0');
    const id = `cvpn-endpoint-${digits}`;
    const subnetId = `subnet-${digits}`;
    const vpcId = `vpc-${digits}`;
    ofSubnet.set(subnetId, id);
    const block = `10.${number}`;
    clientVpn.addVpc({ id: vpcId, cidr: `${block}.0.0/16` });
    clientVpn.addSubnet({
      id: subnetId,
      vpcId,
      cidr: `${block}.0.0/24`,
      availabilityZone: `${region}a`,
    });
    clientVpn.addEndpoint({
      id,
      clientCidr: '172.16.0.0/22',
      tags: { [managedTag]: 'true', [policyTags.subnets]: subnetId },
    });
    clientVpn.addAuthorizationRule(id, { destinationCidr: '0.0.0.0/0' });
    if (number % 2 === 1) {
      off.push(id);
      continue;
    }
    on.push(id);
    clientVpn.associateClientVpnTargetNetwork({ clientVpnEndpointId: id, subnetId });
    clientVpn.connect(id, `person-${number}`);
  }
  return { clientVpn, on, off, ofSubnet };
}
