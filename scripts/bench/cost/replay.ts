import { createAgenda } from '../../../test/simulation/agenda.ts';
import { createNetworks } from './networks.ts';
import type { BilledPeriod } from './networks.ts';
import type { OfficeLife } from './office.ts';
import { createPasses } from './passes.ts';
import { createPeople } from './people.ts';
import type { Waiting } from './people.ts';
import type { CostPolicy } from './policies.ts';

/** What one policy makes of one life. */
export interface Outcome {
  readonly associations: readonly BilledPeriod[];
  /** How long each connection lasted, in milliseconds. */
  readonly connectionsMs: readonly number[];
  readonly waiting: Waiting;
}

export interface ReplayOptions {
  /** Of AWS's own moods; the life has its own. */
  readonly seed: number;
  readonly patienceMinutes: number;
  readonly everyMinute?: boolean;
}

/** Lives a life once more, under a policy. The same arguments give the same outcome. */
export function replay(
  life: OfficeLife,
  costPolicy: CostPolicy,
  { everyMinute = false, patienceMinutes, seed }: ReplayOptions,
): Outcome {
  const agenda = createAgenda(life.from);
  const networks = createNetworks({
    seed,
    now: () => agenda.now(),
    after: (milliseconds, act) => {
      agenda.after(milliseconds, act);
    },
    onSettled: () => {
      const watched = people.anybodyWaits();
      people.tryAgain();
      if (watched) passes.lookNow();
      passes.lookNextMinute();
    },
  });
  const people = createPeople({
    agenda,
    patienceMinutes,
    canConnect: () => networks.carry(costPolicy.policy.subnets),
    request: (person, leaseMinutes) => passes.request(person, leaseMinutes),
    onChange: () => {
      passes.lookNextMinute();
    },
  });
  const passes = createPasses({
    agenda,
    networks,
    costPolicy,
    everyMinute,
    connections: () => people.connections(),
    onCutOff: () => {
      people.cutOff();
    },
  });

  for (const hold of costPolicy.holds(life.from, life.until)) {
    agenda.at(hold.at, () => {
      passes.setHold(hold);
    });
  }
  for (const need of life.needs) {
    const { askedAt, at, leaseMinutes, person } = need;
    if (askedAt !== null) agenda.at(askedAt, () => passes.request(person, leaseMinutes));
    agenda.at(at, () => {
      people.comes(need);
    });
  }
  // Something happens at the end, so that what is still on is charged until then.
  agenda.at(life.until, () => undefined);
  for (let act = agenda.next(life.until); act !== null; act = agenda.next(life.until)) act();
  return {
    associations: networks.billed(),
    connectionsMs: people.connectedMs(),
    waiting: people.waiting(),
  };
}
