import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ClientVpnFault } from '../client-vpn/fault.ts';
import type { SimulatedClientVpn } from '../client-vpn/simulated-client-vpn.ts';
import type { Fault, Faults } from '../faults.ts';
import type { AccessControl } from '../iam/access-control.ts';
import { accessRefusalOf } from './access.ts';
import { performAction } from './actions.ts';
import { queryParameters } from './query-parameters.ts';
import type { QueryParameters } from './query-parameters.ts';
import { readBody } from './request-body.ts';
import { accessKeyIdOf, isSigned } from './signature.ts';
import { xmlDocument } from './xml.ts';

const version = '2016-11-15';
const namespace = `http://ec2.amazonaws.com/doc/${version}/`;
/** The oldest are forgotten: a stack that runs for weeks must not fill the memory with them. */
const rememberedCalls = 20_000;

/** A call as it arrived, and how it ended. */
export interface RecordedCall {
  readonly action: string;
  /** In the time of the simulation. */
  readonly at: Date;
  readonly parameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Who has signed it; `null` where the request does not say it. */
  readonly accessKeyId: string | null;
  /** `succeeded`, or the code that was answered. */
  readonly outcome: string;
}

export interface Ec2StandIn {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The calls since the start or the last reset, the oldest first. */
  calls(): readonly RecordedCall[];
  resetCalls(): void;
}

/**
 * EC2's Query protocol over a simulated Client VPN, as far as the twelve operations of Client VPN
 * go. Source of the form: Amazon EC2 API Reference, "Making API requests" and "Error codes".
 */
export function createEc2StandIn(dependencies: {
  readonly clientVpn: SimulatedClientVpn;
  readonly faults: Faults;
  /** Lets everybody do everything unless given. */
  readonly access?: AccessControl | undefined;
  readonly log?: ((call: RecordedCall) => void) | undefined;
}): Ec2StandIn {
  const { access, clientVpn, faults, log } = dependencies;
  let calls: RecordedCall[] = [];

  function record(call: RecordedCall): void {
    calls.push(call);
    if (calls.length > rememberedCalls) calls = calls.slice(-rememberedCalls / 2);
    log?.(call);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const parameters = await parametersOf(request);
    const action = parameters.text('Action') ?? '';
    const at = clientVpn.now();
    const outcome = outcomeOf(action, request, parameters);
    record({
      action,
      at,
      parameters: parameters.all(),
      requestId,
      accessKeyId: accessKeyIdOf(request, queryOf(request)),
      outcome: 'code' in outcome ? outcome.code : 'succeeded',
    });
    if ('code' in outcome && outcome.code === 'ConnectionReset') {
      request.socket.resetAndDestroy();
      return;
    }
    // No answer at all: it is for the client to lose its patience.
    if ('code' in outcome && outcome.code === 'Timeout') return;
    send(response, action, requestId, outcome);
  }

  function outcomeOf(
    action: string,
    request: IncomingMessage,
    parameters: QueryParameters,
  ): Outcome {
    const refusal = refusalOf(action, request, parameters) ?? denialOf(action, request, parameters);
    if (refusal !== null) return failure(refusal);
    const fault = faults.take('ec2', action);
    if (fault?.effect === 'before') return injected(fault);
    const outcome = attempt(action, parameters);
    return fault === undefined ? outcome : injected(fault);
  }

  function denialOf(
    action: string,
    request: IncomingMessage,
    parameters: QueryParameters,
  ): ClientVpnFault | null {
    if (access === undefined) return null;
    const accessKeyId = accessKeyIdOf(request, queryOf(request));
    return accessRefusalOf({ access, accessKeyId, action, clientVpn, parameters });
  }

  function attempt(action: string, parameters: QueryParameters): Outcome {
    try {
      return { elements: performAction(action, parameters, clientVpn) };
    } catch (error) {
      if (error instanceof ClientVpnFault) return failure(error);
      throw error;
    }
  }

  return {
    handle(request, response) {
      answer(request, response).catch((error: unknown) => {
        if (response.headersSent || request.socket.destroyed) return;
        const outcome: Outcome =
          error instanceof ClientVpnFault
            ? failure(error)
            : { code: 'InternalError', message: String(error), status: 500 };
        send(response, '', randomUUID(), outcome);
      });
    },
    calls: () => calls,
    resetCalls() {
      calls = [];
    },
  };
}

type Outcome =
  | { readonly elements: Parameters<typeof xmlDocument>[1] }
  | { readonly code: string; readonly message: string; readonly status: number };

function failure(fault: ClientVpnFault): Outcome {
  return { code: fault.code, message: fault.message, status: fault.status };
}

const sentences: Readonly<Record<string, string>> = {
  RequestLimitExceeded: 'Request limit exceeded.',
  UnauthorizedOperation: 'You are not authorized to perform this operation.',
  InternalError: 'An internal error has occurred',
  ServiceUnavailable: 'The request has failed due to a temporary failure of the server.',
  Unavailable: 'The server is overloaded and cannot handle the request.',
};

function injected(fault: Fault): Outcome {
  const message = sentences[fault.code] ?? `The request failed with ${fault.code}.`;
  return { code: fault.code, message, status: fault.status };
}

async function parametersOf(request: IncomingMessage): Promise<QueryParameters> {
  const values = queryOf(request);
  if (request.method === 'POST') {
    const body = await readBody(request);
    if (body === null) {
      throw new ClientVpnFault('RequestEntityTooLarge', 'The request is too large.', 413);
    }
    for (const [name, value] of new URLSearchParams(body)) values.append(name, value);
  }
  return queryParameters(values);
}

function queryOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '/', 'http://localhost').searchParams;
}

function refusalOf(
  action: string,
  request: IncomingMessage,
  parameters: QueryParameters,
): ClientVpnFault | null {
  if (!isSigned(request, queryOf(request))) {
    return new ClientVpnFault(
      'MissingAuthenticationToken',
      'Request is missing Authentication Token',
      403,
    );
  }
  if (action === '') {
    return new ClientVpnFault('MissingAction', 'The request must contain the parameter Action');
  }
  const asked = parameters.text('Version');
  if (asked !== undefined && asked !== version) {
    return new ClientVpnFault(
      'NoSuchVersion',
      `The requested version (${asked}) of service AmazonEC2 does not exist`,
    );
  }
  return null;
}

function send(response: ServerResponse, action: string, requestId: string, outcome: Outcome): void {
  const body =
    'elements' in outcome
      ? xmlDocument(`${action}Response`, { requestId, ...outcome.elements }, namespace)
      : errorDocument(outcome.code, outcome.message, requestId);
  response.writeHead('elements' in outcome ? 200 : outcome.status, {
    'content-type': 'text/xml;charset=UTF-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-cache, no-store',
    'x-amzn-requestid': requestId,
    server: 'AmazonEC2',
  });
  response.end(body);
}

function errorDocument(code: string, message: string, requestId: string): string {
  return xmlDocument('Response', {
    Errors: { Error: { Code: code, Message: message } },
    RequestID: requestId,
  });
}
