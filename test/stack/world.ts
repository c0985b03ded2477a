import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

import type {
  PortalProcessOrder,
  PortalProcessReport,
} from '../../scripts/local/portal-process.ts';
import { createDynamoEndpointStore } from '../../src/aws/dynamo-endpoint-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { secondsAfter } from '../../src/clock.ts';
import { newEndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { parseEndpointId, parseSubnetId } from '../../src/vpn/ids.ts';
import type { EndpointId, SubnetId } from '../../src/vpn/ids.ts';
import type { ManualRoute } from '../../src/vpn/route.ts';
import { localTableName, startLocalStack } from '../../scripts/local/stack.ts';
import type { LocalStack, LocalStackOptions, RunningPortal } from '../../scripts/local/stack.ts';
import { compileCache } from '../compile-cache.ts';
import { quickStack } from '../web/portal-under-test.ts';

/** Two networks and the manual routes of an earlier *On*, which a start has to put back. */
export interface OfficeEndpoint {
  readonly id: EndpointId;
  readonly subnets: readonly SubnetId[];
  readonly routes: readonly ManualRoute[];
}

/** A stack without a schedule, and whose portal is wherever the test says. */
export interface BareStack extends LocalStack {
  /** Where the load balancer sends its requests from now on. */
  pointAt(url: string): void;
}

export async function startBareStack(changed: Partial<LocalStackOptions> = {}): Promise<BareStack> {
  // Nothing listens there.
  let url = new URL('http://127.0.0.1:9');
  const portal: RunningPortal = {
    get url() {
      return url;
    },
    reconcile: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  const stack = await startLocalStack({
    ...quickStack,
    ...changed,
    portal: () => Promise.resolve(portal),
  });
  for (const { clientVpnEndpointId } of stack.clientVpn.describeClientVpnEndpoints()) {
    stack.clientVpn.setTags(clientVpnEndpointId, {});
  }
  return {
    ...stack,
    pointAt(address) {
      url = new URL(address);
    },
  };
}

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('an id of the test does not parse');
  return value;
}

/**
 * Adds an endpoint that everyone may use, and lets the portal remember its routes.
 *
 * @param options.tags beyond those that every office has
 * @param options.onSince turned on, and known to the portal to be on since then; off unless given
 */
export async function addOffice(
  stack: LocalStack,
  aws: AwsClients,
  number: number,
  options: { readonly tags?: Readonly<Record<string, string>>; readonly onSince?: Date } = {},
): Promise<OfficeEndpoint> {
  const { clientVpn } = stack;
  const { onSince = null, tags = {} } = options;
  const digits = number.toString(16).padStart(3, '0');
  const vpcId = `vpc-0b1b2c3d4e5f60${digits}`;
  clientVpn.addVpc({ id: vpcId, cidr: '10.10.0.0/16' });
  const subnets = ['a', 'c'].map((zone, index) => {
    const id = `subnet-0b1b2c3d4e5f6${index}${digits}`;
    const cidr = `10.10.${index}.0/24`;
    clientVpn.addSubnet({ id, vpcId, cidr, availabilityZone: `${clientVpn.region}${zone}` });
    return present(parseSubnetId(id));
  });
  const id = present(parseEndpointId(`cvpn-endpoint-0b1b2c3d4e5f60${digits}`));
  clientVpn.addEndpoint({
    id,
    tags: {
      'vpn-portal:managed': 'true',
      'vpn-portal:name': 'Office',
      'vpn-portal:subnets': subnets.join(' '),
      ...tags,
    },
  });
  clientVpn.addAuthorizationRule(id, { destinationCidr: '0.0.0.0/0' });
  const routes = [
    ...subnets.map((subnetId) => ({ subnetId, destinationCidr: '10.20.0.0/16' })),
    ...subnets.slice(0, 1).map((subnetId) => ({ subnetId, destinationCidr: '172.31.0.0/16' })),
  ].map((route) => ({ ...route, description: 'Data centre' }));
  await remember(aws, id, { rememberedRoutes: routes, onSince }, stack.clock.now());
  const office = { id, subnets, routes };
  if (onSince !== null) turnOn(stack, office);
  return office;
}

/** As in the console; in a stack where nothing takes time, because routes come after their network. */
function turnOn({ clientVpn }: LocalStack, { id, routes, subnets }: OfficeEndpoint): void {
  for (const subnetId of subnets) {
    clientVpn.associateClientVpnTargetNetwork({ clientVpnEndpointId: id, subnetId });
  }
  for (const { description, destinationCidr, subnetId } of routes) {
    clientVpn.createClientVpnRoute({
      clientVpnEndpointId: id,
      destinationCidrBlock: destinationCidr,
      targetVpcSubnetId: subnetId,
      description,
    });
  }
}

async function remember(
  aws: AwsClients,
  endpointId: EndpointId,
  known: Pick<EndpointRecord, 'rememberedRoutes' | 'onSince'>,
  now: Date,
): Promise<void> {
  const endpoints = createDynamoEndpointStore(dynamoTable(aws.dynamo, localTableName));
  const pass = { endpointId, passId: 'before' };
  // Long ago, as far as the spacing of passes is concerned.
  const at = secondsAfter(now, -600);
  await endpoints.claimPass({ ...pass, at, claimedUntil: at, notIfPassedSince: at });
  const blank = newEndpointRecord(endpointId);
  await endpoints.recordPass(pass, { ...blank, ...known, nextPassAt: at });
}

/** Waits until it is so. */
export async function soon(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(10);
}

/** @returns the cookie of a sample person's session */
export async function signIn({ url }: LocalStack, person: string): Promise<string> {
  const answer = await fetch(`${url}/local/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ person }),
    redirect: 'manual',
  });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** The networks that cost something now, with what AWS says of them. */
export function networksOf({ clientVpn }: LocalStack, { id }: OfficeEndpoint): readonly string[] {
  return clientVpn
    .describeClientVpnTargetNetworks({ clientVpnEndpointId: id })
    .map(({ status }) => status.code);
}

/** The calls that would change the endpoint in AWS, by their operations. */
export function changesOf(stack: LocalStack, { id }: OfficeEndpoint): readonly string[] {
  return stack.ec2
    .calls()
    .filter(({ parameters }) => parameters['ClientVpnEndpointId'] === id)
    .map(({ action }) => action)
    .filter((action) => !/^(?:Describe|Export)/.test(action));
}

/** What the audit has of an endpoint beside its leases, the oldest first. */
export async function auditOf(
  { dynamo }: AwsClients,
  endpointId: EndpointId,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { Items: items = [] } = await DynamoDBDocumentClient.from(dynamo).send(
    new ScanCommand({
      TableName: localTableName,
      FilterExpression: 'begins_with(pk, :audit) AND endpointId = :endpointId',
      ExpressionAttributeValues: { ':audit': 'AUDIT#', ':endpointId': endpointId },
    }),
  );
  return items
    .filter(({ action }) => action !== 'request-lease' && action !== 'release-lease')
    .sort((one, other) => String(one['sk']).localeCompare(String(other['sk'])));
}

/** How often each network of the endpoint was really associated, and under which client tokens. */
export function associationsOf(stack: LocalStack, { id, subnets }: OfficeEndpoint) {
  const { associations } = stack.clientVpn.bill();
  const calls = stack.ec2
    .calls()
    .filter(
      ({ action, parameters }) =>
        action === 'AssociateClientVpnTargetNetwork' && parameters['ClientVpnEndpointId'] === id,
    );
  return subnets.map((subnetId) => ({
    made: associations.filter(
      (association) => association.endpointId === id && association.subnetId === subnetId,
    ).length,
    tokens: new Set(
      calls
        .filter(({ parameters }) => parameters['SubnetId'] === subnetId)
        .map(({ parameters }) => parameters['ClientToken']),
    ).size,
  }));
}

/** The manual routes that can be used now, in the form of `routes`, in no order. */
export function activeRoutesOf(stack: LocalStack, { id }: OfficeEndpoint): readonly string[] {
  return stack.clientVpn
    .describeClientVpnRoutes({ clientVpnEndpointId: id })
    .filter(({ origin, status }) => origin === 'add-route' && status.code === 'active')
    .map(({ destinationCidr, targetSubnet }) => `${destinationCidr} ${targetSubnet}`)
    .sort();
}

export function wantedRoutesOf({ routes }: OfficeEndpoint): readonly string[] {
  return routes.map(({ destinationCidr, subnetId }) => `${destinationCidr} ${subnetId}`).sort();
}

/** A portal in a process of its own. */
export interface PortalProcess {
  readonly url: string;
  tell(order: PortalProcessOrder): void;
  /** Resolves when one run of the schedule is over; rejects when the process ends before. */
  reconcile(): Promise<void>;
  /** How it ended: `SIGKILL` when it was killed. */
  readonly ended: Promise<string | null>;
  stop(): Promise<void>;
}

export async function startPortalProcess(
  environment: Readonly<Record<string, string>>,
): Promise<PortalProcess> {
  const entry = path.join(import.meta.dirname, '../../scripts/local/portal-process.ts');
  const env = { ...compileCache, ...environment };
  const child = fork(entry, [], { env, execArgv: [], stdio: 'inherit' });
  const ended = once(child, 'exit').then(([, signal]: (string | null)[]) => signal ?? null);
  const listening = await nextReport(child, 'listening');
  return {
    url: listening.url,
    tell: (order) => {
      if (child.connected) child.send(order);
    },
    async reconcile() {
      child.send({ kind: 'reconcile' } satisfies PortalProcessOrder);
      const { error } = await nextReport(child, 'reconciled');
      if (error !== null) throw new Error(error);
    },
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await ended;
    },
  };
}

function nextReport<Kind extends PortalProcessReport['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<PortalProcessReport, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      const reported = message as PortalProcessReport;
      if (!isOfKind(reported, kind)) return;
      stopListening();
      resolve(reported);
    };
    const onExit = (): void => {
      stopListening();
      reject(new Error('the portal has ended'));
    };
    const stopListening = (): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}

function isOfKind<Kind extends PortalProcessReport['kind']>(
  reported: PortalProcessReport,
  kind: Kind,
): reported is Extract<PortalProcessReport, { kind: Kind }> {
  return reported.kind === kind;
}
