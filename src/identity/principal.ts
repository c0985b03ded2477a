/** Who is asking, as the identity provider vouches for it. */
export interface Principal {
  /** Stable and unique: the `sub` claim. Never shown. */
  readonly id: string;
  /** What people recognise each other by: the e-mail address, else the user name. */
  readonly name: string;
  /** Group ids, as configured in the endpoints' tags and in the portal's settings. */
  readonly groups: readonly string[];
  readonly capabilities: ReadonlySet<Capability>;
  /** The address that the load balancer was asked from, for the audit; absent where unknown. */
  readonly address?: string;
}

/** Who did something, in the form that is kept. */
export interface Actor {
  readonly id: string;
  readonly name: string;
}

export function actorOf({ id, name }: Principal): Actor {
  return { id, name };
}

/**
 * What somebody may do. Code asks for a capability, never for a role.
 *
 * - `endpoint:use`: request and release a lease, for the endpoints of one's groups.
 * - `endpoint:see-all`: see every managed endpoint, whatever its groups, and who is connected.
 * - `endpoint:hold`: keep an endpoint on or off until a time.
 * - `endpoint:stop`: stop an endpoint now.
 * - `connection:terminate`: end a connection.
 * - `schedule:pause`: pause the stopping of everything, end the pause, and enable the schedule's rule.
 * - `usage:read`: see everybody's use, and what it costs.
 * - `audit:read`: see who has done what.
 */
export type Capability =
  | 'endpoint:use'
  | 'endpoint:see-all'
  | 'endpoint:hold'
  | 'endpoint:stop'
  | 'connection:terminate'
  | 'schedule:pause'
  | 'usage:read'
  | 'audit:read';

export function can(principal: Principal, capability: Capability): boolean {
  return principal.capabilities.has(capability);
}

const administrator: ReadonlySet<Capability> = new Set([
  'endpoint:use',
  'endpoint:see-all',
  'endpoint:hold',
  'endpoint:stop',
  'connection:terminate',
  'schedule:pause',
  'usage:read',
  'audit:read',
]);

const auditor: ReadonlySet<Capability> = new Set(['endpoint:see-all', 'usage:read', 'audit:read']);

/** The groups that give more, or less, than everyone who is signed in has. */
export interface GroupRoles {
  readonly adminGroups: readonly string[];
  readonly auditorGroups: readonly string[];
}

/**
 * Everyone who is signed in may use the endpoints of their groups. Administrators see all of them
 * too. Auditors see everything and change nothing, unless they are administrators as well.
 */
export function capabilitiesOf(
  groups: readonly string[],
  roles: GroupRoles,
): ReadonlySet<Capability> {
  const isIn = (some: readonly string[]): boolean => groups.some((group) => some.includes(group));
  if (isIn(roles.adminGroups)) return administrator;
  if (isIn(roles.auditorGroups)) return auditor;
  return new Set(['endpoint:use']);
}

/** Whether an endpoint with these groups (`null`: everyone) exists for this person at all. */
export function maySee(principal: Principal, groups: readonly string[] | null): boolean {
  return can(principal, 'endpoint:see-all') || isMember(principal, groups);
}

/** Whether this person may request leases of an endpoint with these groups. */
export function mayUse(principal: Principal, groups: readonly string[] | null): boolean {
  return (
    can(principal, 'endpoint:use') &&
    (can(principal, 'endpoint:see-all') || isMember(principal, groups))
  );
}

function isMember(principal: Principal, groups: readonly string[] | null): boolean {
  return groups === null || groups.some((group) => principal.groups.includes(group));
}
