import type { DoctorPorts } from '../ports.ts';
import { createDoctorsClientVpn } from './client-vpn.ts';
import type { DoctorClients } from './clients.ts';
import { createLoadBalancers } from './load-balancers.ts';
import { createRoles } from './roles.ts';
import { createScheduleReading } from './schedule.ts';
import { createStacks } from './stacks.ts';
import { createTrust } from './trust.ts';
import { createUserPools } from './user-pools.ts';

export function createAwsPorts(clients: DoctorClients): DoctorPorts {
  return {
    ...createStacks(clients.cloudFormation),
    ...createLoadBalancers(clients.loadBalancing),
    ...createTrust(clients),
    ...createRoles(clients.iam),
    ...createUserPools(clients.cognito),
    ...createScheduleReading(clients),
    ...createDoctorsClientVpn(clients.ec2),
  };
}
