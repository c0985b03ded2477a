import { ClientVpnError } from '../../src/vpn/client-vpn.ts';
import type { Accepted, ClientVpn, ClientVpnErrorKind } from '../../src/vpn/client-vpn.ts';

/** A refusal of AWS, as the adapter would hand it on. */
export function anAwsError(kind: ClientVpnErrorKind = 'unreachable'): ClientVpnError {
  return new ClientVpnError('the service is not available', {
    kind,
    code: 'ServiceUnavailable',
    operation: 'AnOperation',
    requestId: 'request-1',
  });
}

const accepted: Accepted = { outcome: 'accepted', requestId: 'request-1' };

export interface ScriptedClientVpn extends ClientVpn {
  /** What was asked for, in order: the method, and what it was given. */
  readonly calls: readonly (readonly [keyof ClientVpn, unknown])[];
  /** Those of one method. */
  asked(method: keyof ClientVpn): readonly unknown[];
}

/**
 * A Client VPN service that has nothing, accepts everything, and remembers what it was asked for.
 *
 * @param answers instead of that
 */
export function createScriptedClientVpn(answers: Partial<ClientVpn> = {}): ScriptedClientVpn {
  const calls: [keyof ClientVpn, unknown][] = [];
  const noted = <Method extends keyof ClientVpn>(
    method: Method,
    argument: unknown,
    answer: () => ReturnType<ClientVpn[Method]>,
  ): ReturnType<ClientVpn[Method]> => {
    calls.push([method, argument]);
    return answer();
  };
  return {
    calls,
    asked: (method) => calls.filter(([name]) => name === method).map(([, argument]) => argument),
    listEndpoints: () =>
      noted('listEndpoints', null, () => answers.listEndpoints?.() ?? Promise.resolve([])),
    findEndpoint: (id) =>
      noted('findEndpoint', id, () => answers.findEndpoint?.(id) ?? Promise.resolve(null)),
    listAssociations: (id) =>
      noted('listAssociations', id, () => answers.listAssociations?.(id) ?? Promise.resolve([])),
    listRoutes: (id) =>
      noted('listRoutes', id, () => answers.listRoutes?.(id) ?? Promise.resolve([])),
    listConnections: (id) =>
      noted('listConnections', id, () => answers.listConnections?.(id) ?? Promise.resolve([])),
    findSubnets: (ids) =>
      noted('findSubnets', ids, () => answers.findSubnets?.(ids) ?? Promise.resolve([])),
    associate: (request) =>
      noted('associate', request, () => answers.associate?.(request) ?? Promise.resolve(accepted)),
    disassociate: (request) =>
      noted(
        'disassociate',
        request,
        () => answers.disassociate?.(request) ?? Promise.resolve(accepted),
      ),
    createRoute: (request) =>
      noted(
        'createRoute',
        request,
        () => answers.createRoute?.(request) ?? Promise.resolve(accepted),
      ),
    terminateConnection: (request) =>
      noted(
        'terminateConnection',
        request,
        () => answers.terminateConnection?.(request) ?? Promise.resolve(accepted),
      ),
    countAuthorizationRules: (id) =>
      noted(
        'countAuthorizationRules',
        id,
        () => answers.countAuthorizationRules?.(id) ?? Promise.resolve(1),
      ),
    exportClientConfiguration: (id) =>
      noted(
        'exportClientConfiguration',
        id,
        () => answers.exportClientConfiguration?.(id) ?? Promise.resolve('client\n'),
      ),
  };
}
