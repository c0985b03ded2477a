import { z } from 'zod';

import { eventTypes, troubles } from './lib/event-types.ts';
import { openUrl } from './settings-addresses.ts';
import { listOf, settingsOf, text, wholeNumber } from './settings-forms.ts';

/*
 * Who is told what, and the function that AWS asks before it lets a client in.
 */

const eventType = z.enum(
  eventTypes,
  `must be an event that there is: ${eventTypes.map((type) => `'${type}'`).join(', ')}`,
);

const arnOfSecret = /arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:/;
/** What is given as an ARN, and not as a name. */
export const secretArn = z.string().regex(arnOfSecret);

/** A token that somebody has pasted here would be in the template, and in version control. */
const secret = text(
  new RegExp(`^(?!xox|Bearer)(${arnOfSecret.source})?[\\w/+=.@-]{1,512}$`),
  'is not printed here, because it may be the secret: it must be the name or the ARN of a secret in Secrets Manager, and never the secret itself',
);

const webhook = z
  .discriminatedUnion(
    'kind',
    [
      settingsOf({
        kind: z.literal('slack'),
        channel: text(
          /^[CG][A-Z0-9]{8,20}$/,
          'must be the id of a channel, such as C0123456789; Slack shows it at the end of the channel’s details',
        ),
        /** `Bearer `, and the token of an app that may `chat:write`. */
        secret,
      }),
      settingsOf({
        kind: z.literal('teams'),
        /** Of a workflow that posts what it is sent, without the parameter `sig`. */
        url: openUrl,
        /** The value of `sig`, decoded. */
        secret,
      }),
      settingsOf({
        kind: z.literal('other'),
        url: openUrl,
        header: text(
          /^[A-Za-z0-9-]{1,64}$/,
          'must be the name of a header, such as Authorization',
        ).default('Authorization'),
        /** The whole value of the header. */
        secret,
      }),
    ],
    "must be { kind: 'slack', … }, { kind: 'teams', … }, { kind: 'other', … }, or null",
  )
  .nullable();

export const notifications = settingsOf({
  /** Of what people are sent, and of what a VPN client shows to those who are kept out. */
  language: z.enum(['en', 'ja'], "must be 'en' or 'ja'").default('en'),
  /** Which events go where. They have names of people in them. */
  events: settingsOf({
    /** To those who get the alarms. */
    email: listOf(eventType).default([...troubles]),
    webhook: listOf(eventType).default([...troubles]),
  }).prefault({}),
  webhook: webhook.default(null),
});

const onFailure = z.enum(
  ['allow', 'deny'],
  "must be 'allow' or 'deny': who connects while nobody can tell whether they may, is let in or kept out",
);

/** Each is paid for around the clock. `null`: the first client after a quiet time waits a second more. */
const provisionedConcurrency = wholeNumber(
  1,
  1_000,
  'must be a whole number from 1 to 1000, or null',
)
  .nullable()
  .default(null);

export const connect = z.discriminatedUnion(
  'enabled',
  [
    settingsOf({
      enabled: z.literal(false),
      onFailure: onFailure.optional(),
      provisionedConcurrency,
    }),
    settingsOf({ enabled: z.literal(true), onFailure, provisionedConcurrency }),
  ],
  "must be { enabled: false } or { enabled: true, onFailure: '…' }",
);

export type NotificationSettings = z.output<typeof notifications>;
export type WebhookSettings = NonNullable<NotificationSettings['webhook']>;
export type ConnectSettings = Extract<z.output<typeof connect>, { readonly enabled: true }>;

/** Of the portal's address, where it stands in sentences of which AWS takes 255 characters. */
export const longestUrlInClient = 100;
