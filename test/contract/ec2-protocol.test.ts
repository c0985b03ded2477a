import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AssociateClientVpnTargetNetworkCommand,
  DescribeClientVpnTargetNetworksCommand,
} from '@aws-sdk/client-ec2';
import { endpointId, refusalOf, startAwsStack, subnetA } from './ec2-stack.ts';
import type { AwsStack } from './ec2-stack.ts';

const target = { ClientVpnEndpointId: endpointId };
const signed = {
  authorization: `AWS4-HMAC-SHA256 Credential=local/20260301/ap-northeast-1/ec2/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
};
let stack: AwsStack;
beforeEach(async () => {
  stack = await startAwsStack();
});
afterEach(() => stack.close());

async function ask(
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = signed,
): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(stack.url, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ Version: '2016-11-15', ...parameters }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('the Query protocol', () => {
  test('answers in the namespace of its version, with the request id in body and header', async () => {
    const answer = await ask({ Action: 'DescribeSubnets', 'SubnetId.1': subnetA });
    const requestId = answer.headers.get('x-amzn-requestid') ?? '';
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/xml;charset=UTF-8');
    expect(answer.text).toContain(
      `<?xml version="1.0" encoding="UTF-8"?>\n<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${requestId}</requestId>`,
    );
  });

  test('answers errors in the form of EC2', async () => {
    const answer = await ask({ Action: 'DescribeSubnets', 'SubnetId.1': '<subnet>' });
    const requestId = answer.headers.get('x-amzn-requestid') ?? '';
    expect(answer.status).toBe(400);
    expect(answer.text).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>InvalidSubnetID.NotFound</Code><Message>The subnet ID &apos;&lt;subnet&gt;&apos; does not exist</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    );
  });

  test('takes a signed address by GET as well', async () => {
    const query = new URLSearchParams({
      Action: 'DescribeSubnets',
      Version: '2016-11-15',
      'X-Amz-Credential': 'local/20260301/ap-northeast-1/ec2/aws4_request',
      'X-Amz-Signature': '0'.repeat(64),
    });
    const response = await fetch(`${stack.url}/?${query.toString()}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(subnetA);
  });

  test.each([
    ['an unknown action', { Action: 'RunInstances' }, 400, 'InvalidAction'],
    ['no action', {}, 400, 'MissingAction'],
    ['another version', { Action: 'DescribeSubnets', Version: '2010-01-01' }, 400, 'NoSuchVersion'],
    ['an unknown parameter', { Action: 'DescribeSubnets', Subnet: 'x' }, 400, 'UnknownParameter'],
    [
      'a page that is no number',
      { Action: 'DescribeSubnets', MaxResults: 'ten' },
      400,
      'InvalidParameterValue',
    ],
    [
      'a flag that is neither',
      { Action: 'DescribeSubnets', DryRun: 'yes' },
      400,
      'InvalidParameterValue',
    ],
    [
      'a filter without a name',
      { Action: 'DescribeSubnets', 'Filter.1.Value.1': 'x' },
      400,
      'MissingParameter',
    ],
    [
      'a filter without a value',
      { Action: 'DescribeSubnets', 'Filter.1.Name': 'vpc-id' },
      400,
      'InvalidParameterValue',
    ],
  ])('refuses %s', async (_title, parameters, status, code) => {
    const answer = await ask(parameters);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`<Code>${code}</Code>`);
  });

  test('refuses a request that is far too large, with an answer', async () => {
    const answer = await ask({ Action: 'DescribeSubnets', Note: 'x'.repeat(9 * 1024 * 1024) });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('<Code>RequestEntityTooLarge</Code>');
  });

  test.each([
    ['nothing', {}],
    ['a password', { authorization: 'Basic bG9jYWw6bG9jYWw=' }],
    [
      'a signature without a scope',
      { authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=0' },
    ],
  ])('refuses a request signed with %s', async (_title, headers) => {
    const answer = await ask({ Action: 'DescribeSubnets' }, headers);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('<Code>MissingAuthenticationToken</Code>');
  });
});

describe('a fault', () => {
  const associate = (): Promise<unknown> =>
    stack.client.send(new AssociateClientVpnTargetNetworkCommand({ ...target, SubnetId: subnetA }));
  const associations = async (): Promise<number | undefined> => {
    const answer = await stack.client.send(new DescribeClientVpnTargetNetworksCommand(target));
    return answer.ClientVpnTargetNetworks?.length;
  };
  const action = 'AssociateClientVpnTargetNetwork';

  test('before the work leaves everything as it was, and ends after its number of calls', async () => {
    stack.faults.add({
      service: 'ec2',
      action,
      code: 'RequestLimitExceeded',
      status: 503,
      times: 1,
      effect: 'before',
    });
    expect(await refusalOf(associate())).toEqual({ code: 'RequestLimitExceeded', status: 503 });
    expect(await associations()).toBe(0);
    expect(await refusalOf(associate())).toBeNull();
  });

  test('after the work loses only the answer', async () => {
    stack.faults.add({
      service: 'ec2',
      action,
      code: 'InternalError',
      status: 500,
      times: 1,
      effect: 'after',
    });
    expect(await refusalOf(associate())).toEqual({ code: 'InternalError', status: 500 });
    expect(await associations()).toBe(1);
  });

  test('can reset the connection', async () => {
    stack.faults.add({
      service: 'ec2',
      action: '*',
      code: 'ConnectionReset',
      status: 0,
      times: 1,
      effect: 'after',
    });
    await expect(associate()).rejects.toThrow('ECONNRESET');
    expect(await associations()).toBe(1);
    expect(stack.ec2.calls().map((call) => call.outcome)).toEqual(['ConnectionReset', 'succeeded']);
  });

  test('can leave a call without an answer', async () => {
    stack.faults.add({
      service: 'ec2',
      action,
      code: 'Timeout',
      status: 0,
      times: 1,
      effect: 'before',
    });
    await expect(
      stack.client.send(
        new AssociateClientVpnTargetNetworkCommand({ ...target, SubnetId: subnetA }),
        { abortSignal: AbortSignal.timeout(200) },
      ),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(await associations()).toBe(0);
  });
});

test('the SDK retries a throttled call with the same token, so that there is one association', async () => {
  const patient = await startAwsStack({ maxAttempts: 3 });
  try {
    for (const effect of ['before', 'after'] as const) {
      patient.faults.add({
        service: 'ec2',
        action: 'AssociateClientVpnTargetNetwork',
        code: 'RequestLimitExceeded',
        status: 503,
        times: 1,
        effect,
      });
    }
    await patient.client.send(
      new AssociateClientVpnTargetNetworkCommand({ ...target, SubnetId: subnetA }),
    );
    const tokens = patient.ec2.calls().map((call) => call.parameters['ClientToken']);
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(1);
    expect(patient.clientVpn.bill().associations).toHaveLength(1);
  } finally {
    await patient.close();
  }
});

test('the calls are counted until they are reset', async () => {
  await ask({ Action: 'DescribeSubnets' });
  expect(stack.ec2.calls()).toMatchObject([
    {
      action: 'DescribeSubnets',
      outcome: 'succeeded',
      at: new Date('2026-03-01T09:00:00Z'),
      parameters: { Action: 'DescribeSubnets', Version: '2016-11-15' },
    },
  ]);
  stack.ec2.resetCalls();
  expect(stack.ec2.calls()).toEqual([]);
});
