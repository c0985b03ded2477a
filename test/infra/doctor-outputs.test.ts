import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { outputOf, readDeployment } from '../../scripts/doctor/deployment.ts';
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
    expect(names).toEqual(expect.arrayContaining([...Object.values(outputOf), userPool]));
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

  it('have no prices where the portal has none', () => {
    const names = [...outputsOf(unpriced).keys()];
    expect(names.filter((name) => prices.includes(name))).toEqual([]);
    expect(names).toContain(userPool);
  });
});
