import { ClientVpnError } from '../vpn/client-vpn.ts';
import type { ClientVpnErrorKind } from '../vpn/client-vpn.ts';

/** What an SDK error tells, read without trusting its class: bundling may duplicate classes. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly status: number | null;
  readonly requestId: string | null;
}

const busyCodes: ReadonlySet<string> = new Set([
  'ConcurrentMutationLimitExceeded',
  'IncorrectState',
  // A route before its association is up.
  'InvalidClientVpnActiveAssociationNotFound',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
]);

const misconfiguredCodes: ReadonlySet<string> = new Set([
  'InvalidClientVpnSubnetId.DuplicateAz',
  'InvalidClientVpnSubnetId.NotFound',
  'InvalidClientVpnSubnetId.DifferentAccount',
  'InvalidClientVpnSubnetId.OverlappingCidr',
  'InvalidSubnetID.NotFound',
  'InvalidClientVpnEndpointId.NotFound',
  'ClientVpnRouteLimitExceeded',
]);

const notAllowedCodes: ReadonlySet<string> = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AuthFailure',
  'InvalidClientTokenId',
  'ExpiredToken',
  'RequestExpired',
  'CredentialsProviderError',
]);

const alreadySoCodes = {
  associate: /^(?:InvalidClientVpnDuplicateAssociation|ClientVpnEndpointAssociationExists$)/,
  disassociate: /^InvalidClientVpnAssociationIdNotFound$/,
  createRoute: /^InvalidClientVpnDuplicateRoute$/,
  terminateConnection: /^InvalidClientVpnConnection\.(?:IdNotFound|UserNotFound)$/,
} as const;

/** Whether AWS refuses because what was asked for is so already, which is a success. */
export function isAlreadySo(act: keyof typeof alreadySoCodes, error: unknown): boolean {
  return alreadySoCodes[act].test(readSdkError(error).name);
}

export function isNoSuchEndpoint(error: unknown): boolean {
  return readSdkError(error).name === 'InvalidClientVpnEndpointId.NotFound';
}

export function isNoSuchSubnet(error: unknown): boolean {
  return readSdkError(error).name === 'InvalidSubnetID.NotFound';
}

export function requestIdOf(error: unknown): string {
  return readSdkError(error).requestId ?? '';
}

/** The one place where AWS's errors are classified. The SDK's own retries are over by then. */
export function toClientVpnError(operation: string, error: unknown): ClientVpnError {
  const { message, name, requestId, status } = readSdkError(error);
  return new ClientVpnError(message, {
    kind: kindOf(name, status),
    code: name,
    operation,
    requestId,
    cause: error,
  });
}

function kindOf(name: string, status: number | null): ClientVpnErrorKind {
  if (busyCodes.has(name)) return 'busy';
  if (misconfiguredCodes.has(name)) return 'misconfigured';
  if (notAllowedCodes.has(name)) return 'not-allowed';
  // Without a status nobody has answered: a time-out, a reset, a name that does not resolve.
  return status === null || status >= 500 ? 'unreachable' : 'unknown';
}

const unknownError = 'UnknownError';

function readSdkError(error: unknown): SdkError {
  if (!(error instanceof Error)) {
    return { name: unknownError, message: String(error), status: null, requestId: null };
  }
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const read = (key: string): unknown =>
    typeof metadata === 'object' && metadata !== null
      ? (metadata as Readonly<Record<string, unknown>>)[key]
      : undefined;
  const status = read('httpStatusCode');
  const requestId = read('requestId');
  return {
    name: textOr(unknownError, error.name),
    message: textOr('', error.message),
    status: typeof status === 'number' ? status : null,
    requestId: typeof requestId === 'string' ? requestId : null,
  };
}

/** The client takes both from the answer, where an element may hold others instead of a text. */
function textOr(otherwise: string, value: unknown): string {
  return typeof value === 'string' ? value : otherwise;
}
