import { z } from 'zod';

import { billings } from '../usage/cost.ts';
import { metricNamespace } from './metric-names.ts';

/*
 * One schema for each entry. The infrastructure reads the same schemas, so a variable that a
 * handler needs and the template does not set is a compile error, not an outage.
 */

/** Values that are lists use spaces, as the endpoints' tags do. */
const spaceSeparated = z
  .string()
  .default('')
  .transform((text) => text.split(/\s+/).filter((word) => word !== ''));

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

const timeZone = z.string().refine(isTimeZone, 'must be a time zone such as Asia/Tokyo');

/** Spelled out, because each of them changes what happens to people. */
const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true');

const portRule = 'must be a whole number from 0 (any free port) to 65535';

const days = (byDefault: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,4}$/, 'must be a number of days')
    .transform(Number)
    .default(byDefault);

const price = z
  .string()
  .regex(/^[0-9]{1,6}(\.[0-9]{1,6})?$/, 'must be a price such as 0.15')
  .transform(Number);

const shared = {
  /** The portal's DynamoDB table. */
  TABLE_NAME: z.string().min(3, 'must name the DynamoDB table'),
  /** Of the accounts: when a day begins. And for people whose browser has not said where they are. */
  TIME_ZONE: timeZone.default('UTC'),
  /** Whether an hour of an association that has begun is charged by its part, or whole. */
  BILLING: z.enum(billings, 'must be pro-rated or full-hours').default('pro-rated'),
  /** How long connections and on-periods are kept. */
  USAGE_RETENTION_DAYS: days(400),
  /** How long the totals of days and months are kept. */
  TOTALS_RETENTION_DAYS: days(1_100),
  AUDIT_RETENTION_DAYS: days(400),
  /**
   * The EventBridge bus on which others are told what happens. Without it nothing is published, and
   * nothing is stored for it.
   */
  EVENT_BUS_NAME: z
    .string()
    .regex(/^[/.\-_A-Za-z0-9]{1,256}$/, 'must be the name of an EventBridge bus')
    .optional(),
  /**
   * The endpoints that the roles may touch, where the deployment names them; not set where every
   * endpoint that carries the tag is in its hands.
   */
  ENDPOINT_IDS: spaceSeparated.pipe(
    z.array(
      z.string().regex(/^cvpn-endpoint-[0-9a-f]+$/, 'must be the id of a Client VPN endpoint'),
    ),
  ),
  /** Where CloudWatch keeps the metrics; two portals in one account and Region need two. */
  METRIC_NAMESPACE: z
    .string()
    // `AWS/` is for AWS's own.
    .regex(/^(?!AWS\/)[\w.\-/#]{1,255}$/, 'must be a CloudWatch namespace, and not one of AWS')
    .default(metricNamespace),
};

export const portalEnvironment = z.object({
  ...shared,
  /** The load balancer that signs people in. Only what it has signed is believed. */
  ALB_ARN: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/[\w-]+\/[0-9a-f]+$/,
      'must be the ARN of an Application Load Balancer',
    ),
  COGNITO_CLIENT_ID: z.string().min(1, 'must be the id of the user pool client'),
  /** `https://cognito-idp.<region>.amazonaws.com/<user pool id>` */
  COGNITO_ISSUER: httpUrl,
  /** The user pool's domain, where signing out ends. */
  COGNITO_DOMAIN: httpUrl,
  /** Where people reach the portal, for the way back after signing out. */
  PORTAL_URL: httpUrl,
  /** The claim with the groups, as the user pool maps them from SAML. */
  GROUPS_CLAIM: z.string().min(1, 'must name a claim').default('custom:groups'),
  ADMIN_GROUPS: spaceSeparated,
  AUDITOR_GROUPS: spaceSeparated,
  /** Origins that a sign-in passes through after Cognito's, for the Content-Security-Policy. */
  SIGN_IN_ORIGINS: spaceSeparated.pipe(z.array(httpUrl)),
  /*
   * The Region's prices. There is no default: without the first two, hours are shown and no money.
   */
  PRICE_ASSOCIATION_HOUR: price.optional(),
  PRICE_CONNECTION_HOUR: price.optional(),
  /** What the portal itself costs in a month: load balancer, Lambda, DynamoDB. */
  PORTAL_COST_PER_MONTH: price.default(0),
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be a currency such as USD')
    .default('USD'),
  /**
   * The EventBridge rule that runs the schedule, whose state the overview shows. Not set where a
   * container runs the schedule itself.
   */
  RECONCILER_RULE_NAME: z
    .string()
    .regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'must be the name of an EventBridge rule')
    .optional(),
});

/** What the container needs beyond the portal's own. */
export const serverEnvironment = portalEnvironment.extend({
  HOST: z.string().default('0.0.0.0'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, portRule)
    .transform(Number)
    .pipe(z.number().max(65_535, portRule))
    .default(8080),
  /**
   * Runs the schedule inside the container, every minute, where the deployment is one container and
   * nothing else runs it. The container's role then has to be allowed to disassociate.
   */
  RECONCILE_IN_PROCESS: flag.default(false),
  RECONCILER_DRY_RUN: flag.default(false),
});

export const reconcilerEnvironment = z.object({
  ...shared,
  /** Decides and logs what it would do, and changes nothing. */
  RECONCILER_DRY_RUN: flag.default(false),
});

/**
 * Of the client connect handler. Whether it lets people in when it cannot tell has no default: either
 * choice is wrong for somebody.
 */
export const connectEnvironment = z.object({
  TABLE_NAME: shared.TABLE_NAME,
  AUDIT_RETENTION_DAYS: shared.AUDIT_RETENTION_DAYS,
  METRIC_NAMESPACE: shared.METRIC_NAMESPACE,
  /** Stands in the sentences that a VPN client shows, which AWS allows 255 characters. */
  PORTAL_URL: httpUrl.max(100, 'must have at most 100 characters'),
  CONNECT_ON_FAILURE: z.enum(['allow', 'deny'], 'must be allow or deny'),
  /** Of those sentences. */
  CONNECT_LANGUAGE: z.enum(['en', 'ja'], 'must be en or ja').default('en'),
});

export type PortalEnvironment = z.output<typeof portalEnvironment>;
export type ServerEnvironment = z.output<typeof serverEnvironment>;
export type ReconcilerEnvironment = z.output<typeof reconcilerEnvironment>;
export type ConnectEnvironment = z.output<typeof connectEnvironment>;

export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * @throws {EnvironmentError} naming every variable that is missing or wrong, and how it should be
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.map(String).join('.');
    const missing = variables[String(issue.path[0])] === undefined;
    return `${name} ${missing ? 'is not set' : issue.message}`;
  });
  throw new EnvironmentError(`The environment is not usable: ${problems.join('; ')}.`);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
