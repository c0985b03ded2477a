import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import dynalite from 'dynalite';
import { accessRefusalOf } from './dynamodb/access.ts';
import type { PartitionKeys } from './dynamodb/access.ts';
import { parseInsert, putOf } from './dynamodb/insert-statement.ts';
import { rememberExpressions } from './dynamodb/remembered-expressions.ts';
import { readBody } from './ec2/request-body.ts';
import { accessKeyIdOf } from './ec2/signature.ts';
import type { Fault, Faults } from './faults.ts';
import type { AccessControl } from './iam/access-control.ts';
import { listen } from './listen.ts';

export interface DynamoDbStandIn {
  /** @returns the port */
  listen(port: number, setting?: string): Promise<number>;
  /** How often each operation has arrived since the start. */
  calls(): Readonly<Record<string, number>>;
  /** Stops when what has been written is on the disk. */
  stop(): Promise<void>;
}

/**
 * dynalite, with the policies and the faults of the service `dynamodb` in front of it, and with the one
 * statement of PartiQL that the portal has: dynalite knows none.
 *
 * @param options.folder keeps the tables between runs; `memory` forgets them
 * @param options.access lets everybody do everything unless given
 */
export function createDynamoDbStandIn(options: {
  readonly folder: string;
  readonly faults: Faults;
  readonly access?:
    { readonly control: AccessControl; readonly partitionKeys: PartitionKeys } | undefined;
}): DynamoDbStandIn {
  const { access, faults, folder } = options;
  const isInMemory = folder === 'memory';
  if (!isInMemory) mkdirSync(folder, { recursive: true });
  const calls = new Map<string, number>();
  rememberExpressions();
  // A fresh table is usable at once: nothing here is about the life of tables.
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(isInMemory ? {} : { path: folder }),
  });

  // In front of dynalite's own listener instead of in a server before it: a call that shall succeed
  // pays for one look into the list of faults and for no second trip over HTTP.
  const dynaliteListeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const action = actionOf(request);
    if (action !== undefined) calls.set(action, (calls.get(action) ?? 0) + 1);
    if (access === undefined && action !== statementAction) {
      answer(request, response, work);
      return;
    }
    answerWhatIsRead(request, response).catch(() => {
      // Whoever sent it has gone in the middle of it.
      request.socket.destroy();
    });
  });

  /** Asks the policies, and reads statements: for that it has to read what dynalite then reads. */
  async function answerWhatIsRead(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const sent = (await readBody(request)) ?? '';
    const isStatement = actionOf(request) === statementAction;
    const input = jsonOf(sent);
    const insert = isStatement ? parseInsert(input) : null;
    if (isStatement && insert === null) {
      refuse(response, unknownStatement);
      return;
    }
    const put = insert === null ? null : putOf(insert);
    const refusal = refusalOf(request, put ?? input);
    if (refusal !== null) {
      refuse(response, { ...refusal, status: 400 });
      return;
    }
    answer(request, response, put === null ? work : workAsInsert);
    // dynalite has begun to listen, to a stream that is at its end: it gets to hear it all again.
    request.emit('data', Buffer.from(put === null ? sent : JSON.stringify(put)));
    request.emit('end');
  }

  function refusalOf(
    request: IncomingMessage,
    input: unknown,
  ): { readonly code: string; readonly message: string } | null {
    if (access === undefined) return null;
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const action = actionOf(request) ?? '';
    return accessRefusalOf({
      access: access.control,
      accessKeyId: accessKeyIdOf(request, query),
      // Statements are allowed by what they do.
      action: action === statementAction ? 'PartiQLInsert' : action,
      input,
      partitionKeys: access.partitionKeys,
    });
  }

  function answer(request: IncomingMessage, response: ServerResponse, doWork: typeof work): void {
    const action = actionOf(request);
    const fault = action === undefined ? undefined : faults.take('dynamodb', action);
    if (fault === undefined) {
      doWork(request, response);
    } else if (fault.effect === 'before') {
      request.resume();
      fail(fault, request, response);
    } else {
      // It does its work for an answer that nobody gets to see.
      const unseen = new ServerResponse(request);
      unseen.end = () => {
        fail(fault, request, response);
        return unseen;
      };
      doWork(request, unseen);
    }
  }

  function work(request: IncomingMessage, response: ServerResponse): void {
    for (const listener of dynaliteListeners) listener(request, response);
    // dynalite throws when a client goes away in the middle of a request. One that is killed while
    // it sends must not take the whole stack with it.
    request.removeAllListeners('error');
  }

  /** As a put on a condition, which DynamoDB calls by another name where it is a statement's own. */
  function workAsInsert(request: IncomingMessage, response: ServerResponse): void {
    const end = response.end.bind(response);
    response.end = (body: unknown) => {
      response.end = end;
      const text = String(body);
      if (!text.includes('ConditionalCheckFailedException')) return end(text);
      response.removeHeader('x-amz-crc32');
      refuse(response, duplicateItem);
      return response;
    };
    request.headers['x-amz-target'] = 'DynamoDB_20120810.PutItem';
    work(request, response);
  }

  return {
    listen: (port, setting = 'LOCAL_DYNAMODB_PORT') => listen(server, port, setting),
    calls: () => Object.fromEntries(calls),
    async stop() {
      // One that never listened has nothing to finish, and answers its close with an error.
      if (!server.listening) return;
      await new Promise<void>((resolve, reject) => {
        server.close((error) => {
          // dynalite says null where Node says nothing.
          if (error) reject(error);
          else resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

const statementAction = 'ExecuteStatement';

const unknownStatement = {
  code: 'ValidationException',
  message: `The local stack knows one statement: INSERT INTO "table" VALUE {'name': ?}, with a parameter for each name.`,
  status: 400,
};
const duplicateItem = {
  code: 'DuplicateItemException',
  message: 'Duplicate primary key exists in table',
  status: 400,
};

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function actionOf(request: IncomingMessage): string | undefined {
  return /^DynamoDB_\d+\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1];
}

function fail(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.code === 'ConnectionReset') {
    request.socket.resetAndDestroy();
  } else if (fault.code !== 'Timeout') {
    const message = `The local stack was told to answer ${fault.code}.`;
    refuse(response, { code: fault.code, message, status: fault.status });
  }
}

/** Source of the form: Amazon DynamoDB Developer Guide, "Error handling with DynamoDB". */
function refuse(
  response: ServerResponse,
  error: { readonly code: string; readonly message: string; readonly status: number },
): void {
  const body = JSON.stringify({
    __type: `com.amazonaws.dynamodb.v20120810#${error.code}`,
    message: error.message,
  });
  response.writeHead(error.status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
}
