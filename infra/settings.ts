import { z } from 'zod';

import {
  account,
  billing,
  certificateArn,
  currency,
  days,
  email,
  endpointArn,
  group,
  hostName,
  httpsUrl,
  listOf,
  logDays,
  origin,
  price,
  region,
  settingsOf,
  subnetId,
  text,
  timeZone,
  vpcId,
  wholeNumber,
  yesOrNo,
} from './settings-forms.ts';
import { connect, notifications } from './settings-telling.ts';

/*
 * All that a deployment is asked for. What has no default has to be said: it differs from one
 * company to the next, or it weakens something.
 */

const address = settingsOf({
  /** Where people reach the portal. */
  hostName,
  /** The public zone in Route 53 that gets the name. */
  hostedZone: settingsOf({
    id: text(/^Z[A-Z0-9]{5,31}$/, 'must be the id of a hosted zone, such as Z0123456789ABCDEFGHIJ'),
    name: hostName,
  }),
  /** In the portal's Region. `null`: one is made, and proved by the zone. */
  certificateArn: certificateArn.nullable().default(null),
});

const cidr = z.cidrv4();
const cidrRule = 'must be a private IPv4 range from /16 to /24, such as 10.82.0.0/24';

const network = z.discriminatedUnion(
  'kind',
  [
    settingsOf({
      kind: z.literal('own'),
      /** Nobody else needs to reach it, so it may be any that no peering or VPN overlaps. */
      cidr: text(
        /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)(\.\d{1,3}){1,3}\/(1[6-9]|2[0-4])$/,
        cidrRule,
      )
        .refine((range) => cidr.safeParse(range).success, cidrRule)
        .default('10.82.0.0/24'),
    }),
    settingsOf({
      kind: z.literal('existing'),
      vpcId,
      /** Public ones in two zones at least; each at least /27 with 8 free addresses. */
      publicSubnetIds: listOf(subnetId).min(2, 'must name at least two subnets, in two zones'),
      /** Where the container runs, with a way out. Empty: in the public ones, with a public address. */
      taskSubnetIds: listOf(subnetId).default([]),
    }),
  ],
  "must be { kind: 'own' } or { kind: 'existing', … }",
);

const signIn = settingsOf({
  identityProvider: settingsOf({
    kind: z.enum(['identity-center', 'okta'], "must be 'identity-center' or 'okta'"),
    /** Of the SAML application that was made for the portal. */
    metadataUrl: httpsUrl('must be the https address of the SAML metadata'),
    /** Where browsers go to sign in, for the Content-Security-Policy. */
    origins: listOf(origin).default([]),
  }),
  domain: z.discriminatedUnion(
    'kind',
    [
      settingsOf({
        kind: z.literal('prefix'),
        /** Of an address of Cognito's, unique in the Region. */
        prefix: text(
          /^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
          'must be small letters, digits and hyphens, without aws, amazon or cognito in it',
        ),
      }),
      settingsOf({
        kind: z.literal('own'),
        hostName,
        /** In us-east-1, whatever the portal's Region: that is where Cognito looks for it. */
        certificateArn,
      }),
    ],
    "must be { kind: 'prefix', prefix: '…' } or { kind: 'own', … }",
  ),
  /** After which people sign in again; whether they notice is up to the identity provider. */
  sessionHours: wholeNumber(
    1,
    24,
    'must be a whole number of hours from 1 to 24: whoever is gone from the company stays signed in that long; 9 is a working day',
  ).default(9),
});

const endpoints = settingsOf({
  /** Empty: every endpoint that carries the tag vpn-portal:managed. Otherwise these, and no other. */
  onlyArns: listOf(endpointArn).default([]),
  /** Empty: any subnet that an endpoint's tags name. Otherwise these, and no other. */
  onlySubnetIds: listOf(subnetId).default([]),
  /**
   * `false` only where AWS turns out not to honour the condition on the tag: those that are named are
   * then allowed by their names alone.
   */
  requireTag: yesOrNo.default(true),
});

const regionPrices = settingsOf({ associationHour: price, connectionHour: price }).nullable();

const prices = settingsOf({
  /** Of Client VPN, by Region. `null` for the portal's own Region: hours are shown and no money. */
  byRegion: z.record(z.string(), regionPrices, 'must be prices by Region'),
  currency: currency.default('USD'),
  billing: billing.default('pro-rated'),
  /** What the portal itself costs; docs/deploy.md says how it is made up. */
  portalPerMonth: price,
});

const lambda = settingsOf({
  memoryMegabytes: wholeNumber(
    256,
    3_008,
    'must be a whole number of megabytes from 256 to 3008',
  ).default(1_024),
  /** `null`: what the account has to spare. A new account has 10 in all, and reserving is refused. */
  reservedConcurrency: wholeNumber(1, 1_000, 'must be a whole number from 1 to 1000')
    .nullable()
    .default(null),
});

const container = settingsOf({
  tasks: wholeNumber(1, 10, 'must be a whole number of tasks from 1 to 10').default(2),
  /** That of the machine that builds the image, or it needs an emulator. */
  architecture: z.enum(['arm64', 'x86_64'], "must be 'arm64' or 'x86_64'").default('arm64'),
});

const schedule = settingsOf({
  /** Decides and logs what it would do, and changes nothing. */
  dryRun: yesOrNo.default(false),
  /** As `lambda.reservedConcurrency`. Overlapping runs do no harm, so that 1 is no safer than `null`. */
  reservedConcurrency: wholeNumber(1, 10, 'must be a whole number from 1 to 10')
    .nullable()
    .default(null),
});

const retention = settingsOf({
  /** Connections and on-periods. */
  usageDays: days(99_999).default(400),
  totalsDays: days(99_999).default(1_100),
  auditDays: days(99_999).default(400),
  /** Logs of the portal, of the schedule and, where there are any, of the load balancer. */
  logDays: logDays.prefault(90),
});

const alarms = settingsOf({
  /** Who is told. Each address has to confirm a message before it gets any other. */
  emails: listOf(email)
    .min(1, 'must name at least one address: somebody has to be told')
    .max(10, 'must name ten addresses at most, as a budget does; name a mailing list'),
  /** An endpoint that has been on this long is worth a look. */
  onTooLongHours: wholeNumber(1, 720, 'must be a whole number of hours from 1 to 720').default(14),
  /** Of the account's Amazon VPC, under which Client VPN is billed. `null`: no budget is made. */
  monthlyBudgetUsd: z
    .number('must be a number of US dollars, or null')
    .min(1, 'must be at least 1 US dollar')
    .nullable(),
  /** Where docs/operator-runbook.md can be read. `null`: alarms name the file. */
  runbookUrl: httpsUrl('must be an https address').nullable().default(null),
});

export const portalSettings = settingsOf({
  /** Names the stacks; a second portal in an account needs a second one. */
  name: text(
    /^[a-z][a-z0-9-]{0,22}[a-z0-9]$/,
    'must begin with a small letter, and be at most 24 small letters, digits and hyphens',
  ).default('vpn-portal'),
  account,
  region,
  host: z.enum(['lambda', 'container'], "must be 'lambda' or 'container'"),
  address,
  network,
  signIn,
  people: settingsOf({
    adminGroups: listOf(group).min(1, 'must name at least one group, or nobody can hold or stop'),
    auditorGroups: listOf(group).default([]),
    /** When a day begins in the figures; and for people whose browser has not said where they are. */
    timeZone,
  }),
  endpoints: endpoints.prefault({}),
  prices,
  lambda: lambda.prefault({}),
  container: container.prefault({}),
  schedule: schedule.prefault({}),
  retention: retention.prefault({}),
  /** The load balancer's log of every request, in a bucket of its own. */
  accessLogs: yesOrNo.default(false),
  /** A web ACL in front of the load balancer, for about what half a load balancer costs. */
  firewall: yesOrNo.default(false),
  /** Whether AWS refuses to delete the load balancer. Off only before everything is removed. */
  deletionProtection: yesOrNo.default(true),
  alarms,
  notifications: notifications.prefault({}),
  /** The function that AWS asks before it lets a client in. Endpoints are attached to it by hand. */
  connect: connect.prefault({ enabled: false }),
});

/** As they are written in a settings file. */
export type SettingsInput = z.input<typeof portalSettings>;
export type PortalSettings = z.output<typeof portalSettings>;
