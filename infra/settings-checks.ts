import { z } from 'zod';

import { certificateArn, endpointArn, region } from './settings-forms.ts';
import { longestUrlInClient, secretArn } from './settings-telling.ts';

/*
 * What no single setting can tell. Each check takes what it looks at out of the settings as they were
 * written, and says nothing where that is not there or not of its form: so all problems are found at
 * once, whatever else is wrong.
 */

export type Place = readonly PropertyKey[];

export interface Finding {
  readonly place: Place;
  /** What the setting must be, or what is wrong with it, and what to do. */
  readonly rule: string;
}

export function findings(settings: unknown): readonly Finding[] {
  return [
    ...lists.flatMap((place) => twice(settings, place)),
    ...hostOutsideOfItsZone(settings),
    ...pricesOfNoRegion(settings),
    ...pricesMissing(settings),
    ...arnsOfElsewhere(settings),
    ...publicAddresses(settings),
    ...nothingRequired(settings),
    ...addressTooLong(settings),
    ...webhookMissing(settings),
  ];
}

/** Every list there is: an entry that stands twice is a slip, and AWS would refuse some of them. */
const lists: readonly Place[] = [
  ['network', 'publicSubnetIds'],
  ['network', 'taskSubnetIds'],
  ['signIn', 'identityProvider', 'origins'],
  ['people', 'adminGroups'],
  ['people', 'auditorGroups'],
  ['endpoints', 'onlyArns'],
  ['endpoints', 'onlySubnetIds'],
  ['alarms', 'emails'],
  ['notifications', 'events', 'email'],
  ['notifications', 'events', 'webhook'],
];

function twice(settings: unknown, place: Place): readonly Finding[] {
  const list = textsAt(settings, place);
  return list.flatMap((each, index) => {
    const first = list.indexOf(each);
    if (first === index) return [];
    return [{ place: [...place, index], rule: `stands at [${first}] already: take it out` }];
  });
}

/** Otherwise the name would be made in a zone that does not answer for it. */
function hostOutsideOfItsZone(settings: unknown): readonly Finding[] {
  const host = textAt(settings, ['address', 'hostName']);
  const zone = textAt(settings, ['address', 'hostedZone', 'name']);
  if (host === null || zone === null || host === zone || host.endsWith(`.${zone}`)) return [];
  return [
    {
      place: ['address', 'hostName'],
      rule: `must end in .${zone}, the name of the hosted zone; or name the zone that answers for it`,
    },
  ];
}

function pricesOfNoRegion(settings: unknown): readonly Finding[] {
  const byRegion = record.safeParse(valueAt(settings, ['prices', 'byRegion']));
  return Object.keys(byRegion.data ?? {})
    .filter((name) => !region.safeParse(name).success)
    .map((name) => ({
      place: ['prices', 'byRegion', name],
      rule: 'is no Region: take the prices out, or spell the Region as ap-northeast-1 is spelled',
    }));
}

function pricesMissing(settings: unknown): readonly Finding[] {
  const here = regionOf(settings);
  const byRegion = valueAt(settings, ['prices', 'byRegion']);
  if (here === null || byRegion === null || typeof byRegion !== 'object') return [];
  if (Object.hasOwn(byRegion, here)) return [];
  return [
    {
      place: ['prices', 'byRegion', here],
      rule: 'must be the prices of the Region that the portal is in; write null to be shown hours and no money',
    },
  ];
}

/** What belongs to another account or Region was copied from somewhere else. */
function arnsOfElsewhere(settings: unknown): readonly Finding[] {
  const accountId = textAt(settings, ['account']);
  const here = regionOf(settings);
  const arns: readonly (readonly [Place, z.ZodType, string | null])[] = [
    [['address', 'certificateArn'], certificateArn, here],
    // Where Cognito looks for it, whatever the Region of the user pool.
    [['signIn', 'domain', 'certificateArn'], certificateArn, 'us-east-1'],
    [['notifications', 'webhook', 'secret'], secretArn, here],
    ...textsAt(settings, ['endpoints', 'onlyArns']).map(
      (_, index) => [['endpoints', 'onlyArns', index], endpointArn, here] as const,
    ),
  ];
  return arns.flatMap(([place, form, wantedRegion]) => {
    const arn = textAt(settings, place);
    if (arn === null || !form.safeParse(arn).success) return [];
    const [, , , ofRegion, ofAccount] = arn.split(':');
    const wrongRegion = wantedRegion !== null && ofRegion !== wantedRegion;
    const wrongAccount = accountId !== null && ofAccount !== accountId;
    return [
      ...(wrongRegion ? [{ place, rule: `must be of the Region ${wantedRegion}` }] : []),
      ...(wrongAccount ? [{ place, rule: `must be of the account ${accountId}` }] : []),
    ];
  });
}

/** A name of Cognito's that is the portal's would send people round in circles. */
function publicAddresses(settings: unknown): readonly Finding[] {
  const place = ['signIn', 'domain', 'hostName'];
  const domain = textAt(settings, place);
  if (domain === null || domain !== textAt(settings, ['address', 'hostName'])) return [];
  return [{ place, rule: 'must be another name than address.hostName, such as sign-in.…' }];
}

/** Neither the tag nor a name would leave every endpoint of the account open to both roles. */
function nothingRequired(settings: unknown): readonly Finding[] {
  const place = ['endpoints', 'requireTag'];
  if (valueAt(settings, place) !== false) return [];
  if (textsAt(settings, ['endpoints', 'onlyArns']).length > 0) return [];
  return [{ place, rule: 'must be true, or endpoints.onlyArns must name the endpoints instead' }];
}

/** The connect handler says where to go, in sentences of which AWS takes so much and no more. */
function addressTooLong(settings: unknown): readonly Finding[] {
  const place = ['address', 'hostName'];
  const longest = longestUrlInClient - 'https://'.length;
  const host = textAt(settings, place);
  const isAttached = valueAt(settings, ['connect', 'enabled']) === true;
  if (!isAttached || host === null || host.length <= longest) return [];
  return [
    {
      place,
      rule: `must have at most ${longest} characters where connect.enabled is true: it stands in what a VPN client shows`,
    },
  ];
}

/** Somebody who chooses events for a webhook, and has none, waits for them in vain. */
function webhookMissing(settings: unknown): readonly Finding[] {
  const place = ['notifications', 'webhook'];
  const isThere = (valueAt(settings, place) ?? null) !== null;
  if (isThere || textsAt(settings, ['notifications', 'events', 'webhook']).length === 0) return [];
  return [{ place, rule: 'must be there, or notifications.events.webhook be left out' }];
}

/** `null` for one that is none, which is told elsewhere. */
function regionOf(settings: unknown): string | null {
  const parsed = region.safeParse(valueAt(settings, ['region']));
  return parsed.success ? parsed.data : null;
}

const record = z.record(z.string(), z.unknown());

export function valueAt(settings: unknown, place: Place): unknown {
  return place.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)] as unknown;
    const parsed = record.safeParse(value);
    return parsed.success ? parsed.data[String(key)] : undefined;
  }, settings);
}

function textAt(settings: unknown, place: Place): string | null {
  const value = valueAt(settings, place);
  return typeof value === 'string' ? value : null;
}

/** What is not text stays in its place, and equals nothing. */
function textsAt(settings: unknown, place: Place): readonly unknown[] {
  const value = valueAt(settings, place);
  if (!Array.isArray(value)) return [];
  return value.map((each: unknown) => (typeof each === 'string' ? each : Symbol('no text')));
}
