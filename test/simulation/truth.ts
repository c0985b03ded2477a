import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { holdInEffect } from '../../src/lease/hold.ts';
import type { Hold } from '../../src/lease/hold.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { Association } from '../../src/vpn/association.ts';
import type { Route } from '../../src/vpn/route.ts';
import { routeKey } from '../../src/vpn/route.ts';
import type { MemoryStores } from '../fakes/memory-stores.ts';
import type { Agenda } from './agenda.ts';
import type { SimulatedAws } from './aws.ts';
import type { Step } from './call.ts';
import { latestHoursOf } from './latest-hours.ts';
import type { LatestHours } from './latest-hours.ts';
import type { Scenario } from './scenario.ts';
import { createSessions } from './sessions.ts';
import type { Session, Sessions } from './sessions.ts';
import { createWishes } from './wishes.ts';
import type { Wishes } from './wishes.ts';

/** What is really so. The properties hold what was done against it. */
export interface Truth {
  readonly setUp: Scenario['endpoint'];
  readonly latestHours: LatestHours;
  readonly wishes: Wishes;
  readonly sessions: Sessions;
  now(): number;
  associations(): readonly Association[];
  manualRoutes(): readonly Route[];
  record(): EndpointRecord;
  /** Every lease that stands in the table. */
  storedLeases(): readonly Lease[];
  /** The hold that counts, as the table has it. */
  hold(): Hold | null;
  /** When something last went wrong, or somebody was at work in the console. */
  disturbedAt(): number;
  /** When an association or a route was last seen to have changed. */
  changedAt(): number;
  /**
   * Since when the endpoint has had an association without a gap, or the start has been under way
   * that has led to it; `null` while it has none.
   */
  onSince(): number | null;
}

export interface KeptTruth extends Truth {
  observe(step: Step): void;
  disturb(): void;
  told(lease: Lease): void;
  connected(session: Pick<Session, 'connectionId' | 'person' | 'letIn'>): void;
  settingUp(person: string, isSettingUp: boolean): void;
  setSilent(person: string, silent: boolean): void;
  /** Forgets the sessions that are over. */
  refreshSessions(): void;
}

export function createTruth(deps: {
  readonly scenario: Scenario;
  readonly agenda: Agenda;
  readonly aws: SimulatedAws;
  readonly stores: MemoryStores;
}): KeptTruth {
  const { agenda, aws, scenario, stores } = deps;
  const setUp = scenario.endpoint;
  const sessions = createSessions(agenda, aws, setUp.silentMinutes, () => disturbedAt);
  const peek = () => stores.peek(setUp.id);
  const hold = (): Hold | null => holdInEffect(peek().record, agenda.date());
  const wishes = createWishes(agenda, () => peek().leases, hold);
  let disturbedAt = agenda.now();
  let changedAt = agenda.now();
  let onSince: number | null = null;
  /** Of the start that leads to the next association. */
  let startIntentAt: number | null = null;
  let startId: string | null = null;
  let shape = '';
  let shapeOf: readonly [readonly Association[], readonly Route[]] | null = null;
  let manualRoutes: readonly Route[] = [];
  let manualRoutesOf: readonly Route[] | null = null;

  function noteShape(): void {
    const associations = aws.associations.now();
    const routes = aws.routes.now();
    // The same lists as before, not only equal ones: nothing has been read anew since.
    if (shapeOf?.[0] === associations && shapeOf[1] === routes) return;
    shapeOf = [associations, routes];
    if (associations.length > 0) onSince ??= startIntentAt ?? agenda.now();
    else if (onSince !== null) {
      onSince = null;
      // A start that has lost an association, and tries for another, is still the same start.
      if (peek().record.intent.kind !== 'start') startIntentAt = null;
    }
    const now = [
      ...associations.map(({ id, status }) => `${id} ${status}`),
      ...routes.map((route) => `${routeKey(route)} ${route.status}`),
    ].join();
    if (now === shape) return;
    // A failure comes by itself, long after it was planned.
    if (now.includes('failed')) disturbedAt = agenda.now();
    shape = now;
    changedAt = agenda.now();
  }

  return {
    setUp,
    latestHours: latestHoursOf(setUp.offAt, scenario.startsAt),
    wishes,
    sessions,
    now: () => agenda.now(),
    associations: () => aws.associations.now(),
    manualRoutes() {
      const routes = aws.routes.now();
      if (routes !== manualRoutesOf) {
        manualRoutesOf = routes;
        manualRoutes = routes.filter(({ origin }) => origin === 'add-route');
      }
      return manualRoutes;
    },
    record: () => peek().record,
    storedLeases: () => peek().leases,
    hold,
    disturbedAt: () => disturbedAt,
    changedAt() {
      noteShape();
      return changedAt;
    },
    onSince() {
      noteShape();
      return onSince;
    },

    observe(step) {
      if (step.kind === 'world') noteShape();
      if (step.kind !== 'effect') return;
      if (step.error === null) wishes.observe(step);
      // AWS may take its time over it: what was asked for before an order is what the order is about.
      if (step.call.operation === 'associate') startIntentAt ??= step.call.requestedAt;
      const isNote = step.call.operation === 'note-attempt' && step.error === null;
      if (isNote && step.answer !== null) sessions.noted();
      if (step.call.service === 'ec2') noteShape();
      const intent = step.call.table?.intent;
      if (intent?.kind === 'start' && intent.id !== startId) {
        startId = intent.id;
        startIntentAt = agenda.now();
      }
    },
    disturb() {
      disturbedAt = agenda.now();
    },
    told: (lease) => {
      wishes.told(lease);
    },
    connected: (session) => {
      sessions.connected(session);
    },
    settingUp: (person, isSettingUp) => {
      sessions.settingUp(person, isSettingUp);
    },
    setSilent: (person, silent) => {
      sessions.setSilent(person, silent);
    },
    refreshSessions: () => {
      sessions.refresh();
    },
  };
}
