import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createEc2ClientVpn } from '../../src/aws/ec2-client-vpn.ts';
import { parseConnectionId } from '../../src/vpn/ids.ts';
import type { ConnectionId } from '../../src/vpn/ids.ts';
import {
  endpointId,
  failureOf,
  noConnectionId,
  noEndpointId,
  startAdapterStack,
} from './client-vpn-adapter-stack.ts';
import type { AdapterStack } from './client-vpn-adapter-stack.ts';

let stack: AdapterStack;

beforeEach(async () => {
  stack = await startAdapterStack(1);
});
afterEach(() => stack.close());

function connect(person: string): ConnectionId {
  const id = parseConnectionId(stack.clientVpn.connect(endpointId, person));
  if (id === null) throw new Error('the simulation gave an unusable id');
  return id;
}

const terminate = (connectionId: ConnectionId) =>
  stack.adapter.terminateConnection({ endpointId, connectionId });
const statuses = async () => {
  const listed = await stack.adapter.listConnections(endpointId);
  return Object.fromEntries(listed.map(({ person, status }) => [person, status]));
};
const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);

describe('the end of a connection', () => {
  it('is asked for by its id, and ends no other', async () => {
    stack.turnOn();
    const ended = connect('alice@example.com');
    connect('bob@example.com');
    expect(await terminate(ended)).toEqual({ outcome: 'accepted', requestId });
    expect(stack.callsOf('TerminateClientVpnConnections')).toMatchObject([
      { parameters: { ClientVpnEndpointId: endpointId, ConnectionId: ended } },
    ]);
    expect(stack.callsOf('TerminateClientVpnConnections')[0]?.parameters).not.toHaveProperty(
      'Username',
    );
    stack.advanceMinutes(1);
    expect(await statuses()).toEqual({
      'alice@example.com': 'terminated',
      'bob@example.com': 'active',
    });
  });

  it('is a success where it is gone already', async () => {
    expect(await terminate(noConnectionId)).toEqual({ outcome: 'already-so', requestId });
    stack.fail('InvalidClientVpnConnection.UserNotFound', 400);
    expect(await terminate(noConnectionId)).toEqual({ outcome: 'already-so', requestId });
  });

  it.each([
    ['not-allowed', 'UnauthorizedOperation', 403],
    ['busy', 'RequestLimitExceeded', 503],
    ['busy', 'ConcurrentMutationLimitExceeded', 400],
    ['unreachable', 'InternalError', 500],
    ['misconfigured', 'InvalidClientVpnEndpointId.NotFound', 400],
    // Means something else, of something else.
    ['unknown', 'InvalidClientVpnConnection.IdNotFoundAtAll', 400],
    ['unknown', 'InvalidClientVpnAssociationIdNotFound', 400],
  ])('is refused as %s where AWS says %s', async (kind, code, status) => {
    stack.fail(code, status);
    expect(await failureOf(terminate(noConnectionId))).toMatchObject({
      kind,
      code,
      operation: 'TerminateClientVpnConnections',
    });
  });

  it('of an endpoint that is gone is no success', async () => {
    const gone = { endpointId: noEndpointId, connectionId: noConnectionId };
    expect(await failureOf(stack.adapter.terminateConnection(gone))).toMatchObject({
      kind: 'misconfigured',
    });
  });
});

describe('the authorization rules', () => {
  const add = (count: number) => {
    for (let number = 0; number < count; number += 1) {
      const destinationCidr = `10.${String(number >> 8)}.${String(number & 255)}.0/24`;
      stack.clientVpn.addAuthorizationRule(endpointId, { destinationCidr });
    }
  };
  const count = () => stack.adapter.countAuthorizationRules(endpointId);

  it('are none, or as many as there are', async () => {
    expect(await count()).toBe(0);
    add(2);
    expect(await count()).toBe(2);
  });

  it('are counted to the last page', async () => {
    add(1001);
    expect(await count()).toBe(1001);
    expect(stack.callsOf('DescribeClientVpnAuthorizationRules')).toMatchObject([
      { parameters: { ClientVpnEndpointId: endpointId, MaxResults: '1000' } },
      { parameters: { MaxResults: '1000', NextToken: expect.any(String) } },
    ]);
  });

  it('are not counted at all where their last page cannot be read', async () => {
    add(1001);
    let pages = 0;
    stack.client.middlewareStack.add(
      (next) => (input) => {
        pages += 1;
        if (pages === 2) stack.fail('ServiceUnavailable', 503);
        return next(input);
      },
      { step: 'initialize' },
    );
    expect(await failureOf(count())).toMatchObject({
      kind: 'unreachable',
      operation: 'DescribeClientVpnAuthorizationRules',
    });
    expect(pages).toBe(2);
  });

  it('count while they let people in, or are about to, and not once they do not', async () => {
    const codes = ['active', 'authorizing', 'failed', 'revoking', undefined];
    add(codes.length);
    // The stand-in has nothing but active ones. What passes here has no type that the SDK tells.
    stack.client.middlewareStack.add(
      (next) => async (input) => {
        const result = await next(input);
        const { AuthorizationRules } = result.output as {
          AuthorizationRules?: { Status?: object }[];
        };
        AuthorizationRules?.forEach((rule, index) => {
          rule.Status = { Code: codes[index] };
        });
        return result;
      },
      { step: 'initialize' },
    );
    expect(await createEc2ClientVpn(stack.client).countAuthorizationRules(endpointId)).toBe(3);
  });
});
