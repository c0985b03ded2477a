import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { outputOf, outputOfRole, readDeployment } from '../../scripts/doctor/deployment.ts';
import { createDoctorClients } from '../../scripts/doctor/aws/clients.ts';
import { createRoles } from '../../scripts/doctor/aws/roles.ts';
import { judgeRoles } from '../../scripts/doctor/role-permissions.ts';
import { administratorAccessKeyId, localSecretAccessKey } from '../../scripts/local/access-keys.ts';
import { sampleRoleArns } from '../../scripts/local/sample-roles.ts';
import { sampleEndpoints, sampleRegion, sampleSubnets } from '../../scripts/local/sample-world.ts';
import { startLocalStack } from '../../scripts/local/stack.ts';
import { parseEndpointId, parseSubnetId } from '../../src/vpn/ids.ts';
import type { EndpointId, SubnetId } from '../../src/vpn/ids.ts';
import { startEchoPortal } from '../contract/local-stack-echo-portal.ts';
import { atOnce } from '../web/portal-under-test.ts';
import { deployedRoles } from './deployed-roles.ts';
import { synthesisePortal } from './synthesised-portal.ts';
import type { SynthesisedPortal } from './synthesised-portal.ts';

/** What the doctor takes from the outputs by another way than the portal's variables. */
const userPool = 'UserPoolId';
const prices = ['PriceAssociationHour', 'PriceConnectionHour'];

let priced: SynthesisedPortal;
let unpriced: SynthesisedPortal;

beforeAll(() => {
  priced = synthesisePortal();
  unpriced = synthesisePortal({
    prices: { byRegion: { 'ap-northeast-1': null }, portalPerMonth: 34 },
  });
});

afterAll(() => {
  priced.remove();
  unpriced.remove();
});

function outputsOf({ portal }: SynthesisedPortal): ReadonlyMap<string, unknown> {
  const outputs = z.record(z.string(), z.object({ Value: z.unknown() }));
  return new Map(
    Object.entries(outputs.parse(portal.findOutputs('*'))).map(([name, { Value }]) => [
      name,
      Value,
    ]),
  );
}

describe('the outputs of the deployed stack', () => {
  it('are all that the doctor reads', () => {
    const names = [...outputsOf(priced).keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        ...Object.values(outputOf),
        ...Object.values(outputOfRole),
        userPool,
      ]),
    );
  });

  it('give it the prices and the claim as the portal has them', () => {
    const outputs = new Map(
      [...outputsOf(priced)].flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as const] : [],
      ),
    );
    const stack = { name: 'vpn-portal', status: 'CREATE_COMPLETE', outputs };
    expect(readDeployment(stack, {}).deployment).toMatchObject({
      portalUrl: 'https://vpn.example.com',
      groupsClaim: 'custom:groups',
      associationHour: 0.15,
      connectionHour: 0.05,
    });
  });

  it('lead to roles that the doctor finds right, as IAM judges what was synthesised', async () => {
    const deployed = deployedRoles();
    const stack = await startLocalStack({
      albPort: 0,
      awsPort: 0,
      dynamodbPort: 0,
      dataFolder: 'memory',
      ...atOnce,
      portal: startEchoPortal,
      policies: deployed,
      log: () => undefined,
    });
    const { iam, ...others } = createDoctorClients({
      region: sampleRegion,
      credentials: { accessKeyId: administratorAccessKeyId, secretAccessKey: localSecretAccessKey },
      endpoint: stack.environment['AWS_ENDPOINT_URL_EC2'] ?? '',
    });
    const { simulateRole } = createRoles(iam);
    const place = {
      endpointId: parseEndpointId(sampleEndpoints.tokyoOffice) as EndpointId,
      subnetIds: [parseSubnetId(sampleSubnets.tokyoA) as SubnetId],
      region: sampleRegion,
    };
    const verdicts = await judgeRoles(sampleRoleArns, place, null, simulateRole);
    // The other way round each lacks something, or may too much.
    const { portal, reconciler } = sampleRoleArns;
    const exchanged = { portal: reconciler, reconciler: portal };
    const wrong = await judgeRoles(exchanged, place, null, simulateRole);
    for (const client of [iam, ...Object.values(others)]) client.destroy();
    await stack.stop();
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(wrong.filter(({ outcome }) => outcome === 'problem').length).toBeGreaterThan(3);
  });

  it('have no prices where the portal has none', () => {
    const names = [...outputsOf(unpriced).keys()];
    expect(names.filter((name) => prices.includes(name))).toEqual([]);
    expect(names).toContain(userPool);
  });
});
