/*
 * Every metric there is. What is written, the alarms, the dashboard and docs/metrics.md have their
 * names from here: an alarm on a metric that nothing writes would never go off, and nobody would
 * notice.
 */

/** Unless the deployment says otherwise. */
export const metricNamespace = 'ClientVpnOnDemand';

/** What a metric may be told apart by. Each of its values is a metric of its own, and is paid for. */
export type MetricDimension = 'EndpointId' | 'Cause' | 'Code' | 'Reason';

export interface MetricDefinition {
  /** As CloudWatch spells it; it knows no hours. */
  readonly unit: 'Count' | 'Seconds' | 'None';
  /** Written without it as well, so that one alarm looks at all of them. */
  readonly dimension: MetricDimension | null;
}

export const metrics = {
  /** Passes that were recorded, the portal's and the schedule's. */
  Passes: { unit: 'Count', dimension: null },
  /** Starts that somebody's wish has begun. */
  Starts: { unit: 'Count', dimension: 'EndpointId' },
  /** From the beginning of such a start until the endpoint could be used, with all its routes. */
  TimeToReady: { unit: 'Seconds', dimension: 'EndpointId' },
  /** Starts, or the restoring of their routes, that a bounded number of tries has not brought about. */
  StartFailures: { unit: 'Count', dimension: 'EndpointId' },
  /** Stops that were begun. */
  Stops: { unit: 'Count', dimension: 'Cause' },
  /** What AWS charges for: the hours of every association, each since the reading before. */
  NetworkHours: { unit: 'None', dimension: 'EndpointId' },
  /** How long the oldest association has lasted without a break, in hours. */
  HoursOn: { unit: 'None', dimension: 'EndpointId' },
  /** 1 for an endpoint that needs attention. */
  NeedsAttention: { unit: 'Count', dimension: 'EndpointId' },
  /** Calls of the EC2 API that failed after all the SDK's retries. */
  AwsErrors: { unit: 'Count', dimension: 'Code' },
  /** Clients that the connect handler has let in, and those that it has not. */
  ClientsLetIn: { unit: 'Count', dimension: null },
  ClientsDenied: { unit: 'Count', dimension: 'Reason' },
  /** Of both, those whom the setting for what cannot be told has let in, or kept out. */
  ClientsUnjudged: { unit: 'Count', dimension: 'Reason' },
  /** In one run of the schedule, as are the next two. */
  EndpointsPassed: { unit: 'Count', dimension: null },
  EndpointsFailed: { unit: 'Count', dimension: null },
  RunSeconds: { unit: 'Seconds', dimension: null },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof metrics;

/** The values of `Cause`. */
export const stopCauses = ['idle', 'held-off', 'requested', 'latest-hour'] as const;

/**
 * The values of `Code`, and `other` for what AWS may come up with besides: a name that somebody else
 * chooses must not make metrics without end.
 */
export const awsErrorCodes = [
  'AbortError',
  'AccessDenied',
  'AuthFailure',
  'ClientVpnRouteLimitExceeded',
  'ConcurrentMutationLimitExceeded',
  'CredentialsProviderError',
  'ExpiredToken',
  'IncorrectState',
  'InternalError',
  'InvalidClientTokenId',
  'InvalidClientVpnActiveAssociationNotFound',
  'InvalidClientVpnEndpointId.NotFound',
  'InvalidClientVpnSubnetId.DifferentAccount',
  'InvalidClientVpnSubnetId.DuplicateAz',
  'InvalidClientVpnSubnetId.NotFound',
  'InvalidClientVpnSubnetId.OverlappingCidr',
  'InvalidSubnetID.NotFound',
  'RequestExpired',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'UnauthorizedOperation',
] as const;

export const otherErrorCode = 'other';
