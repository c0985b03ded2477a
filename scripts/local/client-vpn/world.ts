import { z } from 'zod';

/**
 * Everything the simulated Client VPN knows, as plain JSON: it can be written to a file and read
 * back. Instants are epoch milliseconds. What a thing is in the middle of carries the instant at
 * which that ends, so no timer is needed: the world is settled whenever somebody looks at it.
 */
const instant = z.number();

const vpc = z.object({
  id: z.string(),
  cidr: z.string(),
  defaultSecurityGroupId: z.string(),
});

const subnet = z.object({
  id: z.string(),
  vpcId: z.string(),
  cidr: z.string(),
  availabilityZone: z.string(),
  availabilityZoneId: z.string(),
  availableAddresses: z.number(),
  tenancy: z.enum(['default', 'dedicated']),
  ownerId: z.string(),
  tags: z.record(z.string(), z.string()),
});

const endpoint = z.object({
  id: z.string(),
  description: z.string(),
  createdAt: instant,
  tags: z.record(z.string(), z.string()),
  authentication: z.array(z.enum(['federated', 'certificate', 'directory-service'])),
  clientCidr: z.string().nullable(),
  splitTunnel: z.boolean(),
  transportProtocol: z.enum(['udp', 'tcp']),
  vpnPort: z.number(),
  dnsServers: z.array(z.string()),
  /** As chosen when it was made; `null` lets the first association decide. */
  vpcId: z.string().nullable(),
  securityGroupIds: z.array(z.string()),
  selfServicePortalUrl: z.string().nullable(),
  sessionTimeoutHours: z.number(),
  transitGateway: z
    .object({
      transitGatewayId: z.string(),
      attachmentId: z.string(),
      availabilityZones: z.array(z.string()),
    })
    .nullable(),
  /** Whether the exported file already has what federated sign-in needs. */
  exportsFederationLines: z.boolean(),
  /** Made at the first export, then kept: the same endpoint always hands out the same file. */
  certificatePem: z.string().nullable(),
  /** How many connections it has ever had; the client addresses are dealt in this order. */
  connectionsEver: z.number(),
});

const association = z.object({
  id: z.string(),
  endpointId: z.string(),
  /** `null` for the association of a Transit Gateway. */
  subnetId: z.string().nullable(),
  vpcId: z.string().nullable(),
  availabilityZone: z.string(),
  availabilityZoneId: z.string(),
  securityGroupIds: z.array(z.string()),
  state: z.discriminatedUnion('status', [
    z.object({
      status: z.literal('associating'),
      settlesAt: instant,
      /** The sentence it will fail with, or `null` where it will succeed. */
      failure: z.string().nullable(),
    }),
    z.object({ status: z.literal('associated') }),
    z.object({ status: z.literal('association-failed'), message: z.string() }),
    z.object({ status: z.literal('disassociating'), settlesAt: instant }),
  ]),
});

const route = z.object({
  endpointId: z.string(),
  destinationCidr: z.string(),
  subnetId: z.string(),
  origin: z.enum(['associate', 'add-route']),
  description: z.string(),
  state: z.discriminatedUnion('status', [
    z.object({ status: z.literal('creating'), settlesAt: instant }),
    z.object({ status: z.literal('active') }),
    z.object({
      status: z.literal('deleting'),
      settlesAt: instant,
      /** `false` where it goes with its network: that is part of the disassociation. */
      isOperation: z.boolean(),
    }),
  ]),
});

const authorizationRule = z.object({
  endpointId: z.string(),
  destinationCidr: z.string(),
  /** Empty where everybody is let in. */
  groupId: z.string(),
  description: z.string(),
});

const connection = z.object({
  id: z.string(),
  endpointId: z.string(),
  username: z.string(),
  clientIp: z.string(),
  /** Connected, but nothing is sent or received since then; `null` while something is. */
  silentSince: instant.nullable().default(null),
  /** How long it was silent before that, in milliseconds. */
  silentMs: z.number().default(0),
  establishedAt: instant,
  state: z.discriminatedUnion('status', [
    z.object({ status: z.literal('active') }),
    z.object({ status: z.literal('terminating'), settlesAt: instant }),
    z.object({ status: z.literal('terminated'), endedAt: instant }),
  ]),
});

const replay = z.object({
  operation: z.string(),
  clientToken: z.string(),
  parameters: z.string(),
  answer: z.object({
    associationId: z.string().nullable(),
    status: z.string(),
  }),
});

const worldSchema = z.object({
  version: z.literal(1),
  region: z.string(),
  accountId: z.string(),
  seed: z.number(),
  /** The number of ids given out so far. */
  serial: z.number(),
  vpcs: z.array(vpc),
  subnets: z.array(subnet),
  endpoints: z.array(endpoint),
  associations: z.array(association),
  routes: z.array(route),
  authorizationRules: z.array(authorizationRule),
  connections: z.array(connection),
  replays: z.array(replay),
  plannedFailures: z.array(
    z.object({ subnetId: z.string(), message: z.string(), times: z.number() }),
  ),
  plannedDelays: z.array(z.object({ subnetId: z.string(), seconds: z.number() })),
  bill: z.object({
    associations: z.array(
      z.object({
        endpointId: z.string(),
        subnetId: z.string().nullable(),
        associationId: z.string(),
        from: instant,
        to: instant.nullable(),
      }),
    ),
    connections: z.array(
      z.object({
        endpointId: z.string(),
        connectionId: z.string(),
        username: z.string(),
        from: instant,
        to: instant.nullable(),
      }),
    ),
  }),
});

export type World = z.infer<typeof worldSchema>;
export type SubnetState = World['subnets'][number];
export type EndpointState = World['endpoints'][number];
export type AssociationState = World['associations'][number];
export type RouteState = World['routes'][number];
export type ConnectionState = World['connections'][number];

export function emptyWorld(place: { region: string; accountId: string; seed: number }): World {
  return {
    version: 1,
    ...place,
    serial: 0,
    vpcs: [],
    subnets: [],
    endpoints: [],
    associations: [],
    routes: [],
    authorizationRules: [],
    connections: [],
    replays: [],
    plannedFailures: [],
    plannedDelays: [],
    bill: { associations: [], connections: [] },
  };
}

/** Reads a world back; throws with a sentence that says what is wrong with it. */
export function restoreWorld(saved: unknown): World {
  const parsed = worldSchema.safeParse(saved);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'the top' : issue.path.join('.');
  throw new Error(
    `The saved state of the simulated Client VPN cannot be used: at ${place}, ${issue?.message ?? 'unknown'}. Delete it to begin with a new one.`,
    { cause: parsed.error },
  );
}
