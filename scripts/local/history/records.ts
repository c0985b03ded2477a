import type { AuditEntry } from '../../../src/audit/audit-log.ts';
import { minutesAfter, secondsAfter, secondsBetween } from '../../../src/clock.ts';
import type { ConnectionRecord } from '../../../src/usage/connection-record.ts';
import type { EarlyEnding, LeaseRecord } from '../../../src/usage/lease-record.ts';
import type { ObservationGap, OnPeriod, Starter } from '../../../src/usage/on-period.ts';
import type { EndpointId, SubnetId } from '../../../src/vpn/ids.ts';
import { parseAssociationId, parseConnectionId } from '../../../src/vpn/ids.ts';
import { administrator } from './colleagues.ts';
import type { Session, Spell } from './plan.ts';
import type { Random } from './random.ts';

/** Of every request in the history. */
export const leaseMinutes = 240;
/** AWS lists what has ended for so long: whoever looks again by then misses none. */
const listedMinutes = 60;

/** A spell as the passes recorded it, each network on its own. */
export function periodsOf(
  spell: Spell,
  gap: ObservationGap,
  subnets: readonly SubnetId[],
  random: Random,
): readonly OnPeriod[] {
  return subnets.map((subnetId) => {
    const associationId = parseAssociationId(`cvpn-assoc-${random.hex(17)}`);
    if (associationId === null) throw new Error('a made-up association id does not parse');
    const gone = secondsAfter(spell.to, random.whole(0, 120));
    const isUnseen = gone > gap.from && gone < gap.to;
    const to = isUnseen ? gap.from : gone;
    return {
      endpointId: gap.endpointId,
      associationId,
      subnetId,
      from: spell.from,
      to,
      seenAt: isUnseen ? gap.to : to,
      startedBy: starterOf(spell),
      endedBecause: spell.endedBecause,
      unobservedSince: null,
      unobservedUntil: isUnseen ? gap.to : null,
    };
  });
}

function starterOf({ sessions, startedBy }: Spell): Starter {
  if (startedBy === 'outside') return { kind: 'outside' };
  const { id, name } = startedBy === 'person' ? (sessions[0]?.who ?? administrator) : administrator;
  return { kind: startedBy, id, name };
}

/** `null` for one that nobody saw: it began and ended while no pass was made. */
export function connectionOf(
  { from, to, who }: Session,
  spell: Spell,
  gap: ObservationGap,
  random: Random,
): ConnectionRecord | null {
  const connectionId = parseConnectionId(`cvpn-connection-${random.hex(17)}`);
  if (connectionId === null) throw new Error('a made-up connection id does not parse');
  const isForgotten = to > gap.from && minutesAfter(to, listedMinutes) < gap.to;
  if (isForgotten && from >= gap.from) return null;
  const end = isForgotten ? gap.from : to;
  const isCutOff = spell.endedBecause === 'requested' && secondsBetween(to, spell.to) < 600;
  const megabytesAMinute = 0.05 + random.next() ** 4 * 12;
  const egressBytes = Math.round((megabytesAMinute * 1e6 * secondsBetween(from, to)) / 60);
  return {
    endpointId: gap.endpointId,
    connectionId,
    person: who.name,
    from,
    to: end,
    seenAt: end,
    ingressBytes: Math.round(egressBytes * (0.05 + random.next() * 0.2)),
    egressBytes,
    clientAddress: `10.250.${addressBlock(gap.endpointId)}.${random.whole(2, 220)}`,
    status: 'terminated',
    ending: isForgotten ? 'not-observed' : isCutOff ? 'with-the-stop' : 'by-client',
  };
}

/** In the client CIDR range of the sample endpoint. */
function addressBlock(endpointId: EndpointId): number {
  return endpointId.endsWith('2') ? 4 : 0;
}

/** The leases that an endpoint's entries tell of: asked for, extended, and ended before their time. */
export function leasesOf(entries: readonly AuditEntry[]): readonly LeaseRecord[] {
  const ended: LeaseRecord[] = [];
  const held = new Map<string, LeaseRecord>();
  const end = (lease: LeaseRecord, at: Date, ending: EarlyEnding): void => {
    held.delete(lease.personId);
    ended.push(lease.until > at ? { ...lease, to: at, seenAt: at, ending } : lease);
  };
  for (const { action, actor, at, endpointId, outcome } of entries.toSorted(byTime)) {
    const own = held.get(actor.id);
    if (action === 'stop') for (const lease of held.values()) end(lease, at, 'stopped');
    if (action === 'release-lease' && own !== undefined) end(own, at, 'given-back');
    if (action !== 'request-lease' || outcome !== 'confirmed' || endpointId === null) continue;
    const asked = { until: minutesAfter(at, leaseMinutes), seenAt: at };
    if (own !== undefined && own.until > at) {
      held.set(actor.id, { ...own, ...asked });
      continue;
    }
    if (own !== undefined) ended.push(own);
    const rest = { untilLatestHour: false, to: null, ending: null };
    const { id: personId, name: person } = actor;
    held.set(personId, { endpointId, personId, person, from: at, ...asked, ...rest });
  }
  return [...ended, ...held.values()];
}

function byTime(a: { readonly at: Date }, b: { readonly at: Date }): number {
  return a.at.getTime() - b.at.getTime();
}
