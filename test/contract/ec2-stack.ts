import type { AddressInfo } from 'node:net';
import { EC2Client } from '@aws-sdk/client-ec2';
import { createAwsServer } from '../../scripts/local/aws-server.ts';
import { createSimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';
import type { SimulatedClientVpn } from '../../scripts/local/client-vpn/simulated-client-vpn.ts';
import { createEc2StandIn } from '../../scripts/local/ec2/ec2-stand-in.ts';
import type { Ec2StandIn } from '../../scripts/local/ec2/ec2-stand-in.ts';
import { createEventBridgeStandIn } from '../../scripts/local/eventbridge/event-bridge-stand-in.ts';
import type { EventBridgeStandIn } from '../../scripts/local/eventbridge/event-bridge-stand-in.ts';
import type { ScheduledRule } from '../../scripts/local/eventbridge/rules.ts';
import { createFaults } from '../../scripts/local/faults.ts';
import type { Faults } from '../../scripts/local/faults.ts';
import { minutesAfter } from '../../src/clock.ts';
import type { Clock } from '../../src/clock.ts';

export const endpointId = 'cvpn-endpoint-0aaaaaaaaaaaaaaaa';
export const vpcId = 'vpc-0aaaaaaaaaaaaaaaa';
export const subnetA = 'subnet-0aaaaaaaaaaaaaaaa';
export const subnetC = 'subnet-0cccccccccccccccc';
export const subnetA2 = 'subnet-0aaaaaaaaaaaaaaa2';
export const foreignSubnet = 'subnet-0ffffffffffffffff';
export const description = `<b>&"' 東京`;

/** Minutes, so that a test moves the clock by whole ones. */
export const minutes = { toAssociate: 5, toRoute: 1, toDisassociate: 2 };

export interface AwsStack {
  readonly url: string;
  readonly client: EC2Client;
  readonly clientVpn: SimulatedClientVpn;
  readonly ec2: Ec2StandIn;
  readonly eventBridge: EventBridgeStandIn;
  readonly faults: Faults;
  readonly clock: Clock;
  advanceMinutes(minutes: number): void;
  /** Associates a subnet and waits, in the simulation, until that is done. */
  turnOn(subnetId?: string): string;
  close(): Promise<void>;
}

/** The stand-ins on a free port, with one endpoint in one VPC, and the real SDK pointed at them. */
export async function startAwsStack(
  options: { readonly rules?: readonly ScheduledRule[]; readonly maxAttempts?: number } = {},
): Promise<AwsStack> {
  let now = new Date('2026-03-01T09:00:00Z');
  const clock = { now: () => now };
  const faults = createFaults();
  const clientVpn = sampleClientVpn(clock);
  const ec2 = createEc2StandIn({ clientVpn, faults });
  const eventBridge = createEventBridgeStandIn({ clock, faults, rules: options.rules ?? [] });
  const server = createAwsServer({ ec2, eventBridge });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const client = new EC2Client({
    endpoint: url,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: options.maxAttempts ?? 1,
  });
  const advanceMinutes = (passed: number): void => {
    now = minutesAfter(now, passed);
  };
  return {
    url,
    client,
    clientVpn,
    ec2,
    eventBridge,
    faults,
    clock,
    advanceMinutes,
    turnOn(subnetId = subnetA) {
      const { associationId } = clientVpn.associateClientVpnTargetNetwork({
        clientVpnEndpointId: endpointId,
        subnetId,
      });
      advanceMinutes(minutes.toAssociate);
      return associationId;
    },
    async close() {
      client.destroy();
      await eventBridge.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sampleClientVpn(clock: Clock): SimulatedClientVpn {
  const clientVpn = createSimulatedClientVpn({
    clock,
    timings: {
      associateSeconds: minutes.toAssociate * 60,
      routeSeconds: minutes.toRoute * 60,
      disassociateSeconds: minutes.toDisassociate * 60,
    },
    region: 'ap-northeast-1',
    accountId: '123456789012',
  });
  clientVpn.addVpc({ id: vpcId, cidr: '10.0.0.0/16' });
  const zones = [
    [subnetA, '10.0.1.0/24', 'a'],
    [subnetC, '10.0.2.0/24', 'c'],
    [subnetA2, '10.0.3.0/24', 'a'],
  ] as const;
  for (const [id, cidr, letter] of zones) {
    clientVpn.addSubnet({ id, vpcId, cidr, availabilityZone: `ap-northeast-1${letter}` });
  }
  clientVpn.addSubnet({
    id: foreignSubnet,
    vpcId,
    cidr: '10.0.4.0/24',
    availabilityZone: 'ap-northeast-1d',
    ownerId: '999999999999',
  });
  clientVpn.addEndpoint({
    id: endpointId,
    description,
    tags: { Name: '東京 <office> & "co"', 'vpn-portal:managed': 'true' },
    selfServicePortalUrl: `https://self-service.clientvpn.amazonaws.com/endpoints/${endpointId}`,
  });
  return clientVpn;
}

/** The name and status of the error a call ends with, or `null` where it succeeds. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ readonly code: string; readonly status: number | undefined } | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata = '$metadata' in error ? error.$metadata : undefined;
    const status =
      typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
        ? metadata.httpStatusCode
        : undefined;
    return { code: error.name, status: typeof status === 'number' ? status : undefined };
  }
}
