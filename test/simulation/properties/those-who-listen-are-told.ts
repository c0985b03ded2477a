import type { PendingEvent } from '../../../src/notify/domain-event.ts';
import type { EventType } from '../../../src/config/event-names.ts';
import { typeOf } from '../../builders/events.ts';
import type { NewProperty } from './property.ts';

/** As with an administrator's wish: two may find that a portal has just passed. */
const mostRuns = 4;
const dayMs = 24 * 60 * 60_000;

/** What an endpoint is told to be by each of the events that tell one step of its life. */
const steps: Partial<Record<EventType, string>> = {
  'endpoint-starting': 'starting',
  'endpoint-ready': 'on',
  'endpoint-stopping': 'stopping',
  'endpoint-stopped': 'off',
  'endpoint-start-failed': 'failed',
};

/**
 * Beside the seven: whoever listens is told each step, and of none twice.
 *
 * - An event that was stored stays so until it was published; after a day it may go without.
 * - It is published after four runs of the schedule with nothing going wrong.
 * - Each step is told once: no two events, told apart by their ids, tell the same one after the other,
 *   but for starts that fail, each of which is told.
 * - What was told last is so, where the last pass found the endpoint on, or off.
 */
export const thoseWhoListenAreTold: NewProperty = ({ count, published, truth, violated }) => {
  let pending: readonly PendingEvent[] = [];
  const known = new Map<string, { readonly at: number; runs: number }>();
  let toldStep: string | null = null;

  function whenDecided(event: PendingEvent): void {
    known.set(event.id, { at: truth.now(), runs: 0 });
    const type = typeOf(event.detailType);
    count(`told: ${type}`);
    const step = steps[type];
    if (step === undefined) return;
    if (step === toldStep && step !== 'failed') violated(`${type} is told twice: ${event.id}`);
    toldStep = step;
  }

  function whenHeard(event: PendingEvent): void {
    if (!known.has(event.id)) whenDecided(event);
  }

  function whenStored(): void {
    const { events, lastPass } = truth.record();
    if (events !== pending) {
      events.forEach(whenHeard);
      const left = new Set(events.map(({ id }) => id));
      for (const { at, detailType, id } of pending) {
        if (left.has(id) || published().has(id) || truth.now() - at.getTime() >= dayMs) continue;
        violated(`${detailType} is lost: ${id}`);
      }
      pending = events;
    }
    const state = lastPass?.reason.code === 'reading-incomplete' ? null : lastPass?.state;
    if ((state === 'on' || state === 'off') && toldStep !== null && toldStep !== state) {
      violated(`it is ${state}, and ${toldStep} was told last`);
    }
  }

  function whenRun(startedAt: number): void {
    for (const { detailType, id } of pending) {
      const event = known.get(id);
      if (event === undefined || published().has(id)) continue;
      if (startedAt < Math.max(event.at, truth.disturbedAt())) continue;
      event.runs += 1;
      if (event.runs >= mostRuns) violated(`${detailType} was never published: ${id}`);
    }
  }

  return {
    name: '10: those who listen are told',
    observe(step) {
      if (step.kind === 'calm-run') whenRun(step.startedAt);
      else if (step.kind === 'effect' && step.error === null && step.call.service === 'dynamodb') {
        // What was never stored is told all the same, if only once.
        if (step.call.operation === 'publish-events') [...published().values()].forEach(whenHeard);
        else whenStored();
      }
    },
  };
};
