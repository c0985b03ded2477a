import { minutesAfter, secondsAfter } from '../../src/clock.ts';
import type { Clock } from '../../src/clock.ts';
import { createSimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';
import type { SimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';

export const endpointId = 'cvpn-endpoint-0aaaaaaaaaaaaaaaa';
export const vpcId = 'vpc-0aaaaaaaaaaaaaaaa';
export const subnetA = 'subnet-0aaaaaaaaaaaaaaaa';
export const subnetC = 'subnet-0cccccccccccccccc';
/** In the same zone as `subnetA`. */
export const subnetA2 = 'subnet-0aaaaaaaaaaaaaaa2';

export const timings = { associateSeconds: 300, routeSeconds: 60, disassociateSeconds: 120 };

export interface MovableClock extends Clock {
  advanceSeconds(seconds: number): void;
  advanceMinutes(minutes: number): void;
}

export function movableClock(start = '2026-03-01T09:00:00Z'): MovableClock {
  let now = new Date(start);
  return {
    now: () => now,
    advanceSeconds(seconds) {
      now = secondsAfter(now, seconds);
    },
    advanceMinutes(minutes) {
      now = minutesAfter(now, minutes);
    },
  };
}

/** A simulation with one VPC, three subnets in two zones and one federated endpoint, off. */
export function simulation(): { clock: MovableClock; clientVpn: SimulatedClientVpn } {
  const clock = movableClock();
  const clientVpn = createSimulatedClientVpn({
    clock,
    timings,
    region: 'ap-northeast-1',
    accountId: '123456789012',
  });
  clientVpn.addVpc({ id: vpcId, cidr: '10.0.0.0/16' });
  clientVpn.addSubnet({
    id: subnetA,
    vpcId,
    cidr: '10.0.1.0/24',
    availabilityZone: 'ap-northeast-1a',
  });
  clientVpn.addSubnet({
    id: subnetC,
    vpcId,
    cidr: '10.0.2.0/24',
    availabilityZone: 'ap-northeast-1c',
  });
  clientVpn.addSubnet({
    id: subnetA2,
    vpcId,
    cidr: '10.0.3.0/24',
    availabilityZone: 'ap-northeast-1a',
  });
  clientVpn.addEndpoint({ id: endpointId, clientCidr: '10.250.0.0/22' });
  return { clock, clientVpn };
}

/** The same, with `subnetA` associated. Answers the association's id. */
export function simulationThatIsOn(): ReturnType<typeof simulation> & { associationId: string } {
  const { clock, clientVpn } = simulation();
  const { associationId } = clientVpn.associateClientVpnTargetNetwork({
    clientVpnEndpointId: endpointId,
    subnetId: subnetA,
  });
  clock.advanceSeconds(timings.associateSeconds);
  return { clock, clientVpn, associationId };
}

/** The AWS code with which an act is refused, or `null` where it is not. */
export function refusalOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      return error.code;
    }
    throw error;
  }
}
