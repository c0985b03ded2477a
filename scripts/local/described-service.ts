import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceStandIn } from './aws-server.ts';
import { readBody } from './ec2/request-body.ts';
import { isSigned } from './ec2/signature.ts';
import { xmlDocument } from './ec2/xml.ts';
import type { XmlElements } from './ec2/xml.ts';
import type { Fault, FaultyService, Faults } from './faults.ts';
import { ServiceFault } from './service-fault.ts';

/** What a service that only describes needs to know of a request. */
export interface Described<Input> {
  /** Such as `DescribeRules`. */
  readonly action: string;
  readonly input: Input;
}

/** What is done before and after, whatever the protocol. */
interface Protocol<Input, Output> {
  readonly read: (request: IncomingMessage, body: string) => Described<Input>;
  readonly write: (action: string, output: Output, requestId: string) => string;
  readonly writeFault: (fault: ServiceFault, requestId: string) => string;
  readonly contentType: string;
}

/**
 * A service in the Query protocol: parameters in a form, XML back, the elements of lists called
 * `member`.
 *
 * @param service.actions what each answers, from its parameters
 */
export function createQueryService(service: {
  readonly name: FaultyService;
  readonly namespace: string;
  readonly faults: Faults;
  readonly actions: Readonly<Record<string, (parameters: URLSearchParams) => XmlElements>>;
}): ServiceStandIn {
  return createService(service, {
    contentType: 'text/xml',
    read(_request, body) {
      const input = new URLSearchParams(body);
      return { action: input.get('Action') ?? '', input };
    },
    write: (action, output, requestId) =>
      xmlDocument(
        `${action}Response`,
        { [`${action}Result`]: output, ResponseMetadata: { RequestId: requestId } },
        service.namespace,
        'member',
      ),
    writeFault: ({ code, message, status }, requestId) =>
      xmlDocument(
        'ErrorResponse',
        {
          Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message },
          RequestId: requestId,
        },
        service.namespace,
      ),
  });
}

/**
 * A service in JSON 1.1, whose operations are named in `x-amz-target`.
 *
 * @param service.target what stands before the operation there
 * @param service.actions what each answers, from the request's JSON
 */
export function createJsonService(service: {
  readonly name: FaultyService;
  readonly target: string;
  readonly faults: Faults;
  readonly actions: Readonly<Record<string, (input: unknown) => unknown>>;
}): ServiceStandIn {
  return createService<unknown, unknown>(service, {
    contentType: 'application/x-amz-json-1.1',
    read(request, body) {
      const target = String(request.headers['x-amz-target'] ?? '');
      const prefix = `${service.target}.`;
      const action = target.startsWith(prefix) ? target.slice(prefix.length) : '';
      return { action, input: jsonOf(body) };
    },
    write: (_action, output) => JSON.stringify(output),
    writeFault: ({ code, message }) => JSON.stringify({ __type: code, message }),
  });
}

function createService<Input, Output>(
  service: {
    readonly name: FaultyService;
    readonly faults: Faults;
    readonly actions: Readonly<Record<string, (input: Input) => Output>>;
  },
  protocol: Protocol<Input, Output>,
): ServiceStandIn {
  const { contentType, read, write, writeFault } = protocol;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const send = (status: number, body: string): void => {
      response.writeHead(status, {
        'content-type': contentType,
        'content-length': Buffer.byteLength(body),
        'x-amzn-requestid': requestId,
      });
      response.end(body);
    };
    try {
      const body = await readBody(request);
      if (body === null) throw new ServiceFault('RequestEntityTooLarge', 'It is too large.', 413);
      if (!isSigned(request, new URLSearchParams())) {
        throw new ServiceFault('MissingAuthenticationToken', 'Missing Authentication Token', 403);
      }
      const { action, input } = read(request, body);
      const perform = Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
      if (perform === undefined) {
        throw new ServiceFault('InvalidAction', `Could not find operation ${action}`);
      }
      const fault = service.faults.take(service.name, action);
      if (fault?.code === 'ConnectionReset') {
        request.socket.resetAndDestroy();
      } else if (fault === undefined) {
        send(200, write(action, perform(input), requestId));
      } else if (fault.code !== 'Timeout') {
        throw injected(fault);
      }
    } catch (error) {
      if (response.headersSent || request.socket.destroyed) return;
      const fault =
        error instanceof ServiceFault
          ? error
          : new ServiceFault('InternalFailure', String(error), 500);
      send(fault.status, writeFault(fault, requestId));
    }
  }

  return {
    handle(request, response) {
      void answer(request, response);
    },
  };
}

function injected({ code, status }: Fault): ServiceFault {
  return new ServiceFault(code, `The local stack was told to answer ${code}.`, status);
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ServiceFault('SerializationException', 'The request is not JSON.');
  }
}
