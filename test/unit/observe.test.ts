import { describe, expect, it } from '@jest/globals';

import { awsProblem, observe } from '../../src/reconcile/observe.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import { anEndpoint, sampleNow } from '../builders/endpoint-for-person.ts';
import { aConnection, aRoute, anAssociation } from '../builders/observation.ts';
import { anAwsError, createScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';

const endpoint = anEndpoint();
const refuse = () => Promise.reject(anAwsError());

async function observing(answers: Partial<ClientVpn>) {
  const clientVpn = createScriptedClientVpn(answers);
  const observation = await observe(clientVpn, endpoint, createStoppedClock(), false);
  return { observation, order: clientVpn.calls.map(([method]) => method) };
}

const associated = { listAssociations: () => Promise.resolve([anAssociation()]) };

describe('a reading', () => {
  it('holds everything, and reads the connections last', async () => {
    const { observation, order } = await observing({
      ...associated,
      listRoutes: () => Promise.resolve([aRoute()]),
      listConnections: () => Promise.resolve([aConnection()]),
    });
    expect(order).toEqual(['listAssociations', 'listRoutes', 'listConnections']);
    expect(observation).toEqual({
      complete: true,
      at: sampleNow,
      endpoint,
      associations: [anAssociation()],
      routes: [aRoute()],
      connections: [aConnection()],
    });
  });

  it.each([[[]], [[anAssociation({ status: 'disassociated' })]]])(
    'asks neither for routes nor for connections where nothing is associated (%#)',
    async (associations) => {
      const { observation, order } = await observing({
        listAssociations: () => Promise.resolve(associations),
      });
      expect(order).toEqual(['listAssociations']);
      expect(observation).toMatchObject({ complete: true, routes: [], connections: [] });
    },
  );

  it.each<[string, Partial<ClientVpn>]>([
    ['associations', { listAssociations: refuse }],
    ['routes', { ...associated, listRoutes: refuse }],
    ['connections', { ...associated, listConnections: refuse }],
  ])('is not complete, and says why, where the %s cannot be read', async (_, answers) => {
    const { observation } = await observing(answers);
    expect(observation).toEqual({
      complete: false,
      at: sampleNow,
      problem: {
        kind: 'unreachable',
        operation: 'AnOperation',
        code: 'ServiceUnavailable',
        message: 'the service is not available',
        requestId: 'request-1',
      },
    });
  });

  it('does not pass a fault of ours for one of AWS', async () => {
    const broken = () => Promise.reject(new TypeError('x is undefined'));
    await expect(observing({ listAssociations: broken })).rejects.toThrow(TypeError);
    expect(() => awsProblem('a string')).toThrow('a string');
  });
});
