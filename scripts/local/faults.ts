/** The stand-ins that can be told to fail. */
export const faultyServices = [
  'ec2',
  'events',
  'dynamodb',
  'elasticloadbalancing',
  'cognito-idp',
  'acm',
  'iam',
  'cloudformation',
] as const;
export type FaultyService = (typeof faultyServices)[number];

/**
 * How one call to a stand-in goes wrong.
 *
 * - `code` is AWS's error code, answered with `status` in the protocol of the service. Two codes
 *   are no answer at all: `ConnectionReset` closes the socket, `Timeout` never answers. With
 *   `FailedEntries`, PutEvents succeeds, and refuses every other entry, beginning with the first.
 * - `effect` says whether the call still does its work first (`'after'`: the change is made, the
 *   answer is lost) or not (`'before'`, the default).
 */
export interface Fault {
  readonly service: FaultyService;
  /** The operation, such as `AssociateClientVpnTargetNetwork`, or `*` for each of the service. */
  readonly action: string;
  readonly code: string;
  readonly status: number;
  /** How many calls fail before the service works again. */
  readonly times: number;
  readonly effect: 'before' | 'after';
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault for this call, counted down; `undefined` where the call shall succeed. */
  take(service: FaultyService, action: string): Fault | undefined;
  /** What is still to come, with the calls left. */
  pending(): readonly Fault[];
}

export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add(fault) {
      faults.push(fault);
    },
    clear() {
      faults = [];
    },
    take(service, action) {
      const fault = faults.find(
        (candidate) =>
          candidate.service === service &&
          (candidate.action === action || candidate.action === '*'),
      );
      if (fault === undefined) return undefined;
      faults = faults
        .map((other) => (other === fault ? { ...other, times: other.times - 1 } : other))
        .filter((other) => other.times > 0);
      return fault;
    },
    pending: () => faults,
  };
}
