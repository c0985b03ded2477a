import type { AssociationId, SubnetId, VpcId } from './ids.ts';

export const associationStatuses = [
  'associating',
  'associated',
  'association-failed',
  'disassociating',
  'disassociated',
] as const;
/** `unknown` is a status newer than this code: it is waited for, never acted on. */
export type AssociationStatus = (typeof associationStatuses)[number] | 'unknown';

/** A target network of an endpoint. This is what AWS bills by the hour. */
export interface Association {
  readonly id: AssociationId;
  /** `null` for an association of a Transit Gateway, which the portal refuses to manage. */
  readonly subnetId: SubnetId | null;
  readonly vpcId: VpcId | null;
  readonly status: AssociationStatus;
  /** AWS's own sentence, such as the reason of a failure; may be empty. */
  readonly message: string;
}
