import { describe, expect, it } from '@jest/globals';

import { toClientVpnError } from '../../src/aws/client-vpn-errors.ts';
import { awsErrorCodes } from '../../src/config/metric-names.ts';
import { createCountedClientVpn } from '../../src/metrics/counted-client-vpn.ts';
import type { Measurement } from '../../src/metrics/metrics.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import { sampleIds } from '../builders/endpoint-for-person.ts';
import { connectionId } from '../builders/observation.ts';
import { createScriptedClientVpn } from '../builders/scripted-client-vpn.ts';

const endpointId = sampleIds.endpoint;
const route = {
  destinationCidr: '10.0.0.0/8',
  subnetId: sampleIds.subnetA,
  description: '',
};

const calls: readonly (readonly [keyof ClientVpn, (clientVpn: ClientVpn) => Promise<unknown>])[] = [
  ['listEndpoints', (vpn) => vpn.listEndpoints()],
  ['findEndpoint', (vpn) => vpn.findEndpoint(endpointId)],
  ['listAssociations', (vpn) => vpn.listAssociations(endpointId)],
  ['listRoutes', (vpn) => vpn.listRoutes(endpointId)],
  ['listConnections', (vpn) => vpn.listConnections(endpointId)],
  ['findSubnets', (vpn) => vpn.findSubnets([sampleIds.subnetA])],
  [
    'associate',
    (vpn) => vpn.associate({ endpointId, subnetId: sampleIds.subnetA, clientToken: 't' }),
  ],
  [
    'disassociate',
    (vpn) => vpn.disassociate({ endpointId, associationId: sampleIds.associationA }),
  ],
  ['createRoute', (vpn) => vpn.createRoute({ endpointId, route, clientToken: 't' })],
  [
    'terminateConnection',
    (vpn) => vpn.terminateConnection({ endpointId, connectionId: connectionId(1) }),
  ],
  ['countAuthorizationRules', (vpn) => vpn.countAuthorizationRules(endpointId)],
  ['exportClientConfiguration', (vpn) => vpn.exportClientConfiguration(endpointId)],
];

function counting(answers: Partial<ClientVpn>) {
  const recorded: [readonly Measurement[], unknown][] = [];
  const clientVpn = createCountedClientVpn(createScriptedClientVpn(answers), {
    record: (measurements, about) => {
      recorded.push([measurements, about]);
    },
  });
  return { clientVpn, recorded };
}

const refusal = (code: string) =>
  toClientVpnError(
    'SomeOperation',
    Object.assign(new Error('refused'), {
      name: code,
      $metadata: { httpStatusCode: 400, requestId: 'request-1' },
    }),
  );

describe('a Client VPN whose failures are counted', () => {
  it.each(calls)('counts one of %s, and passes it on', async (method, call) => {
    const error = refusal('UnauthorizedOperation');
    const { clientVpn, recorded } = counting({ [method]: () => Promise.reject(error) });
    await expect(call(clientVpn)).rejects.toBe(error);
    expect(recorded).toEqual([
      [
        [{ name: 'AwsErrors', value: 1, of: 'UnauthorizedOperation' }],
        { operation: 'SomeOperation', code: 'UnauthorizedOperation', requestId: 'request-1' },
      ],
    ]);
  });

  it.each(calls)('passes on what %s answers, and counts nothing', async (method, call) => {
    const answer = Symbol(method);
    const { clientVpn, recorded } = counting({ [method]: () => Promise.resolve(answer) });
    expect(await call(clientVpn)).toBe(answer);
    expect(recorded).toEqual([]);
  });

  it('asks AWS for what it was asked for', async () => {
    const asked: unknown[] = [];
    const noting =
      (method: string) =>
      (...input: unknown[]) => {
        asked.push([method, ...input]);
        return Promise.resolve(undefined as never);
      };
    const { clientVpn } = counting(
      Object.fromEntries(calls.map(([method]) => [method, noting(method)])),
    );
    for (const [, call] of calls) await call(clientVpn);
    expect(asked).toEqual([
      ['listEndpoints'],
      ['findEndpoint', endpointId],
      ['listAssociations', endpointId],
      ['listRoutes', endpointId],
      ['listConnections', endpointId],
      ['findSubnets', [sampleIds.subnetA]],
      ['associate', { endpointId, subnetId: sampleIds.subnetA, clientToken: 't' }],
      ['disassociate', { endpointId, associationId: sampleIds.associationA }],
      ['createRoute', { endpointId, route, clientToken: 't' }],
      ['terminateConnection', { endpointId, connectionId: connectionId(1) }],
      ['countAuthorizationRules', endpointId],
      ['exportClientConfiguration', endpointId],
    ]);
  });

  it('counts a code that is not in the list as other', async () => {
    const { clientVpn, recorded } = counting({
      listEndpoints: () => Promise.reject(refusal('SomethingNew')),
    });
    await expect(clientVpn.listEndpoints()).rejects.toThrow('refused');
    expect(recorded).toMatchObject([[[{ of: 'other' }], { code: 'SomethingNew' }]]);
  });

  it('does not count a fault of its own as one of AWS', async () => {
    const { clientVpn, recorded } = counting({
      listEndpoints: () => Promise.reject(new TypeError('ours')),
    });
    await expect(clientVpn.listEndpoints()).rejects.toThrow('ours');
    expect(recorded).toEqual([]);
  });

  it('knows every code by which the portal decides', async () => {
    const { readFileSync } = await import('node:fs');
    const source = readFileSync(
      new URL('../../src/aws/client-vpn-errors.ts', import.meta.url),
      'utf8',
    );
    const [sets = ''] = /const busyCodes[\s\S]*?const alreadySoCodes/.exec(source) ?? [];
    const decidedBy = [...sets.matchAll(/^ {2}'([\w.]+)',$/gm)].map(([, code = '']) => code);
    expect(decidedBy.length).toBeGreaterThan(15);
    expect(awsErrorCodes).toEqual(expect.arrayContaining(decidedBy));
  });
});
