import type { Association } from '../../../src/vpn/association.ts';
import { parseAssociationId } from '../../../src/vpn/ids.ts';
import type { AssociationId, SubnetId } from '../../../src/vpn/ids.ts';
import { randomOf } from '../../../test/simulation/random.ts';
import { minuteMs } from './office.ts';

/**
 * How long AWS takes, in minutes: the shortest, the usual, and the longest. Told by many who run it;
 * AWS itself promises nothing.
 */
export const associatingMinutes = { least: 5, usual: 7, most: 10 } as const;
export const disassociatingMinutes = { least: 2, usual: 3, most: 4 } as const;

/** What AWS charges an association for: from the accepted request to the end of its removal. */
export interface BilledPeriod {
  readonly from: number;
  readonly to: number;
}

/** The target networks of one endpoint, as simple as cost needs them: nothing ever fails. */
export interface Networks {
  list(): readonly Association[];
  /** Whether each of these is associated, so that people can connect. */
  carry(subnets: readonly SubnetId[]): boolean;
  associate(subnetId: SubnetId): void;
  /** As AWS does, this refuses one that is still associating: answers false, and changes nothing. */
  disassociate(id: AssociationId): boolean;
  /** Everything charged until now, what goes on included. */
  billed(): readonly BilledPeriod[];
}

interface Kept {
  readonly association: Association;
  readonly from: number;
}

/**
 * @param deps.after says what is to happen so many milliseconds later
 * @param deps.onSettled called when AWS has come to the end of something
 */
export function createNetworks(deps: {
  readonly seed: number;
  readonly now: () => number;
  readonly after: (milliseconds: number, act: () => void) => void;
  readonly onSettled: () => void;
}): Networks {
  const { after, now, onSettled, seed } = deps;
  const past: BilledPeriod[] = [];
  let present: Kept[] = [];
  let serial = 0;

  /** By the time of the request: whichever policy asks at that moment, AWS takes as long. */
  function durationMs(what: string, range: Range): number {
    const minutes = triangular(randomOf(`${seed} ${what} at ${now()}`).next(), range);
    return Math.round(minutes * minuteMs);
  }

  function change(id: AssociationId, status: Association['status']): void {
    present = present.map((kept) =>
      kept.association.id === id ? { ...kept, association: { ...kept.association, status } } : kept,
    );
  }

  function newId(): AssociationId {
    serial += 1;
    const id = parseAssociationId(`cvpn-assoc-${serial.toString(16).padStart(17, '0')}`);
    if (id === null) throw new Error('an id of the replay does not parse');
    return id;
  }

  return {
    list: () => present.map(({ association }) => association),

    carry: (subnets) =>
      subnets.every((subnetId) =>
        present.some(
          ({ association }) =>
            association.subnetId === subnetId && association.status === 'associated',
        ),
      ),

    associate(subnetId) {
      const id = newId();
      const association = {
        id,
        subnetId,
        vpcId: null,
        status: 'associating',
        message: '',
      } as const;
      present = [...present, { association, from: now() }];
      after(durationMs(`associating ${subnetId}`, associatingMinutes), () => {
        change(id, 'associated');
        onSettled();
      });
    },

    disassociate(id) {
      const kept = present.find(({ association }) => association.id === id);
      if (kept?.association.status !== 'associated') return false;
      change(id, 'disassociating');
      after(durationMs('disassociating', disassociatingMinutes), () => {
        present = present.filter(({ association }) => association.id !== id);
        past.push({ from: kept.from, to: now() });
        onSettled();
      });
      return true;
    },

    billed: () => [...past, ...present.map(({ from }) => ({ from, to: now() }))],
  };
}

interface Range {
  readonly least: number;
  readonly usual: number;
  readonly most: number;
}

/** From a number between 0 and 1 to one of a triangular distribution. */
function triangular(uniform: number, { least, most, usual }: Range): number {
  const width = most - least;
  const rising = (usual - least) / width;
  return uniform < rising
    ? least + Math.sqrt(uniform * width * (usual - least))
    : most - Math.sqrt((1 - uniform) * width * (most - usual));
}
