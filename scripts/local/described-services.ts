import { createAcmStandIn } from './acm/acm-stand-in.ts';
import type { ServiceStandIn } from './aws-server.ts';
import type { SimulatedClientVpn } from './client-vpn/simulated-client-vpn.ts';
import { createCloudFormationStandIn } from './cloudformation/cloudformation-stand-in.ts';
import { createCognitoStandIn } from './cognito/cognito-stand-in.ts';
import type { LocalDeployment } from './deployment.ts';
import { createElbStandIn } from './elb/elb-stand-in.ts';
import type { Faults } from './faults.ts';
import { createIamStandIn } from './iam-service/iam-stand-in.ts';

/** The services that only describe what is there, by the name under which requests are signed. */
export function createDescribedServices(dependencies: {
  readonly deployment: LocalDeployment;
  readonly clientVpn: SimulatedClientVpn;
  readonly faults: Faults;
}): ReadonlyMap<string, ServiceStandIn> {
  return new Map<string, ServiceStandIn>([
    ['elasticloadbalancing', createElbStandIn(dependencies)],
    ['cognito-idp', createCognitoStandIn(dependencies)],
    ['acm', createAcmStandIn(dependencies)],
    ['iam', createIamStandIn(dependencies)],
    ['cloudformation', createCloudFormationStandIn(dependencies)],
  ]);
}
