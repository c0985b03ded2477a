/**
 * Holds the local EC2 and EventBridge stand-ins against a client nobody here wrote: the AWS CLI.
 * Starts them on a free port, runs every operation and prints one line per check.
 *
 *   node scripts/check-with-aws-cli.ts
 *
 * Ends with 1 when a check fails, and with 2 when there is no AWS CLI on this machine.
 */
import { X509Certificate } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { minutesAfter } from '../src/clock.ts';
import { createAwsServer } from './local/aws-server.ts';
import { createSimulatedClientVpn } from './local/client-vpn/simulated-client-vpn.ts';
import { AwsCliMissing, createAwsCli } from './local/ec2/aws-cli.ts';
import { createEc2StandIn } from './local/ec2/ec2-stand-in.ts';
import { createEventBridgeStandIn } from './local/eventbridge/event-bridge-stand-in.ts';
import { createFaults } from './local/faults.ts';

const region = 'ap-northeast-1';
const endpointId = 'cvpn-endpoint-0aaaaaaaaaaaaaaaa';
const vpcId = 'vpc-0aaaaaaaaaaaaaaaa';
const subnetId = 'subnet-0aaaaaaaaaaaaaaaa';
const description = `<b>&"' 東京`;

let now = new Date('2026-03-01T09:00:00Z');
const clock = { now: () => now };
const clientVpn = createSimulatedClientVpn({
  clock,
  timings: { associateSeconds: 300, routeSeconds: 60, disassociateSeconds: 120 },
  region,
  accountId: '123456789012',
});
const faults = createFaults();
const eventBridge = createEventBridgeStandIn({
  clock,
  faults,
  rules: [
    {
      name: 'reconcile',
      scheduleExpression: 'rate(1 minute)',
      fire: () => Promise.resolve(),
    },
  ],
});
const server = createAwsServer({ ec2: createEc2StandIn({ clientVpn, faults }), eventBridge });

setUp();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;
const aws = createAwsCli({ endpointUrl: `http://127.0.0.1:${String(port)}`, region });
try {
  process.exitCode = await checkAll();
} finally {
  server.close();
  server.closeAllConnections();
}

function setUp(): void {
  clientVpn.addVpc({ id: vpcId, cidr: '10.0.0.0/16' });
  clientVpn.addSubnet({ id: subnetId, vpcId, cidr: '10.0.1.0/24', availabilityZone: `${region}a` });
  clientVpn.addEndpoint({
    id: endpointId,
    description,
    tags: { Name: 'office', 'vpn-portal:managed': 'true' },
    selfServicePortalUrl: `https://self-service.clientvpn.amazonaws.com/endpoints/${endpointId}`,
  });
  for (let number = 1; number <= 11; number += 1) {
    clientVpn.addEndpoint({
      id: `cvpn-endpoint-0bbbbbbbbbbbbbb${String(number).padStart(2, '0')}`,
    });
  }
  clientVpn.addAuthorizationRule(endpointId, { destinationCidr: '0.0.0.0/0' });
}

/** The answer of an EC2 command about the endpoint, through a JMESPath query. */
async function ask(command: string, query: string, ...more: readonly string[]): Promise<unknown> {
  const parameters = ['ec2', command, '--query', query, '--output', 'json'];
  const { output, error } = await aws(...parameters, ...more);
  return error === '' ? JSON.parse(output === '' ? 'null' : output) : error;
}

function askOfEndpoint(
  command: string,
  query: string,
  ...more: readonly string[]
): Promise<unknown> {
  return ask(command, query, '--client-vpn-endpoint-id', endpointId, ...more);
}

async function checkAll(): Promise<number> {
  let failures = 0;

  /** One check: prints it, with both sides where they differ. */
  function check(title: string, actual: unknown, expected: unknown): void {
    const passes =
      expected instanceof RegExp
        ? expected.test(String(actual))
        : isDeepStrictEqual(actual, expected);
    console.log(`${passes ? 'ok    ' : 'FAILED'} ${title}`);
    if (passes) return;
    failures += 1;
    console.log(
      `       expected ${String(expected instanceof RegExp ? expected : JSON.stringify(expected))}`,
    );
    console.log(`       got      ${JSON.stringify(actual)}`);
  }

  try {
    await checkListings(check);
    await checkChanges(check);
    await checkEventBridge(check);
  } catch (error) {
    if (error instanceof AwsCliMissing) {
      console.error(
        'There is no AWS CLI on this machine: install it (apt-get install awscli, or pip install awscli) and run this again.',
      );
      return 2;
    }
    throw error;
  }
  console.log(failures === 0 ? 'Every check passed.' : `${String(failures)} checks failed.`);
  return failures === 0 ? 0 : 1;
}

type Check = (title: string, actual: unknown, expected: unknown) => void;

async function checkListings(check: Check): Promise<void> {
  check(
    'an endpoint is described with its fields, text unharmed',
    await ask(
      'describe-client-vpn-endpoints',
      'ClientVpnEndpoints[0].[Description,Status.Code,CreationTime,DnsName,VpnPort,SplitTunnel,TransportProtocol,AuthenticationOptions[0].Type,ConnectionLogOptions.Enabled,SessionTimeoutHours,Tags[?Key==`Name`].Value|[0]]',
      '--client-vpn-endpoint-ids',
      endpointId,
    ),
    [
      description,
      'pending-associate',
      '2026-03-01T09:00:00',
      `*.${endpointId}.prod.clientvpn.${region}.amazonaws.com`,
      443,
      true,
      'udp',
      'federated-authentication',
      false,
      24,
      'office',
    ],
  );
  check(
    'pages of five are put together',
    await ask('describe-client-vpn-endpoints', 'length(ClientVpnEndpoints)', '--page-size', '5'),
    12,
  );
  const firstPage = await aws(
    ...['ec2', 'describe-client-vpn-endpoints', '--output', 'json'],
    ...['--page-size', '5', '--max-items', '5'],
  );
  const token = /"NextToken": "([^"]+)"/.exec(firstPage.output)?.[1] ?? '';
  const endpoints = firstPage.output.match(/"ClientVpnEndpointId"/g) ?? [];
  check('a first page has five and a token', [endpoints.length, token !== ''], [5, true]);
  check(
    'its token leads on',
    await ask(
      'describe-client-vpn-endpoints',
      'length(ClientVpnEndpoints)',
      '--starting-token',
      token,
    ),
    7,
  );
  check(
    'a filter chooses',
    await ask(
      'describe-client-vpn-endpoints',
      'ClientVpnEndpoints[].ClientVpnEndpointId',
      '--filters',
      `Name=endpoint-id,Values=${endpointId},cvpn-endpoint-none`,
    ),
    [endpointId],
  );
  check(
    'an endpoint that does not exist',
    await ask(
      'describe-client-vpn-endpoints',
      '@',
      '--client-vpn-endpoint-ids',
      'cvpn-endpoint-0ffffffffffffffff',
    ),
    /\(InvalidClientVpnEndpointId\.NotFound\) when calling the DescribeClientVpnEndpoints operation/,
  );
  check(
    'subnets',
    await ask(
      'describe-subnets',
      'Subnets[].[SubnetId,VpcId,CidrBlock,AvailabilityZone,AvailableIpAddressCount,State]',
      '--subnet-ids',
      subnetId,
    ),
    [[subnetId, vpcId, '10.0.1.0/24', `${region}a`, 251, 'available']],
  );
  check(
    'authorization rules',
    await askOfEndpoint(
      'describe-client-vpn-authorization-rules',
      'AuthorizationRules[].[DestinationCidr,AccessAll,Status.Code]',
    ),
    [['0.0.0.0/0', true, 'active']],
  );
  const exported = await aws(
    ...['ec2', 'export-client-vpn-client-configuration', '--output', 'text'],
    ...['--client-vpn-endpoint-id', endpointId],
  );
  const pem = /<ca>\n([\s\S]*)\n<\/ca>/.exec(exported.output)?.[1];
  check('the exported file holds the certificate of an authority', isAuthority(pem), true);
}

function isAuthority(pem: string | undefined): boolean {
  return pem !== undefined && new X509Certificate(pem).ca;
}

async function checkChanges(check: Check): Promise<void> {
  const associate = ['--subnet-id', subnetId];
  check(
    'a dry run of an association',
    await askOfEndpoint('associate-client-vpn-target-network', '@', ...associate, '--dry-run'),
    /\(DryRunOperation\).*Request would have succeeded, but DryRun flag is set/,
  );
  const once = [...associate, '--client-token', 'one'];
  const associationId = await askOfEndpoint(
    'associate-client-vpn-target-network',
    'AssociationId',
    ...once,
  );
  check('an association', associationId, /^cvpn-assoc-[0-9a-f]{17}$/);
  check(
    'the same token again',
    await askOfEndpoint(
      'associate-client-vpn-target-network',
      '[AssociationId,Status.Code]',
      ...once,
    ),
    [associationId, 'associating'],
  );
  check(
    'another token for the same subnet',
    await askOfEndpoint('associate-client-vpn-target-network', '@', ...associate),
    /\(InvalidClientVpnDuplicateAssociationException\)/,
  );
  now = minutesAfter(now, 5);
  check(
    'target networks',
    await askOfEndpoint(
      'describe-client-vpn-target-networks',
      'ClientVpnTargetNetworks[].[AssociationId,TargetNetworkId,VpcId,Status.Code,length(SecurityGroups)]',
      '--association-ids',
      String(associationId),
    ),
    [[associationId, subnetId, vpcId, 'associated', 1]],
  );
  const route = ['--destination-cidr-block', '0.0.0.0/0', '--target-vpc-subnet-id', subnetId];
  check(
    'creating a route',
    await askOfEndpoint(
      'create-client-vpn-route',
      'Status.Code',
      ...route,
      '--description',
      description,
    ),
    'creating',
  );
  now = minutesAfter(now, 1);
  check(
    'routes',
    await askOfEndpoint(
      'describe-client-vpn-routes',
      'Routes[].[DestinationCidr,Origin,Type,Status.Code,Description]',
    ),
    [
      ['0.0.0.0/0', 'add-route', 'Nat', 'active', description],
      ['10.0.0.0/16', 'associate', 'Nat', 'active', 'Default Route'],
    ],
  );
  check(
    'deleting a route',
    await askOfEndpoint('delete-client-vpn-route', 'Status.Code', ...route),
    'deleting',
  );
  const connectionId = clientVpn.connect(endpointId, 'alice@example.com');
  clientVpn.connect(endpointId, 'bob@example.com');
  check(
    'connections',
    await askOfEndpoint(
      'describe-client-vpn-connections',
      'Connections[].[ConnectionId,Username,Status.Code,ConnectionEstablishedTime,ConnectionEndTime]',
      '--filters',
      'Name=username,Values=alice*',
    ),
    [[connectionId, 'alice@example.com', 'active', '2026-03-01 09:06:00', '-']],
  );
  check(
    'terminating a connection',
    await askOfEndpoint(
      'terminate-client-vpn-connections',
      'ConnectionStatuses[].[ConnectionId,PreviousStatus.Code,CurrentStatus.Code]',
      '--connection-id',
      connectionId,
    ),
    [[connectionId, 'active', 'terminating']],
  );
  check(
    'disassociating ends the other connection',
    [
      await askOfEndpoint(
        'disassociate-client-vpn-target-network',
        'Status.Code',
        '--association-id',
        String(associationId),
      ),
      await askOfEndpoint(
        'describe-client-vpn-connections',
        'Connections[?Username==`bob@example.com`].Status.Code',
      ),
    ],
    ['disassociating', ['terminated']],
  );
  now = minutesAfter(now, 2);
  check(
    'nothing is left of it',
    await askOfEndpoint('describe-client-vpn-target-networks', 'ClientVpnTargetNetworks'),
    [],
  );
}

async function checkEventBridge(check: Check): Promise<void> {
  const state = async (): Promise<string> =>
    (
      await aws(
        'events',
        'describe-rule',
        '--name',
        'reconcile',
        '--query',
        'State',
        '--output',
        'text',
      )
    ).output.trim();
  check('the schedule is enabled', await state(), 'ENABLED');
  await aws('events', 'disable-rule', '--name', 'reconcile');
  check('and can be disabled', await state(), 'DISABLED');
  await aws('events', 'enable-rule', '--name', 'reconcile');
  check('and enabled again', await state(), 'ENABLED');
  check(
    'a rule that does not exist',
    (await aws('events', 'describe-rule', '--name', 'nothing')).error,
    /\(ResourceNotFoundException\)/,
  );
  const put = await aws(
    ...['events', 'put-events', '--query', 'FailedEntryCount', '--entries'],
    JSON.stringify([
      { Source: 'portal', DetailType: 'Started', Detail: JSON.stringify({ description }) },
    ]),
  );
  check(
    'an event is published',
    [put.output.trim(), eventBridge.events().map((event) => event.detail)],
    ['0', [{ description }]],
  );
}
