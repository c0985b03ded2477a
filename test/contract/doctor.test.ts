import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createAwsPorts } from '../../scripts/doctor/aws/aws-ports.ts';
import { createDoctorClients } from '../../scripts/doctor/aws/clients.ts';
import type { DoctorClients } from '../../scripts/doctor/aws/clients.ts';
import { diagnose } from '../../scripts/doctor/diagnosis.ts';
import { checkNames } from '../../scripts/doctor/finding.ts';
import type { Finding } from '../../scripts/doctor/finding.ts';
import type { Role } from '../../scripts/doctor/permissions.ts';
import { listenerCertificateArn, localListenerRules } from '../../scripts/local/deployment.ts';
import type { DeploymentState } from '../../scripts/local/deployment.ts';
import type { FaultyService } from '../../scripts/local/faults.ts';
import type { Statement } from '../../scripts/local/iam/policy-document.ts';
import { sampleRoleArns } from '../../scripts/local/sample-roles.ts';
import { sampleEndpoints, sampleSubnets } from '../../scripts/local/sample-world.ts';
import { localRuleName } from '../../scripts/local/stack.ts';
import type { LocalStack } from '../../scripts/local/stack.ts';
import { daysAfter, minutesAfter, systemClock } from '../../src/clock.ts';
import { parseEndpointId } from '../../src/vpn/ids.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { connectionTo, startExaminedStack, tokyo } from './doctor-stack.ts';

let stack: LocalStack;
let clients: DoctorClients;

/** Everything in this process, but over the wire to the stand-ins. */
async function findings(
  options: {
    readonly endpoints?: readonly EndpointId[];
    readonly role?: Role;
    readonly stack?: string;
    readonly now?: Date;
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
): Promise<readonly Finding[]> {
  const { endpoints = [tokyo], role = null, variables = {} } = options;
  const report = await diagnose(
    { endpoints, role, stack: options.stack ?? 'vpn-portal' },
    {
      ports: createAwsPorts(clients),
      clock: options.now === undefined ? systemClock : { now: () => options.now ?? new Date(0) },
      region: 'ap-northeast-1',
      credentials: 'LOCA…KKEY',
      variables,
    },
  );
  return report.findings;
}

async function wrongOnes(
  ...options: Parameters<typeof findings>
): Promise<readonly (readonly [string, string])[]> {
  return (await findings(...options))
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ check, outcome }) => [check, outcome]);
}

function sentenceOf(found: readonly Finding[], check: string): string {
  return found
    .filter((one) => one.check === check)
    .map(({ sentence }) => sentence)
    .join('\n');
}

describe('the doctor at the local stack', () => {
  let asItWas: DeploymentState;
  let tags: Readonly<Record<string, string>>;

  beforeAll(async () => {
    stack = await startExaminedStack();
    clients = createDoctorClients(connectionTo(stack));
    asItWas = stack.deployment.state();
    const row = stack.clientVpn.describeClientVpnEndpoints({ clientVpnEndpointIds: [tokyo] })[0];
    tags = row?.tags ?? {};
  });

  afterAll(async () => {
    for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
    await stack.stop();
  });

  beforeEach(async () => {
    stack.clock.advance(1);
    await stack.eventBridge.fireDue();
  });

  afterEach(() => {
    stack.deployment.change(asItWas);
    stack.clientVpn.setTags(tokyo, tags);
    stack.faults.clear();
  });

  it('finds nothing wrong, off and on', async () => {
    const found = await findings();
    expect(found.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    // "endpoints" is for whoever names none of them.
    expect([...new Set(found.map(({ check }) => check))].sort()).toEqual(
      checkNames.filter((name) => name !== 'endpoints').sort(),
    );

    const { associationId } = stack.clientVpn.associateClientVpnTargetNetwork({
      clientVpnEndpointId: tokyo,
      subnetId: sampleSubnets.tokyoA,
    });
    expect(await wrongOnes()).toEqual([]);
    stack.clientVpn.disassociateClientVpnTargetNetwork({
      clientVpnEndpointId: tokyo,
      associationId,
    });
  });

  it('changes nothing', async () => {
    const before = stack.clientVpn.snapshot();
    stack.ec2.resetCalls();
    await findings();
    expect(stack.clientVpn.snapshot()).toEqual(before);
    const acts = stack.ec2.calls().filter(({ action }) => !action.startsWith('Describe'));
    expect(acts.length).toBeGreaterThanOrEqual(5);
    expect(acts.filter(({ parameters }) => parameters['DryRun'] !== 'true')).toEqual([]);
  });

  it('looks at every managed endpoint unless told which', async () => {
    const found = await findings({ endpoints: [] });
    const subjects = new Set(found.map(({ subject }) => subject));
    expect([...subjects]).toEqual(['portal', ...Object.values(sampleEndpoints)]);
    const wrong = found
      .filter(({ outcome }) => outcome !== 'ok')
      .map(({ check, outcome, subject }) => [subject, check, outcome]);
    expect(wrong).toEqual([
      [sampleEndpoints.buildNetwork, 'policy', 'problem'],
      [sampleEndpoints.buildNetwork, 'subnets', 'not-checked'],
      [sampleEndpoints.buildNetwork, 'permissions', 'not-checked'],
      [sampleEndpoints.buildNetwork, 'role-permissions', 'not-checked'],
      [sampleEndpoints.nagoyaPlant, 'authentication', 'warning'],
    ]);
  });

  it('says that an endpoint is not there', async () => {
    const id = parseEndpointId('cvpn-endpoint-0eeeeeeeeeeeeeeee') as EndpointId;
    expect(await wrongOnes({ endpoints: [id] })).toEqual([['endpoint', 'problem']]);
  });

  it('says that a tag is broken', async () => {
    stack.clientVpn.setTags(tokyo, { ...tags, 'vpn-portal:idle-minutes': 'soon' });
    expect(await wrongOnes()).toEqual([
      ['policy', 'problem'],
      ['subnets', 'not-checked'],
      ['permissions', 'not-checked'],
      ['role-permissions', 'not-checked'],
    ]);
  });

  it('says that an endpoint is not managed', async () => {
    stack.clientVpn.setTags(tokyo, { ...tags, 'vpn-portal:managed': 'yes' });
    expect(await wrongOnes()).toEqual([['endpoint', 'problem']]);
  });

  it.each([
    ['too small', '10.10.2.0/28', 11],
    ['full', '10.10.3.0/24', 3],
  ])('says that a subnet is %s', async (_what, cidr, availableAddresses) => {
    const id = `subnet-0ddddddddddddd0${String(availableAddresses).padStart(2, '0')}`;
    const [one] = stack.clientVpn.describeSubnets({ subnetIds: [sampleSubnets.tokyoA] });
    const vpcId = one?.vpcId ?? '';
    stack.clientVpn.addSubnet({
      id,
      vpcId,
      cidr,
      availabilityZone: 'ap-northeast-1d',
      availableAddresses,
    });
    stack.clientVpn.setTags(tokyo, { ...tags, 'vpn-portal:subnets': id });
    expect(await wrongOnes()).toContainEqual(['subnets', 'problem']);
  });

  it('says that multi-value headers are off, and needs none for a container', async () => {
    stack.deployment.change({ targetGroup: { targetType: 'lambda', multiValueHeaders: false } });
    expect(await wrongOnes()).toEqual([['target-group', 'problem']]);
    stack.deployment.change({ targetGroup: { targetType: 'ip', multiValueHeaders: false } });
    expect(await wrongOnes()).toEqual([]);
  });

  it('says that the way back from signing in is wrong, and the one from signing out', async () => {
    const { client } = asItWas;
    stack.deployment.change({ client: { ...client, callbackUrls: [], logoutUrls: [] } });
    expect(await wrongOnes()).toEqual([
      ['sign-in-client', 'problem'],
      ['sign-in-client', 'problem'],
    ]);
  });

  it('says that the groups are not mapped', async () => {
    const [provider] = asItWas.identityProviders;
    if (provider === undefined) throw new Error('the sample has no identity provider');
    const attributeMapping = { email: 'email' };
    stack.deployment.change({ identityProviders: [{ ...provider, attributeMapping }] });
    expect(await wrongOnes()).toEqual([['identity-providers', 'problem']]);
    stack.deployment.change({ identityProviders: [] });
    expect(await wrongOnes()).toEqual([['identity-providers', 'problem']]);
  });

  it('says that a page is open, and that a session lasts for a week', async () => {
    const [open, ...others] = localListenerRules;
    const wider = { paths: [...(open?.paths ?? []), '/admin*'], does: 'forward' } as const;
    stack.deployment.change({
      listenerRules: [wider, ...others],
      sessionTimeoutSeconds: 7 * 24 * 3600,
    });
    const found = await findings();
    expect(sentenceOf(found, 'listener-rules')).toContain('/admin/audit.csv reaches the portal');
    expect(sentenceOf(found, 'listener-rules')).toContain('168 hours');
  });

  it('says that certificates and the SAML provider are near their end', async () => {
    const samlProvider = `arn:aws:iam::${asItWas.accountId}:saml-provider/client-vpn`;
    const [row] = stack.clientVpn.describeClientVpnEndpoints({ clientVpnEndpointIds: [tokyo] });
    const expiries = new Map([
      [listenerCertificateArn(asItWas), daysAfter(systemClock.now(), 20)],
      [row?.serverCertificateArn ?? '', daysAfter(systemClock.now(), 3)],
      [samlProvider, daysAfter(systemClock.now(), -1)],
    ]);
    stack.deployment.change({ expiries });
    const found = await findings();
    expect(found.filter(({ outcome }) => outcome !== 'ok')).toMatchObject([
      { check: 'listener-certificate', outcome: 'warning' },
      { check: 'saml-provider', outcome: 'problem' },
      { check: 'server-certificate', outcome: 'problem' },
    ]);
    expect(sentenceOf(found, 'saml-provider')).toContain('expired on');
  });

  it('says that another stack declares an association, on or off', async () => {
    const association = 'AWS::EC2::ClientVpnTargetNetworkAssociation';
    const declare = (...resources: DeploymentState['stacks'][number]['resources']) => {
      const network = { name: 'network', status: 'UPDATE_COMPLETE', outputs: {}, resources };
      stack.deployment.change({ stacks: [...asItWas.stacks, network] });
    };
    const vpn = {
      logicalId: 'Vpn',
      type: 'AWS::EC2::ClientVpnEndpoint',
      physicalId: tokyo,
    };
    declare(vpn);
    expect(await wrongOnes()).toEqual([]);
    const gone = { logicalId: 'Office', type: association, physicalId: 'cvpn-assoc-0gone' };
    declare(vpn, gone);
    expect(await wrongOnes()).toEqual([['declared-elsewhere', 'problem']]);
    // Off, and behind more resources than CloudFormation lists at once: whose it was nobody says.
    const others = Array.from({ length: 100 }, (_, number) => ({
      logicalId: `Subnet${number}`,
      type: 'AWS::EC2::Subnet',
      physicalId: `subnet-${number}`,
    }));
    declare(...others, gone);
    expect(await wrongOnes()).toEqual([['declared-elsewhere', 'not-checked']]);

    const { associationId } = stack.clientVpn.associateClientVpnTargetNetwork({
      clientVpnEndpointId: tokyo,
      subnetId: sampleSubnets.tokyoA,
    });
    declare({ logicalId: 'Office', type: association, physicalId: associationId });
    const found = await findings();
    stack.clientVpn.disassociateClientVpnTargetNetwork({
      clientVpnEndpointId: tokyo,
      associationId,
    });
    expect(sentenceOf(found, 'declared-elsewhere')).toContain(
      `The stack network declares the association ${associationId}`,
    );
  });

  it('says that the last deployment has not gone through', async () => {
    const [portal] = asItWas.stacks;
    if (portal === undefined) throw new Error('the sample has no stack');
    stack.deployment.change({ stacks: [{ ...portal, status: 'UPDATE_ROLLBACK_COMPLETE' }] });
    expect(await wrongOnes()).toEqual([['deployment', 'problem']]);
  });

  it('says what it does not know without the stack, and knows it from the environment', async () => {
    const without = await wrongOnes({ stack: 'another' });
    expect(without.filter(([check]) => check === 'deployment')).toHaveLength(5);
    expect(without.filter(([, outcome]) => outcome === 'problem')).toEqual([]);
    const variables = stack.environment;
    // All but which roles there are; and a role's own credentials speak for it.
    const notChecked = ['role-permissions', 'not-checked'];
    expect(await wrongOnes({ stack: 'another', variables })).toEqual([notChecked, notChecked]);
    expect(await wrongOnes({ stack: 'another', variables, role: 'reconciler' })).toEqual([
      notChecked,
    ]);
  });

  it('says that what the deployment names is not there', async () => {
    const variables = {
      TABLE_NAME: 'no-such-table',
      ALB_ARN: `${asItWas.albArn}0`,
      COGNITO_CLIENT_ID: 'nobody',
      RECONCILER_RULE_NAME: 'no-such-rule',
    };
    expect(await wrongOnes({ variables })).toEqual([
      ['listener-rules', 'problem'],
      ['listener-certificate', 'problem'],
      ['target-group', 'problem'],
      ['sign-in-client', 'problem'],
      ['identity-providers', 'not-checked'],
      ['schedule-rule', 'problem'],
      ['last-run', 'problem'],
    ]);
  });

  it('says that the schedule is late', async () => {
    const now = minutesAfter(stack.clock.now(), 10);
    expect(await wrongOnes({ now })).toEqual([['last-run', 'problem']]);
  });

  it.each<[FaultyService, string, string, string, string]>([
    [
      'acm',
      'DescribeCertificate',
      'AccessDeniedException',
      'acm:DescribeCertificate',
      'server-certificate',
    ],
    ['iam', 'GetSAMLProvider', 'AccessDenied', 'iam:GetSAMLProvider', 'saml-provider'],
    [
      'cloudformation',
      'ListStacks',
      'AccessDenied',
      'cloudformation:ListStacks',
      'declared-elsewhere',
    ],
    [
      'cloudformation',
      'ListStackResources',
      'AccessDenied',
      'cloudformation:ListStackResources',
      'declared-elsewhere',
    ],
    [
      'iam',
      'SimulatePrincipalPolicy',
      'AccessDenied',
      'iam:SimulatePrincipalPolicy',
      'role-permissions',
    ],
    [
      'elasticloadbalancing',
      'DescribeRules',
      'AccessDenied',
      'elasticloadbalancing:DescribeRules',
      'listener-rules',
    ],
    [
      'elasticloadbalancing',
      'DescribeListeners',
      'AccessDenied',
      'elasticloadbalancing:DescribeListeners',
      'target-group',
    ],
    [
      'elasticloadbalancing',
      'DescribeTargetGroupAttributes',
      'AccessDenied',
      'elasticloadbalancing:DescribeTargetGroupAttributes',
      'target-group',
    ],
    [
      'cognito-idp',
      'DescribeUserPoolClient',
      'AccessDeniedException',
      'cognito-idp:DescribeUserPoolClient',
      'sign-in-client',
    ],
    [
      'cognito-idp',
      'DescribeIdentityProvider',
      'AccessDeniedException',
      'cognito-idp:DescribeIdentityProvider',
      'identity-providers',
    ],
    ['events', 'DescribeRule', 'AccessDeniedException', 'events:DescribeRule', 'schedule-rule'],
    ['dynamodb', 'GetItem', 'AccessDeniedException', 'dynamodb:GetItem', 'last-run'],
    ['ec2', 'DescribeSubnets', 'UnauthorizedOperation', 'ec2:DescribeSubnets', 'subnets'],
    [
      'ec2',
      'DescribeClientVpnEndpoints',
      'UnauthorizedOperation',
      'ec2:DescribeClientVpnEndpoints',
      'endpoints',
    ],
    [
      'ec2',
      'DescribeClientVpnTargetNetworks',
      'UnauthorizedOperation',
      'ec2:DescribeClientVpnTargetNetworks',
      'declared-elsewhere',
    ],
    [
      'ec2',
      'DescribeClientVpnAuthorizationRules',
      'UnauthorizedOperation',
      'ec2:DescribeClientVpnAuthorizationRules',
      'authorization-rules',
    ],
  ])('does not check what %s %s refuses with %s', async (service, action, code, named, check) => {
    stack.faults.add({ service, action, code, status: 403, times: 100, effect: 'before' });
    const found = await findings();
    const refused = found.filter((one) => one.check === check);
    expect(refused).toMatchObject([{ outcome: 'not-checked' }]);
    expect(refused[0]?.sentence).toBe(`The credentials may not call ${named}.`);
    // Nothing is worse for it than not checked.
    expect(found.filter(({ outcome }) => outcome === 'problem')).toEqual([]);
  });

  it('does not check a stack that may not be read, nor what only the stack says', async () => {
    const denied = { code: 'AccessDenied', status: 403, times: 100, effect: 'before' } as const;
    stack.faults.add({ service: 'cloudformation', action: 'DescribeStacks', ...denied });
    const wrong = await wrongOnes();
    expect(wrong[0]).toEqual(['deployment', 'not-checked']);
    expect(wrong.filter(([check]) => check === 'last-run')).toEqual([['last-run', 'not-checked']]);
    expect(wrong.filter(([, outcome]) => outcome === 'problem')).toEqual([]);
  });

  it('goes on where a service fails', async () => {
    const failure = { code: 'InternalFailure', status: 500, times: 100, effect: 'before' } as const;
    stack.faults.add({ service: 'iam', action: 'GetSAMLProvider', ...failure });
    const found = await findings();
    expect(sentenceOf(found, 'saml-provider')).toContain('gave no usable answer: InternalFailure');
    expect(found.filter(({ outcome }) => outcome !== 'ok')).toHaveLength(1);
  });

  it("tells a role's missing permission from somebody's own", async () => {
    const denied = {
      code: 'UnauthorizedOperation',
      status: 403,
      times: 1,
      effect: 'before',
    } as const;
    const action = 'CreateClientVpnRoute';
    stack.faults.add({ service: 'ec2', action, ...denied });
    expect(await wrongOnes()).toEqual([['permissions', 'warning']]);
    stack.faults.add({ service: 'ec2', action, ...denied });
    expect(await wrongOnes({ role: 'reconciler' })).toEqual([['permissions', 'problem']]);
    // Here the credentials may do everything, which the portal's must not.
    expect(await wrongOnes({ role: 'portal' })).toEqual([
      ['permissions', 'problem'],
      ['permissions', 'problem'],
    ]);
  });

  it('holds the deployed roles against what they need, whoever asks', async () => {
    const { roles } = asItWas;
    const statements = (arn: string) => roles.get(arn) ?? [];
    const { portal, reconciler } = sampleRoleArns;
    const withRoles = async (changed: readonly (readonly [string, readonly Statement[]])[]) => {
      stack.deployment.change({ roles: new Map([...roles, ...changed]) });
      return (await findings()).filter(({ outcome }) => outcome !== 'ok');
    };
    // The credentials are an administrator's throughout.
    const wrong = { check: 'role-permissions', outcome: 'problem' };
    const [refused, ...more] = await withRoles([[reconciler, statements(portal)]]);
    expect([refused, ...more]).toMatchObject([wrong, wrong]);
    expect(refused?.sentence).toContain(
      `The reconciler's role may not call ec2:DisassociateClientVpnTargetNetwork on arn:aws:ec2:`,
    );
    const [tooMuch] = await withRoles([
      [portal, [...statements(portal), ...statements(reconciler)]],
    ]);
    expect(tooMuch).toMatchObject(wrong);
    expect(tooMuch?.sentence).toContain("The portal's role may call");
    const nothing = await withRoles([[portal, []]]);
    expect(nothing.map(({ sentence }) => sentence).join()).toContain('subnet/');
    stack.deployment.change({ roles: new Map([[reconciler, statements(reconciler)]]) });
    expect(sentenceOf(await findings(), 'role-permissions')).toContain(`${portal} is not there`);
  });

  it('says that the rule is disabled', async () => {
    const { credentials, endpoint, region } = connectionTo(stack);
    const events = new EventBridgeClient({ endpoint, region, credentials });
    await events.send(new DisableRuleCommand({ Name: localRuleName }));
    events.destroy();
    const found = await findings();
    expect(sentenceOf(found, 'schedule-rule')).toContain('is DISABLED');
    expect(found.filter(({ outcome }) => outcome !== 'ok')).toHaveLength(1);
  });
});
