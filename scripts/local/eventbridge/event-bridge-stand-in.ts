import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../../../src/clock.ts';
import type { Faults } from '../faults.ts';
import type { AccessControl } from '../iam/access-control.ts';
import { readBody } from '../ec2/request-body.ts';
import { accessKeyIdOf, isSigned } from '../ec2/signature.ts';
import { accessRefusalOf } from './access.ts';
import { EventBridgeError, validationError } from './event-bridge-error.ts';
import { createPublishedEvents } from './published-events.ts';
import type { PublishedEvent } from './published-events.ts';
import { createRules } from './rules.ts';
import type { RuleDescription, ScheduledRule } from './rules.ts';

/** How often the clock is looked at: a rule fires this late at most. */
const lookEveryMs = 250;

export interface EventBridgeStandIn {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Begins to watch the clock. Never keeps the process alive by itself. */
  start(): void;
  /** Ends the watch, and resolves when no target runs any more. */
  stop(): Promise<void>;
  /** Fires now what is due now, such as after the clock was moved. */
  fireDue(): Promise<void>;
  /** What was published, the oldest first. */
  events(): readonly PublishedEvent[];
}

/**
 * EventBridge, as far as a portal with one schedule needs it: PutEvents, DescribeRule, EnableRule
 * and DisableRule in JSON 1.1, and the schedule itself on the injected clock.
 *
 * @throws Error for a schedule that it cannot simulate.
 */
export function createEventBridgeStandIn(dependencies: {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly rules: readonly ScheduledRule[];
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
  /** Lets everybody do everything unless given. */
  readonly access?: AccessControl | undefined;
  readonly onTargetError?: ((ruleName: string, error: unknown) => void) | undefined;
}): EventBridgeStandIn {
  const { access, clock, faults } = dependencies;
  const { region = 'ap-northeast-1', accountId = '123456789012' } = dependencies;
  const published = createPublishedEvents(clock);
  const rules = createRules({
    clock,
    rules: dependencies.rules,
    onTargetError: dependencies.onTargetError ?? (() => undefined),
  });
  let timer: NodeJS.Timeout | null = null;

  function describeRule(body: unknown): Record<string, unknown> {
    const rule = requireRule(body);
    return {
      Name: rule.name,
      Arn: `arn:aws:events:${region}:${accountId}:rule/${rule.name}`,
      ScheduleExpression: rule.scheduleExpression,
      State: rule.state,
      EventBusName: 'default',
      CreatedBy: accountId,
    };
  }

  function requireRule(body: unknown): RuleDescription {
    const name = ruleName(body);
    const rule = rules.find(name);
    if (rule === null) {
      throw new EventBridgeError(
        'ResourceNotFoundException',
        `Rule ${name} does not exist on EventBus default.`,
      );
    }
    return rule;
  }

  function setEnabled(body: unknown, enabled: boolean): null {
    rules.setEnabled(requireRule(body).name, enabled);
    return null;
  }

  function perform(action: string, body: unknown, failedEntries: boolean): unknown {
    switch (action) {
      case 'PutEvents':
        return published.put(body, failedEntries);
      case 'DescribeRule':
        return describeRule(body);
      case 'EnableRule':
        return setEnabled(body, true);
      case 'DisableRule':
        return setEnabled(body, false);
      default:
        throw new EventBridgeError('UnknownOperationException', '');
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === null) throw new EventBridgeError('RequestEntityTooLargeException', '', 413);
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    if (!isSigned(request, query)) {
      throw new EventBridgeError(
        'MissingAuthenticationTokenException',
        'Missing Authentication Token',
      );
    }
    const action = actionOf(request);
    if (access !== undefined) {
      const accessKeyId = accessKeyIdOf(request, query);
      const denial = accessRefusalOf({ access, accessKeyId, action, body: jsonOf(body) });
      if (denial !== null) throw denial;
    }
    const fault = faults.take('events', action);
    const failedEntries = fault?.code === 'FailedEntries';
    const isDone = fault?.effect !== 'before' || failedEntries;
    const done = isDone ? perform(action, jsonOf(body), failedEntries) : null;
    if (fault === undefined || failedEntries) {
      send(response, 200, done);
    } else if (fault.code === 'ConnectionReset') {
      request.socket.resetAndDestroy();
    } else if (fault.code !== 'Timeout') {
      throw new EventBridgeError(
        fault.code,
        `The request failed with ${fault.code}.`,
        fault.status,
      );
    }
  }

  return {
    handle(request, response) {
      answer(request, response).catch((error: unknown) => {
        if (response.headersSent || request.socket.destroyed) return;
        const known =
          error instanceof EventBridgeError
            ? error
            : new EventBridgeError('InternalException', String(error), 500);
        send(response, known.status, { __type: known.code, message: known.message });
      });
    },
    start() {
      timer ??= setInterval(() => {
        void rules.fireDueOfIdle();
      }, lookEveryMs).unref();
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await rules.idle();
    },
    fireDue: () => rules.fireDue(),
    events: () => published.all(),
  };
}

function actionOf(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  const action = typeof target === 'string' ? /^AWSEvents\.(\w+)$/.exec(target)?.[1] : undefined;
  if (action === undefined) throw new EventBridgeError('UnknownOperationException', '');
  return action;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new EventBridgeError('SerializationException', 'The request is not JSON.');
  }
}

const ruleRequest = z.object({
  Name: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/),
  EventBusName: z.string().optional(),
});

function ruleName(body: unknown): string {
  const parsed = ruleRequest.safeParse(body);
  if (!parsed.success) {
    throw validationError(
      String.raw`Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`,
    );
  }
  return parsed.data.Name;
}

function send(response: ServerResponse, status: number, content: unknown): void {
  const body = content === null ? '' : JSON.stringify(content);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
}
