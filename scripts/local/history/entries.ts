import { detailText } from '../../../src/audit/audit-detail.ts';
import type { AuditAction, AuditEntry } from '../../../src/audit/audit-log.ts';
import type { Actor } from '../../../src/identity/principal.ts';
import { minutesAfter, secondsAfter } from '../../../src/clock.ts';
import type { EndpointId } from '../../../src/vpn/ids.ts';
import { administrator } from './colleagues.ts';
import type { Spell } from './plan.ts';
import { leaseMinutes } from './records.ts';
import type { Random } from './random.ts';

const schedule: Actor = { id: 'schedule', name: 'schedule' };
const portal: Actor = { id: 'portal', name: 'portal' };

/** Who did what because of a spell, in no order. */
export function entriesOf(
  spell: Spell,
  endpointId: EndpointId,
  random: Random,
): readonly AuditEntry[] {
  const entry = (
    at: Date,
    actor: Actor,
    action: AuditAction,
    rest: Pick<AuditEntry, 'detail' | 'outcome'>,
  ): AuditEntry => {
    const isOurs = actor === schedule || actor === portal;
    return {
      at,
      actor: { id: actor.id, name: actor.name },
      address: isOurs ? null : `203.0.113.${(actor.name.length * 7) % 250}`,
      action,
      endpointId,
      requestIds: isOurs ? [requestId(random)] : [],
      ...rest,
    };
  };
  const entries: AuditEntry[] = [];
  const asked = secondsAfter(spell.from, -random.whole(1, 4));
  if (spell.startedBy === 'administrator') {
    const why = 'Release week, people work late';
    const detail = detailText({ kind: 'hold', hold: 'on', until: spell.to, why });
    entries.push(entry(asked, administrator, 'hold', { detail, outcome: 'recorded' }));
  }
  if (spell.startedBy !== 'outside') {
    const rest = { detail: 'lease-held', outcome: 'done' };
    entries.push(entry(secondsAfter(asked, 1), portal, 'associate', rest));
  }
  const known = new Set<string>();
  for (const { from, to, who } of spell.sessions) {
    // Who finds it on already mostly just connects.
    const isFirst = known.size === 0 && spell.startedBy === 'person';
    if (known.has(who.id) || !(isFirst || random.chance(0.1))) continue;
    known.add(who.id);
    const at = isFirst ? asked : minutesAfter(from, -2);
    const isRefused = !isFirst && random.chance(0.03);
    entries.push(
      entry(at, who, 'request-lease', {
        detail: isRefused
          ? detailText({ kind: 'minutes', minutes: 600 })
          : detailText({ kind: 'until', until: minutesAfter(at, leaseMinutes) }),
        outcome: isRefused ? 'minutes-not-offered' : 'confirmed',
      }),
    );
    if (random.chance(0.1)) {
      const done = { detail: '', outcome: 'released' };
      entries.push(entry(minutesAfter(to, -1), who, 'release-lease', done));
    }
    if (random.chance(0.06)) {
      const done = { detail: '', outcome: 'done' };
      entries.push(entry(secondsAfter(from, -40), who, 'download-configuration', done));
    }
    if (random.chance(0.02)) {
      const refused = { detail: 'GET /admin', outcome: 'not-permitted' };
      entries.push({
        ...entry(minutesAfter(from, 9), who, 'open-page', refused),
        endpointId: null,
      });
    }
  }
  if (spell.endedBecause === 'requested') {
    const at = minutesAfter(spell.to, -5);
    const recorded = { detail: '', outcome: 'recorded' };
    entries.push(entry(at, administrator, 'stop', recorded));
  }
  const reason =
    spell.endedBecause === 'requested' ? 'stopped-by-an-administrator' : spell.endedBecause;
  const done = { detail: reason, outcome: 'done' };
  entries.push(entry(minutesAfter(spell.to, -4), schedule, 'disassociate', done));
  return entries;
}

/** As AWS makes them. */
function requestId(random: Random): string {
  return [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join('-');
}
