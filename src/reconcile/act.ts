import { createHash } from 'node:crypto';

import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import type {
  EndpointRecord,
  EndpointState,
  Intent,
  StartIntent,
  Trouble,
} from '../lease/endpoint-record.ts';
import type { EndpointStore, PassKey } from '../lease/endpoint-store.ts';
import type { PauseStore } from '../lease/pause-store.ts';
import { PassLostError } from '../lease/endpoint-store.ts';
import { holdInEffect, wantedOn } from '../lease/hold.ts';
import type { Reason } from '../lease/reason.ts';
import type { Log } from '../log.ts';
import type { Accepted, ClientVpn } from '../vpn/client-vpn.ts';
import type { Connection } from '../vpn/connection.ts';
import type { AssociationId } from '../vpn/ids.ts';
import type { AwsProblem } from '../vpn/observation.ts';
import { routeKey } from '../vpn/route.ts';
import { nothing } from './decision.ts';
import type { Decision, StopCause } from './decision.ts';
import { wanted } from './keeping-on.ts';
import { awsProblem } from './observe.ts';
import { readPausing, whyItWaits } from './pausing.ts';
import { afterFailure } from './trouble.ts';

/** Calls that follow each other at once need but one look before them. */
const looksLastSeconds = 2;

/** A decision, and how long there is to carry it out. */
export interface Order {
  readonly pass: PassKey;
  readonly record: EndpointRecord;
  readonly decision: Decision;
  /** How many of these connections would keep the endpoint on. */
  readonly countInUse: (connections: readonly Connection[]) => number;
  /** No call is begun after this. */
  readonly deadline: Date;
  /** Called for each change that AWS has taken on. */
  readonly onAccepted: (accepted: Accepted) => void;
}

/** What became of an order. */
export type Acted = {
  /** What was decided, or what has become of it. */
  readonly decision: Decision;
  /** What the record says from now on. */
  readonly intent: Intent;
} & (
  | { readonly outcome: 'done' | 'nothing-to-do' | 'out-of-time' | 'abandoned' }
  | { readonly outcome: 'failed'; readonly problem: AwsProblem }
);

export interface ActorDependencies {
  readonly clientVpn: ClientVpn;
  readonly endpoints: EndpointStore;
  readonly pauses: Pick<PauseStore, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Carries a decision out: the intent is written first, so that whoever comes after a crash knows
 * what was begun, and under which tokens.
 *
 * @throws {PassLostError} when another pass has taken over: then nothing is asked of AWS
 */
export function createActor(deps: ActorDependencies): (order: Order) => Promise<Acted> {
  const { clientVpn, clock, endpoints, log } = deps;

  const stopBy: Readonly<
    Record<StopCause, (order: Order, associations: readonly AssociationId[]) => Promise<Acted>>
  > = {
    idle: stopUnlessUsed,
    'held-off': stopUnlessUsed,
    requested: stopAsOrdered,
    'latest-hour': stopAtTheHour,
    failed: removeFailed,
  };

  return async (order) => {
    const { decision, pass } = order;
    const { action, intent } = decision;
    switch (action.kind) {
      case 'nothing':
        return { decision, intent, outcome: 'nothing-to-do' };

      case 'associate':
        return begin(
          order,
          action.subnets.map((subnetId) => async (start) => {
            const clientToken = tokenFor(start, subnetId);
            const { endpointId } = pass;
            const accepted = await clientVpn.associate({ endpointId, subnetId, clientToken });
            order.onAccepted(accepted);
            log.info({ endpointId, subnetId, ...accepted }, 'association asked for');
          }),
        );

      case 'restore-routes':
        return begin(
          order,
          action.routes.map((route) => async (start) => {
            // Of this pass alone: AWS has one route per destination and network anyway, and would
            // answer an earlier token with the old success where the route was deleted since.
            const clientToken = tokenFor(start, `${routeKey(route)} ${pass.passId}`);
            const { endpointId } = pass;
            const accepted = await clientVpn.createRoute({ endpointId, route, clientToken });
            order.onAccepted(accepted);
            log.info({ endpointId, ...route, ...accepted }, 'route asked for');
          }),
        );

      case 'disassociate':
        return stopBy[action.because](order, action.associations);
    }
  };

  /**
   * Makes the calls of a start one after the other. AWS being busy, or not there, ends the try; what
   * it refuses keeps nothing else from being tried.
   */
  async function begin(
    { decision, deadline, pass, record }: Order,
    calls: readonly ((start: StartIntent) => Promise<void>)[],
  ): Promise<Acted> {
    const { intent } = decision;
    if (intent.kind !== 'start') throw new Error('a start was decided without its intent');
    if (intent !== record.intent) await endpoints.writeIntent(pass, intent);
    let problem: AwsProblem | null = null;
    for (const call of calls) {
      if (clock.now() >= deadline) {
        if (problem === null) return { decision, intent, outcome: 'out-of-time' };
        break;
      }
      try {
        await call(intent);
      } catch (error) {
        const met = awsProblem(error);
        problem ??= met;
        if (passesByItself(met)) break;
      }
    }
    if (problem === null) {
      return { decision, intent: { ...intent, trouble: null }, outcome: 'done' };
    }
    const trouble = afterFailure(intent.trouble, problem, clock.now());
    log.warn({ endpointId: pass.endpointId, problem, tries: trouble.tries }, 'start failed once');
    return {
      decision: afterTrouble(decision, trouble),
      intent: { ...intent, trouble },
      outcome: 'failed',
      problem,
    };
  }

  /**
   * The one dangerous act. The intent is refused if anybody has asked for the endpoint since the
   * decision. Then both are read once more, the connections last: whoever has connected by then is
   * not cut off, whoever asks after that only waits. Where AWS takes its time over one network, the
   * same is done again before the next.
   */
  async function stopUnlessUsed(
    order: Order,
    associations: readonly AssociationId[],
  ): Promise<Acted> {
    if (!(await writeStop(order))) return revised(order);
    let lookedAt: Date | null = null;
    return disassociate(order, associations, async () => {
      if (lookedAt !== null && secondsBetween(lookedAt, clock.now()) < looksLastSeconds)
        return null;
      const isUsed = await lookOnceMore(order);
      lookedAt = clock.now();
      return isUsed;
    });
  }

  /** @returns what became of the stop where somebody needs the endpoint, or nobody can tell */
  async function lookOnceMore(order: Order): Promise<Acted | null> {
    const { endpointId } = order.pass;
    try {
      const { leases, record } = await endpoints.load(endpointId);
      const now = clock.now();
      const until = wantedOn(record, leases, now);
      if (until !== null) {
        log.info({ endpointId }, 'stop abandoned: somebody asked for the endpoint');
        return abandoned(order, wanted(until, holdInEffect(record, now)));
      }
      const paused = await lookForPause(order);
      if (paused !== null) return paused;
      const connections = await clientVpn.listConnections(endpointId);
      const connected = order.countInUse(connections);
      if (connected > 0) {
        log.info({ endpointId, connected }, 'stop abandoned: somebody has connected');
        return abandoned(order, { code: 'connected', connected });
      }
      return null;
    } catch (error) {
      const problem = awsProblem(error);
      log.warn({ endpointId, problem }, 'stop abandoned: the connections could not be read');
      return abandoned(order, { code: 'reading-incomplete', problem });
    }
  }

  /**
   * A pause that somebody has stored since the decision counts as well; what AWS is asked in the
   * moment after this reading is out of anybody's hands.
   */
  async function lookForPause(order: Order): Promise<Acted | null> {
    const waits = whyItWaits(await readPausing(deps));
    if (waits === null) return null;
    log.info({ endpointId: order.pass.endpointId }, 'stop abandoned: stopping is paused');
    return abandoned(order, waits);
  }

  /** Cuts off whoever is connected, as people were warned, unless an administrator lets it wait. */
  async function stopAtTheHour(
    order: Order,
    associations: readonly AssociationId[],
  ): Promise<Acted> {
    return (await writeStop(order))
      ? disassociate(order, associations, () => lookForPause(order))
      : revised(order);
  }

  /** Cuts off whoever is connected: that was said, and confirmed, where it was ordered. */
  async function stopAsOrdered(
    order: Order,
    associations: readonly AssociationId[],
  ): Promise<Acted> {
    return (await writeStop(order)) ? disassociate(order, associations) : revised(order);
  }

  /**
   * @returns false where somebody has asked for the endpoint since the decision, or another pass has
   *   taken over
   */
  async function writeStop({ decision, pass, record }: Order): Promise<boolean> {
    const unlessRevisedSince = record.revision;
    try {
      await endpoints.writeIntent(pass, decision.intent, { unlessRevisedSince });
      return true;
    } catch (error) {
      if (!(error instanceof PassLostError)) throw error;
      log.info({ endpointId: pass.endpointId }, 'stop abandoned: somebody asked for the endpoint');
      return false;
    }
  }

  /** The next pass is due at once, and knows more; recording this one makes room for it. */
  function revised(order: Order): Acted {
    const { lastPass } = order.record;
    return lastPass === null
      ? abandoned(order, { code: 'idle-grace', stopAt: clock.now() })
      : abandoned(order, lastPass.reason, lastPass.state);
  }

  /** A failed association carries nobody; removing it needs no second look. */
  async function removeFailed(
    order: Order,
    associations: readonly AssociationId[],
  ): Promise<Acted> {
    await endpoints.writeIntent(order.pass, order.decision.intent);
    return disassociate(order, associations);
  }

  /**
   * One that AWS refuses keeps no other from being tried: each of them costs.
   *
   * @param mayNot asked before each; what it answers is what became of the stop instead
   */
  async function disassociate(
    order: Order,
    associations: readonly AssociationId[],
    mayNot: () => Promise<Acted | null> = () => Promise.resolve(null),
  ): Promise<Acted> {
    const { decision, deadline, onAccepted, pass } = order;
    const { endpointId } = pass;
    const { intent } = decision;
    const isLate = (): boolean => clock.now() >= deadline;
    let asked = false;
    let problem: AwsProblem | null = null;
    for (const associationId of associations) {
      const instead = isLate() ? null : await mayNot();
      // What has gone already is the next pass's to put back, which has to know of the stop.
      if (instead !== null) return asked ? { ...instead, intent } : instead;
      // After the look as well, which may have taken its time.
      if (isLate()) {
        if (problem === null) return { decision, intent, outcome: 'out-of-time' };
        break;
      }
      asked = true;
      try {
        const accepted = await clientVpn.disassociate({ endpointId, associationId });
        onAccepted(accepted);
        log.info({ endpointId, associationId, ...accepted }, 'disassociation asked for');
      } catch (error) {
        const met = awsProblem(error);
        log.warn({ endpointId, associationId, problem: met }, 'disassociation failed once');
        problem ??= met;
        if (passesByItself(met)) break;
      }
    }
    if (problem === null) return { decision, intent, outcome: 'done' };
    return { decision: stopFailed(decision, problem), intent, outcome: 'failed', problem };
  }
}

/** What the page says until the next pass, after a try that has just failed. */
function afterTrouble(decision: Decision, { gaveUp, problem, retryAt }: Trouble): Decision {
  if (!gaveUp) {
    const reason: Reason = { code: 'trying-again', problem, retryAt };
    return { ...decision, reason, lookAgainAt: retryAt };
  }
  const { action } = decision;
  const reason: Reason =
    action.kind === 'restore-routes'
      ? { code: 'routes-not-restored', failed: action.routes.length, message: problem.message }
      : { code: 'gave-up', problem, retryAt };
  return { ...decision, state: 'needs-attention', reason };
}

/**
 * What is not taken away goes on costing money. What passes by itself is tried again in silence; of
 * the rest people are told, because it does not pass before somebody looks. A failed association
 * that stays is told by the start that waits for it.
 */
function stopFailed(decision: Decision, problem: AwsProblem): Decision {
  if (passesByItself(problem) || decision.state === 'starting') return decision;
  return { ...decision, state: 'needs-attention', reason: { code: 'stop-failed', problem } };
}

function passesByItself({ kind }: AwsProblem): boolean {
  return kind === 'busy' || kind === 'unreachable';
}

/**
 * As if the stop had not been decided: a start whose routes are not all back yet goes on, and one
 * that was begun before is the next pass's to call off, which looks at what it has taken away.
 */
function abandoned(
  { decision, record: { intent } }: Order,
  reason: Reason,
  state: EndpointState = 'on',
): Acted {
  const stay: Decision = { ...decision, action: nothing, state, reason, intent };
  return { decision: stay, intent, outcome: 'abandoned' };
}

/**
 * The same for every retry of one association of one start, another one for each start and for each
 * new try after an association has failed. AWS takes up to 64 ASCII characters.
 */
function tokenFor(start: StartIntent, what: string): string {
  return createHash('sha256').update(`${start.id} ${start.round} ${what}`).digest('hex');
}
