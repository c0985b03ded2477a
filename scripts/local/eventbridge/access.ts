import { z } from 'zod';
import type { AccessControl } from '../iam/access-control.ts';
import { EventBridgeError } from './event-bridge-error.ts';

const ruleInput = z.object({ Name: z.string(), EventBusName: z.string().default('default') });
const eventsInput = z.object({
  Entries: z.array(
    z.object({ EventBusName: z.string().default('default'), Source: z.string().optional() }),
  ),
});

/** What EventBridge answers to somebody who may not do this; `null` where they may. */
export function accessRefusalOf(call: {
  readonly access: AccessControl;
  readonly accessKeyId: string | null;
  readonly action: string;
  readonly body: unknown;
}): EventBridgeError | null {
  const { access, accessKeyId, action, body } = call;
  const context = { 'events:source': sourcesOf(action, body) };
  const resources = namesOf(action, body).map((name) => ({
    arn: access.arn('events', name),
    context,
  }));
  const asked = resources.length === 0 ? [{ arn: '*' }] : resources;
  const refusal = access.refusalOf(accessKeyId, `events:${action}`, asked);
  switch (refusal?.kind) {
    case undefined:
      return null;
    case 'unknown-key':
      return new EventBridgeError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    case 'not-authorized':
      return new EventBridgeError('AccessDeniedException', refusal.sentence);
  }
}

/** In whose name events are sent; none where the action sends none. */
function sourcesOf(action: string, body: unknown): readonly string[] {
  if (action !== 'PutEvents') return [];
  const sources = eventsInput.safeParse(body).data?.Entries.flatMap(({ Source = [] }) => Source);
  return [...new Set(sources)];
}

/** A rule of another bus than the default one has the bus in its name. */
function namesOf(action: string, body: unknown): readonly string[] {
  if (action === 'PutEvents') {
    const buses = eventsInput.safeParse(body).data?.Entries.map((entry) => entry.EventBusName);
    return [...new Set(buses)].map((bus) => `event-bus/${nameIn(bus)}`);
  }
  const rule = ruleInput.safeParse(body).data;
  if (rule === undefined) return [];
  const bus = nameIn(rule.EventBusName);
  return [bus === 'default' ? `rule/${rule.Name}` : `rule/${bus}/${rule.Name}`];
}

/** A bus is named by its name or by its ARN. */
function nameIn(bus: string): string {
  return bus.slice(bus.lastIndexOf('/') + 1);
}
