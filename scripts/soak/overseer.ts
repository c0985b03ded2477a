import type { Clock } from '../../src/clock.ts';
import type { RecordedCall } from '../local/ec2/ec2-stand-in.ts';
import { createCutOffCheck } from './checks/cut-off.ts';
import { createHonouredCheck } from './checks/honoured.ts';
import { createIdleCheck } from './checks/idle.ts';
import type { Journal } from './journal.ts';
import type { Laptops } from './laptops.ts';
import { minuteMs, nextHourUtc } from './moments.ts';
import type { Networks } from './networks.ts';
import type { PaceOfPlace } from './pace.ts';
import type { Pause } from './pause.ts';
import { createPromises } from './promises.ts';
import type { Promises } from './promises.ts';
import type { CalmRun } from './run.ts';
import type { Place } from './town.ts';

/** Holds the product to what it promises, endpoint by endpoint. */
export interface Overseer {
  promisesOf(place: Place): Promises;
  readonly pace: readonly PaceOfPlace[];
  /** A call to EC2 has had its effect. */
  afterCall(call: RecordedCall): void;
  /** Whatever has happened has happened. */
  afterStep(): void;
  /** A run of the schedule has ended in which AWS and the table have answered. */
  afterCalmRun(run: CalmRun): void;
}

/** The hour is the endpoint's; the clock of whoever asked may have been read a moment later. */
const latestHourSlackMs = minuteMs;

export function createOverseer(deps: {
  readonly places: readonly Place[];
  readonly clock: Clock;
  readonly networks: Networks;
  readonly laptops: Laptops;
  readonly journal: Journal;
  readonly pause: Pick<Pause, 'maybeUntil' | 'surelySince'>;
  readonly runBegan: () => number;
  readonly disturbedAt: () => number;
}): Overseer {
  const { clock, disturbedAt, journal, laptops, networks, places } = deps;

  const watches = places.map((place) => {
    const { latestHourUtc } = place;
    const latestEnd = (askedAt: number): number =>
      latestHourUtc === null ? Infinity : nextHourUtc(askedAt - latestHourSlackMs, latestHourUtc);
    const promises = createPromises(clock, latestEnd);
    return {
      place,
      promises,
      honoured: createHonouredCheck(place, promises, journal),
      idle: createIdleCheck({
        place,
        promises,
        laptops,
        journal,
        pausedUntil: () => deps.pause.maybeUntil(),
      }),
      cutOff: createCutOffCheck({
        place,
        promises,
        laptops,
        clock,
        journal,
        runBegan: deps.runBegan,
        pausedSince: () => deps.pause.surelySince(),
      }),
    };
  });

  const watchOf = (id: string): (typeof watches)[number] | undefined =>
    watches.find(({ place }) => place.id === id);

  return {
    promisesOf(place) {
      const watch = watchOf(place.id);
      if (watch === undefined) throw new Error(`${place.name} is not watched`);
      return watch.promises;
    },
    pace: watches.map(({ idle, place, promises }) => ({
      place,
      promises,
      idleDueAt: () => idle.dueAt(),
    })),
    afterCall(call) {
      const watch = watchOf(call.parameters['ClientVpnEndpointId'] ?? '');
      if (watch === undefined) return;
      const changes = !call.action.startsWith('Describe') && !call.action.startsWith('Export');
      if (changes) journal.note(`${call.action} of ${watch.place.name}: ${call.outcome}`);
      const before = networks.of(watch.place);
      if (changes) networks.refresh();
      watch.cutOff.afterCall(call, before, networks.of(watch.place));
    },
    afterStep() {
      networks.refresh();
      laptops.refresh();
      for (const { honoured, place } of watches) honoured.look(networks.of(place));
    },
    afterCalmRun(run) {
      networks.refresh();
      laptops.refresh();
      journal.count('runs that were answered throughout');
      for (const { honoured, idle, place } of watches) {
        honoured.afterCalmRun(run, networks.of(place), disturbedAt());
        idle.afterCalmRun(run, networks.of(place), disturbedAt());
      }
    },
  };
}
