import type { StartIntent, Trouble } from '../lease/endpoint-record.ts';
import type { Reason } from '../lease/reason.ts';
import { routeKey } from '../vpn/route.ts';
import type { Decision } from './decision.ts';
import { look } from './decision.ts';
import type { Readable } from './readable.ts';

/** The start under way; `null` where there is none, or where a new wish revives one given up. */
export function startOf({ hold, record }: Readable): StartIntent | null {
  const { intent, lastRequestAt } = record;
  if (intent.kind !== 'start') return null;
  const gaveUpAt = intent.trouble?.gaveUp === true ? intent.trouble.at : null;
  const wishes = [lastRequestAt, hold?.kind === 'on' ? hold.at : null];
  const revived =
    gaveUpAt !== null && wishes.some((wishedAt) => wishedAt !== null && wishedAt > gaveUpAt);
  return revived ? null : intent;
}

/**
 * The start whose routes are to be put back: the one under way, or a new one where somebody else has
 * associated a network, whose routes AWS has dropped before, or a request revives one given up.
 */
export function startUnderWay(situation: Readable): StartIntent | null {
  const { connected, record, until } = situation;
  const { intent, lastPass } = record;
  if (intent.kind === 'start') return startOf(situation) ?? newStart(situation, intent.origin);
  const isNeeded = connected > 0 || until !== null;
  if (isNeeded && stopLeftGaps(situation)) return newStart(situation, 'lease');
  const before = lastPass?.seen?.associations;
  const adopted = situation.associations.some(
    ({ id }) => before?.every((seen) => seen.id !== id || seen.status !== 'associated') ?? false,
  );
  if (!adopted) return null;
  // What a stop has left of a start goes on for the one who asks again.
  const askedAgain = intent.kind === 'stop' && until !== null;
  return newStart(situation, askedAgain ? 'lease' : 'outside');
}

/**
 * What should be there is not: a stop has begun to take it away, or has cut a start short. Where that
 * stop does not go on, to call this *On* would be to forget the routes.
 */
export function stopLeftGaps({ associations, observation, record }: Readable): boolean {
  if (record.intent.kind !== 'stop') return false;
  const here = new Set(associations.map(({ subnetId }) => subnetId));
  const found = new Set(observation.routes.map(routeKey));
  const remembered = record.rememberedRoutes ?? [];
  return remembered.some((each) => here.has(each.subnetId) && !found.has(routeKey(each)));
}

export function newStart(situation: Readable, origin: StartIntent['origin']): StartIntent {
  return {
    kind: 'start',
    id: situation.newStartId,
    since: situation.now,
    origin,
    routes: situation.record.rememberedRoutes ?? [],
    round: 1,
    roundAt: situation.now,
    failedAssociations: [],
    trouble: null,
  };
}

/** A bounded number of tries has failed: tried seldom from here on, and somebody should look. */
export function gaveUp(situation: Readable, intent: StartIntent, trouble: Trouble): Decision {
  const { problem, retryAt } = trouble;
  const reason: Reason = { code: 'gave-up', problem, retryAt };
  return look(situation, { state: 'needs-attention', reason, intent, steady: true });
}
