import { secondsAfter } from '../../src/clock.ts';
import type { Intent } from '../../src/lease/endpoint-record.ts';
import type { EndpointStore } from '../../src/lease/endpoint-store.ts';
import type { PauseStore } from '../../src/lease/pause-store.ts';
import { createActor } from '../../src/reconcile/act.ts';
import type { Acted } from '../../src/reconcile/act.ts';
import type { Action, Decision, StopCause } from '../../src/reconcile/decision.ts';
import type { Accepted, ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import { isConnected } from '../../src/vpn/connection.ts';
import type { AssociationId } from '../../src/vpn/ids.ts';
import { sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import type { RecordingLog } from '../builders/recording-log.ts';
import { anAwsError, createScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import type { ScriptedClientVpn } from '../builders/scripted-client-vpn.ts';
import { createStoppedClock } from '../builders/stopped-clock.ts';
import type { StoppedClock } from '../builders/stopped-clock.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';

export const pass = { endpointId: sampleIds.endpoint, passId: 'pass-1' };
export const bothSubnets = [sampleIds.subnetA, sampleIds.subnetB];
export const bothAssociations = [sampleIds.associationA, sampleIds.associationB];
export const route = {
  destinationCidr: '10.9.0.0/16',
  subnetId: sampleIds.subnetA,
  description: '',
};
export const otherRoute = { ...route, destinationCidr: '10.8.0.0/16' };

/** AWS being busy, or not there; and what it answers where somebody has to look. */
export const passing = ['busy', 'unreachable'] as const;
export const refusals = ['misconfigured', 'not-allowed', 'unknown'] as const;

export const accept = (): Promise<Accepted> =>
  Promise.resolve({ outcome: 'accepted', requestId: 'request-1' });
export const refuse = (): Promise<never> => Promise.reject(anAwsError());

/** These, one after the other, and then yes. */
export function inTurn(...answers: readonly (() => Promise<Accepted>)[]): () => Promise<Accepted> {
  const left = answers.values();
  return () => left.next().value?.() ?? accept();
}

export function decided(action: Action, intent: Intent): Decision {
  return {
    action,
    state: action.kind === 'disassociate' ? 'stopping' : 'starting',
    reason: { code: 'associating' },
    intent,
    lookAgainAt: secondsAfter(sampleNow, 5),
  };
}

/** That both networks be taken away, unless said otherwise. */
export function decidedToStop(
  because: StopCause,
  intent: Intent = { kind: 'stop', since: sampleNow },
  associations: readonly AssociationId[] = bothAssociations,
): Decision {
  return decided({ kind: 'disassociate', associations, because }, intent);
}

interface Circumstances {
  readonly endpoints?: Partial<EndpointStore>;
  /** There is none, unless said otherwise. */
  readonly pauses?: Pick<PauseStore, 'get'>;
  readonly countInUse?: (connections: readonly Connection[]) => number;
  readonly passId?: string;
  /** What happens between the decision and the act. */
  readonly meanwhile?: () => Promise<unknown>;
}

/** A pass that has claimed the endpoint, and is about to act on what was decided. */
export interface ActWorld {
  readonly clock: StoppedClock;
  readonly log: RecordingLog;
  readonly stores: MemoryStores;
  /** What was asked of the table and of AWS since the claim, in order. */
  readonly order: string[];
  /** The outcomes of what AWS has taken on. */
  readonly accepted: Accepted[];
  claim(passId: string): Promise<void>;
  /** @param answers what AWS answers; else it has nothing, and accepts everything */
  act(
    decision: Decision,
    answers?: Partial<ClientVpn>,
    circumstances?: Circumstances,
  ): Promise<Acted>;
  /** Another pass takes over, and carries this out. */
  actLater(decision: Decision, answers?: Partial<ClientVpn>): Promise<Acted>;
  /** What the last act has asked of AWS. */
  clientVpn(): ScriptedClientVpn;
  storedIntent(): Intent;
}

export async function createActWorld(): Promise<ActWorld> {
  const order: string[] = [];
  const accepted: Accepted[] = [];
  const clock = createStoppedClock();
  const log = createRecordingLog();
  const stores = createMemoryStores((request, effect) => {
    order.push(request.operation);
    return new Promise((resolve) => {
      resolve(effect());
    });
  });
  let clientVpn = createScriptedClientVpn();

  const world: ActWorld = {
    clock,
    log,
    stores,
    order,
    accepted,

    async claim(passId) {
      await stores.endpoints.claimPass({
        ...pass,
        passId,
        at: clock.now(),
        claimedUntil: secondsAfter(clock.now(), 30),
        notIfPassedSince: clock.now(),
      });
    },

    async act(decision, answers = {}, circumstances = {}) {
      const { countInUse, endpoints = {}, meanwhile, passId = pass.passId } = circumstances;
      const { pauses = { get: () => Promise.resolve(null) } } = circumstances;
      clientVpn = createScriptedClientVpn(
        Object.fromEntries(
          Object.entries(answers).map(([method, answer]) => [
            method,
            (argument: never) => {
              order.push(method);
              return (answer as (argument: never) => unknown)(argument);
            },
          ]),
        ),
      );
      const { record } = stores.peek(pass.endpointId);
      await meanwhile?.();
      order.length = 0;
      const act = createActor({
        clientVpn,
        endpoints: { ...stores.endpoints, ...endpoints },
        pauses,
        clock,
        log,
      });
      return act({
        pass: { ...pass, passId },
        record,
        decision,
        countInUse: countInUse ?? ((connections) => connections.filter(isConnected).length),
        deadline: secondsAfter(clock.now(), 20),
        onAccepted: (each) => accepted.push(each),
      });
    },

    async actLater(decision, answers = {}) {
      clock.advance(31);
      await world.claim('pass-2');
      return world.act(decision, answers, { passId: 'pass-2' });
    },

    clientVpn: () => clientVpn,
    storedIntent: () => stores.peek(pass.endpointId).record.intent,
  };
  await world.claim(pass.passId);
  return world;
}
