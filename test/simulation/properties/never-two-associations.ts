import type { NewProperty } from './property.ts';
import { minuteMs } from './property.ts';

/** Source: AWS Client VPN Administrator Guide, "Client VPN quotas". */
const mostOperations = 10;
const operations: ReadonlySet<string> = new Set(['associate', 'disassociate', 'create-route']);
/** The slowest route is made within this time. */
const calmMs = 30 * minuteMs;

interface Made {
  readonly associationId: string;
  readonly clientToken: string;
}

/**
 * 6. Never two associations for one subnet, never more than AWS's concurrent operations.
 *
 * In detail:
 *
 * - AWS never has two associations of one subnet, whoever asked for them.
 * - It does not rest on AWS's refusing a second one: while an association that the portal has asked
 *   for is there, every further request for its subnet carries the client token of the first, and is
 *   thus the same request. Requests for a subnet that somebody else has associated are refused by
 *   AWS, and by nothing else.
 * - No pass asks for more operations than AWS allows beyond those on their way as AWS has told it.
 * - As long as nothing goes wrong, and nobody is at work in the console, AWS never has to refuse one
 *   for being too many.
 */
export const neverTwoAssociations: NewProperty = ({ trails, truth, violated }) => {
  const made = new Map<string, Made>();

  return {
    name: '6: never two associations',
    observe(step) {
      if (step.kind === 'requested' && operations.has(step.call.operation)) {
        const trail = trails.of(step.call.process);
        if (trail === null) return;
        trail.changesAsked += 1;
        if (trail.inProgress + trail.changesAsked > mostOperations) {
          violated(
            `${trail.changesAsked} operations are asked for while ${trail.inProgress} are on their way`,
          );
        }
        return;
      }
      if (step.kind !== 'before' && step.kind !== 'effect') return;
      const { ec2, fault } = step.call;
      if (
        step.kind === 'effect' &&
        fault === 'none' &&
        step.error instanceof Error &&
        step.error.name === 'ConcurrentMutationLimitExceeded' &&
        truth.disturbedAt() < truth.now() - calmMs
      ) {
        violated('AWS is asked for more operations than it takes at a time');
      }
      if (ec2?.operation !== 'associate' || ec2.subnetId === undefined) return;
      const { clientToken = '', subnetId } = ec2;
      const there = truth
        .associations()
        .filter((each) => each.subnetId === subnetId && each.status !== 'disassociated');
      if (there.length > 1) violated(`two associations of ${subnetId}`);
      const [association] = there;
      const first = made.get(subnetId);
      if (step.kind === 'before') {
        if (
          association !== undefined &&
          (association.status === 'associating' || association.status === 'associated') &&
          first?.associationId === association.id &&
          first.clientToken !== clientToken
        ) {
          violated(`${subnetId} is asked for a second time, under another client token`);
        }
      } else if (step.error === null && association !== undefined) {
        if (first?.associationId !== association.id) {
          made.set(subnetId, { associationId: association.id, clientToken });
        }
      }
    },
  };
};
