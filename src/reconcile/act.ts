import { createHash } from 'node:crypto';

import type { Clock } from '../clock.ts';
import type { EndpointRecord, Intent, StartIntent, Trouble } from '../lease/endpoint-record.ts';
import type { EndpointStore, PassKey } from '../lease/endpoint-store.ts';
import { PassLostError } from '../lease/endpoint-store.ts';
import { heldUntil } from '../lease/lease.ts';
import type { Reason } from '../lease/reason.ts';
import type { Log } from '../log.ts';
import type { ClientVpn } from '../vpn/client-vpn.ts';
import { isConnected } from '../vpn/connection.ts';
import type { AwsProblem } from '../vpn/observation.ts';
import type { AssociationId } from '../vpn/ids.ts';
import { routeKey } from '../vpn/route.ts';
import type { Decision } from './decision.ts';
import { awsProblem } from './observe.ts';
import { afterFailure } from './trouble.ts';

/** A decision, and how long there is to carry it out. */
export interface Order {
  readonly pass: PassKey;
  readonly record: EndpointRecord;
  readonly decision: Decision;
  /** No call is begun after this. */
  readonly deadline: Date;
}

export interface Acted {
  /** What was decided, or what became of it. */
  readonly decision: Decision;
  /** What the record says from now on. */
  readonly intent: Intent;
  readonly outcome: 'done' | 'nothing-to-do' | 'failed' | 'out-of-time' | 'abandoned';
}

export interface ActorDependencies {
  readonly clientVpn: ClientVpn;
  readonly endpoints: EndpointStore;
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
            log.info({ endpointId, ...route, ...accepted }, 'route asked for');
          }),
        );

      case 'disassociate':
        return action.because === 'idle'
          ? stopIdle(order, action.associations)
          : removeFailed(order, action.associations);
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
    if (problem === null)
      return { decision, intent: { ...intent, trouble: null }, outcome: 'done' };
    const trouble = afterFailure(intent.trouble, problem, clock.now());
    log.warn({ endpointId: pass.endpointId, problem, tries: trouble.tries }, 'start failed once');
    return {
      decision: afterTrouble(decision, trouble),
      intent: { ...intent, trouble },
      outcome: 'failed',
    };
  }

  /**
   * The one dangerous act. The intent is refused if anybody has asked for the endpoint since the
   * decision. Then both are read once more, the connections last: whoever has connected by then is
   * cut off by what follows, whoever asks meanwhile only waits.
   */
  async function stopIdle(order: Order, associations: readonly AssociationId[]): Promise<Acted> {
    const { decision, pass, record } = order;
    const { endpointId } = pass;
    try {
      const unlessRevisedSince = record.revision;
      await endpoints.writeIntent(pass, decision.intent, { unlessRevisedSince });
    } catch (error) {
      if (!(error instanceof PassLostError)) throw error;
      log.info({ endpointId }, 'stop abandoned: somebody asked for the endpoint');
      throw error;
    }
    try {
      const { leases } = await endpoints.load(endpointId);
      const until = heldUntil(leases, clock.now());
      if (until !== null) {
        log.info({ endpointId }, 'stop abandoned: somebody asked for the endpoint');
        return abandoned(order, { code: 'kept-on-by-lease', until });
      }
      const connections = await clientVpn.listConnections(endpointId);
      const connected = connections.filter(isConnected).length;
      if (connected > 0) {
        log.info({ endpointId, connected }, 'stop abandoned: somebody has connected');
        return abandoned(order, { code: 'connected', connected });
      }
    } catch (error) {
      const problem = awsProblem(error);
      log.warn({ endpointId, problem }, 'stop abandoned: the connections could not be read');
      return abandoned(order, { code: 'reading-incomplete', problem });
    }
    return disassociate(order, associations);
  }

  /** A failed association carries nobody; removing it needs no second look. */
  async function removeFailed(
    order: Order,
    associations: readonly AssociationId[],
  ): Promise<Acted> {
    await endpoints.writeIntent(order.pass, order.decision.intent);
    return disassociate(order, associations);
  }

  async function disassociate(
    { decision, deadline, pass: { endpointId } }: Order,
    associations: readonly AssociationId[],
  ): Promise<Acted> {
    const { intent } = decision;
    try {
      for (const associationId of associations) {
        if (clock.now() >= deadline) return { decision, intent, outcome: 'out-of-time' };
        const accepted = await clientVpn.disassociate({ endpointId, associationId });
        log.info({ endpointId, associationId, ...accepted }, 'disassociation asked for');
      }
      return { decision, intent, outcome: 'done' };
    } catch (error) {
      const problem = awsProblem(error);
      log.warn({ endpointId, problem }, 'disassociation failed once');
      return { decision: stopFailed(decision, problem), intent, outcome: 'failed' };
    }
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
 * the rest people are told, because it does not pass before somebody looks.
 */
function stopFailed(decision: Decision, problem: AwsProblem): Decision {
  if (passesByItself(problem)) return decision;
  return { ...decision, state: 'needs-attention', reason: { code: 'stop-failed', problem } };
}

function passesByItself({ kind }: AwsProblem): boolean {
  return kind === 'busy' || kind === 'unreachable';
}

/** As if the stop had not been decided: a start whose routes are not all back yet goes on. */
function abandoned({ decision, record }: Order, reason: Decision['reason']): Acted {
  const intent: Intent = record.intent.kind === 'start' ? record.intent : { kind: 'none' };
  const stay: Decision = { ...decision, action: { kind: 'nothing' }, state: 'on', reason, intent };
  return { decision: stay, intent: stay.intent, outcome: 'abandoned' };
}

/**
 * The same for every retry of one association of one start, another one for each start and for each
 * new try after an association has failed. AWS takes up to 64 ASCII characters.
 */
function tokenFor(start: StartIntent, what: string): string {
  return createHash('sha256').update(`${start.id} ${start.round} ${what}`).digest('hex');
}
