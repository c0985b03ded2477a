import { createEc2ClientVpn } from '../../src/aws/ec2-client-vpn.ts';
import { ClientVpnError } from '../../src/vpn/client-vpn.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import {
  parseAssociationId,
  parseConnectionId,
  parseEndpointId,
  parseSubnetId,
} from '../../src/vpn/ids.ts';
import * as sample from './ec2-stack.ts';
import type { AwsStack } from './ec2-stack.ts';

/** The adapter through the real SDK, over HTTP, against the stand-in for EC2. */
export interface AdapterStack extends AwsStack {
  readonly adapter: ClientVpn;
  /** The next calls end with this code. */
  fail(code: string, status: number, times?: number): void;
  callsOf(action: string): ReturnType<AwsStack['ec2']['calls']>;
}

export async function startAdapterStack(maxAttempts: number): Promise<AdapterStack> {
  const stack = await sample.startAwsStack({ maxAttempts });
  return {
    ...stack,
    adapter: createEc2ClientVpn(stack.client),
    fail(code, status, times = 1) {
      stack.faults.add({ service: 'ec2', action: '*', code, status, times, effect: 'before' });
    },
    callsOf: (action) => stack.ec2.calls().filter((call) => call.action === action),
  };
}

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('a sample id does not parse');
  return value;
}

export const endpointId = present(parseEndpointId(sample.endpointId));
export const subnetId = present(parseSubnetId(sample.subnetA));
export const otherSubnetId = present(parseSubnetId(sample.subnetC));
export const sameZoneSubnetId = present(parseSubnetId(sample.subnetA2));
export const foreignSubnetId = present(parseSubnetId(sample.foreignSubnet));
export const noEndpointId = present(parseEndpointId('cvpn-endpoint-0eeeeeeeeeeeeeeee'));
export const noSubnetId = present(parseSubnetId('subnet-0eeeeeeeeeeeeeeee'));
export const noAssociationId = present(parseAssociationId('cvpn-assoc-0eeeeeeeeeeeeeeee'));
export const noConnectionId = present(parseConnectionId('cvpn-connection-0eeeeeeeeeeeeeeee'));
export const route = {
  destinationCidr: '172.16.0.0/12',
  subnetId,
  description: 'to <HQ> & 東京',
};

/** What a call is refused with; fails where it is not, or with another kind of error. */
export async function failureOf(call: Promise<unknown>): Promise<ClientVpnError> {
  const failure: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof ClientVpnError)) throw new Error(`no such error: ${String(failure)}`);
  return failure;
}
