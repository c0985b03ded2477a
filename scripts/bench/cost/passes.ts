import type { EndpointRecord } from '../../../src/lease/endpoint-record.ts';
import { newEndpointRecord } from '../../../src/lease/endpoint-record.ts';
import { holdInEffect } from '../../../src/lease/hold.ts';
import type { Lease } from '../../../src/lease/lease.ts';
import type { ReasonCode } from '../../../src/lease/reason.ts';
import { decide } from '../../../src/reconcile/decide.ts';
import type { Decision } from '../../../src/reconcile/decision.ts';
import { findingsOf } from '../../../src/reconcile/findings.ts';
import { notPaused } from '../../../src/reconcile/pausing.ts';
import type { Connection } from '../../../src/vpn/connection.ts';
import type { Endpoint } from '../../../src/vpn/endpoint.ts';
import { parseEndpointId } from '../../../src/vpn/ids.ts';
import type { EndpointId } from '../../../src/vpn/ids.ts';
import { nextLatestHour } from '../../../src/vpn/latest-hour.ts';
import type { Agenda } from '../../../test/simulation/agenda.ts';
import type { Networks } from './networks.ts';
import { dayMs, minuteMs } from './office.ts';
import type { CostPolicy, TimedHold } from './policies.ts';

/**
 * The portal and its schedule for one endpoint: the decisions are the product's own, and so is what
 * the record keeps of them. The schedule comes every minute; the minutes at which it could not
 * decide anything new are left out.
 */
export interface Passes {
  /** Somebody asks for the endpoint. False where an administrator's hold refuses it. */
  request(person: string, leaseMinutes: number): boolean;
  setHold(hold: TimedHold): void;
  /** A portal's look, as when somebody has the page open. */
  lookNow(): void;
  /** Something has changed, and the schedule is the first to see it. */
  lookNextMinute(): void;
}

export interface PassesDependencies {
  readonly agenda: Agenda;
  readonly networks: Networks;
  readonly costPolicy: CostPolicy;
  /** As AWS lists them: those that have ended are there for an hour. */
  readonly connections: () => readonly Connection[];
  /** AWS ends every connection when the last network goes. */
  readonly onCutOff: () => void;
  /** Leaves no minute out, which must change nothing but the time that it takes. */
  readonly everyMinute: boolean;
}

/** The store tidies leases away; one that ended longer ago than any grace decides nothing more. */
const keptAfterEndMs = dayMs;
/** People come and go at whole minutes; the schedule comes a little after, and sees them. */
const afterTheMinuteMs = 1_000;
const by = { id: 'office', name: 'Office' };

export function createPasses(deps: PassesDependencies): Passes {
  const { agenda, networks } = deps;
  const { hasSchedule, policy } = deps.costPolicy;
  const endpoint = endpointOf();
  const leases = new Map<string, Lease>();
  let record = newEndpointRecord(endpoint.id);
  let plannedFor = Infinity;
  let latestHourAt = -Infinity;
  let serial = 0;

  function pass(mayDisassociate: boolean): void {
    const now = new Date(agenda.now());
    serial += 1;
    const observation = {
      complete: true,
      at: now,
      endpoint,
      associations: networks.list(),
      routes: [],
      connections: deps.connections(),
    } as const;
    const decision = decide({
      now,
      policy: { ok: true, policy },
      record,
      leases: [...leases.values()],
      observation,
      subnetProblems: [],
      mayDisassociate,
      pausing: notPaused,
      newStartId: `start-${serial}`,
    });
    const { nextPassAt, ...findings } = findingsOf({
      now,
      record,
      observation,
      decision,
      intent: decision.intent,
      subnetCheck: null,
      rulesCheck: null,
      terminations: [],
      usage: record.usage,
      silentMinutes: policy.silentMinutes,
      report: { reported: null, events: [] },
    });
    record = { ...record, ...findings, schedule: { ...record.schedule, nextPassAt } };
    act(decision);
    const wake = deps.everyMinute ? agenda.now() : nextNews(decision, now);
    if (wake !== null) planFor(wake);
  }

  function act({ action }: Decision): void {
    switch (action.kind) {
      case 'nothing':
        return;
      case 'associate':
        for (const subnetId of action.subnets) networks.associate(subnetId);
        return;
      case 'restore-routes':
        throw new Error('there are no routes in this life');
      case 'disassociate': {
        const refused = action.associations.filter((id) => !networks.disassociate(id));
        if (refused.length > 0) planFor(agenda.now());
        if (!networks.list().some(({ status }) => status === 'associated')) deps.onCutOff();
      }
    }
  }

  /** When time alone could lead to another decision; `null` where only an event can. */
  function nextNews(decision: Decision, now: Date): number | null {
    const times = [ownNews(decision, now)];
    const silent = policy.silentMinutes;
    if (silent !== null) {
      for (const { movedAt } of record.traffic) times.push(movedAt.getTime() + silent * minuteMs);
    }
    if (policy.latestHour !== null) {
      // Worked out once a day: a calendar is slow.
      if (latestHourAt <= now.getTime()) {
        latestHourAt = nextLatestHour(policy.latestHour, now).getTime();
      }
      times.push(latestHourAt);
    }
    const ahead = times.filter((time) => time !== null).filter((time) => time > now.getTime());
    return ahead.length === 0 ? null : Math.min(...ahead);
  }

  /** The first time that the schedule comes at `time` or after; at this moment it has come already. */
  function planFor(time: number): void {
    const earliest = Math.max(agenda.now() + 1, time);
    const at = Math.ceil((earliest - afterTheMinuteMs) / minuteMs) * minuteMs + afterTheMinuteMs;
    if (at >= plannedFor) return;
    plannedFor = at;
    agenda.at(at, () => {
      // A nearer one has taken its place, and has planned what comes after it.
      if (plannedFor !== at) return;
      plannedFor = Infinity;
      pass(hasSchedule);
    });
  }

  return {
    request(person, leaseMinutes) {
      const now = new Date(agenda.now());
      if (holdInEffect(record, now)?.kind === 'off') return false;
      for (const [holder, { until }] of leases) {
        if (until.getTime() + keptAfterEndMs <= now.getTime()) leases.delete(holder);
      }
      const before = leases.get(person);
      const until = leaseEnd(leaseMinutes, now);
      const held = before !== undefined && before.until > until ? before.until : until;
      leases.set(person, {
        endpointId: endpoint.id,
        personId: person,
        personName: person,
        requestedAt: now,
        askedAt: now,
        until: held,
      });
      noted({ lastRequestAt: now });
      pass(false);
      return true;
    },

    setHold({ at, kind, until }) {
      const hold = { kind, until: new Date(until), reason: 'the clock', by, at: new Date(at) };
      noted({ hold });
      pass(false);
      // What it ends, the schedule alone may take away.
      planFor(agenda.now());
    },

    lookNow: () => {
      pass(false);
    },
    lookNextMinute: () => {
      planFor(agenda.now());
    },
  };

  function noted(change: Partial<EndpointRecord>): void {
    record = { ...record, ...change, revision: record.revision + 1 };
  }

  /** As the portal grants them. */
  function leaseEnd(minutes: number, now: Date): Date {
    const until = now.getTime() + minutes * minuteMs;
    if (policy.latestHour === null) return new Date(until);
    return new Date(Math.min(until, nextLatestHour(policy.latestHour, now).getTime()));
  }
}

/** Where AWS is at it, its end is an event; and without a schedule what is overdue stays so. */
const endedByEvents: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'nobody-needs-it',
  'connected',
  'associating',
  'waiting-for-the-stop',
  'disassociating',
  'idle',
  'latest-hour',
  'stop-overdue',
]);

/** What the reason itself says of when it ends. */
function ownNews({ lookAgainAt, reason }: Decision, now: Date): number | null {
  if (endedByEvents.has(reason.code)) return null;
  if ('until' in reason) return reason.until.getTime();
  // What is due at once for the schedule, the portal leaves to it.
  if ('stopAt' in reason) return Math.max(reason.stopAt.getTime(), now.getTime() + 1);
  return lookAgainAt.getTime();
}

function endpointOf(): Endpoint & { readonly id: EndpointId } {
  const id = parseEndpointId('cvpn-endpoint-00000000000000001');
  if (id === null) throw new Error('an id of the replay does not parse');
  return {
    id,
    status: 'available',
    description: 'Office',
    authentication: ['federated'],
    clientCidr: '10.250.0.0/22',
    splitTunnel: true,
    vpcId: null,
    transitGateway: false,
    tags: new Map(),
  };
}
