import { z } from 'zod';

import { parseConnectionId, parseEndpointId } from '../vpn/ids.ts';
import type { ConnectionId, EndpointId } from '../vpn/ids.ts';

/**
 * The versions of what the Client VPN service sends, and expects back. `v2` adds the groups, `v3` the
 * version of the AWS client. Source: AWS Client VPN Administrator Guide, "Connection authorization".
 */
export const schemaVersions = ['v1', 'v2', 'v3'] as const;
export type SchemaVersion = (typeof schemaVersions)[number];

/** Somebody who has signed in to the VPN, and is not let in yet. */
export interface ConnectRequest {
  /** To answer in: the newest where AWS has asked in one that came after it. */
  readonly schemaVersion: SchemaVersion;
  /** Whether it is the version that was asked in: of a later one nobody knows what the fields mean. */
  readonly isVersionKnown: boolean;
  readonly endpointId: EndpointId;
  readonly connectionId: ConnectionId;
  /** The user name, else the certificate's common name; never empty. */
  readonly person: string;
  /** As the identity provider names them; none with a certificate alone, and none in `v1`. */
  readonly groups: readonly string[];
  /* Of the device, by its own word; empty where it has not said so. */
  readonly platform: string;
  readonly platformVersion: string;
  /** Of the AWS client alone; empty for every other client, and before `v3`. */
  readonly clientVersion: string;
  /** `null` where it is none. */
  readonly address: string | null;
}

export type ReadRequest =
  | { readonly ok: true; readonly request: ConnectRequest }
  | { readonly ok: false; readonly malformed: MalformedRequest };

/** What could be read of a request that is none. */
export interface MalformedRequest {
  /** To answer in: the newest where the request names none of them. */
  readonly schemaVersion: SchemaVersion;
  readonly endpointId: EndpointId | null;
  readonly person: string;
  readonly address: string | null;
  /** The names of the fields that are wrong; never what stands in them. */
  readonly fields: readonly string[];
}

const longestText = 512;
/** Of all groups together: a directory may have put somebody into hundreds. */
const longestGroups = 100_000;

/** Text of one line, without anything that moves a cursor; a field that is not sent is empty. */
const text = z
  .string()
  .max(longestText)
  .refine((value) => !/\p{Cc}/u.test(value) && value.isWellFormed())
  .nullish()
  .transform((value) => {
    const trimmed = value?.trim() ?? '';
    // So does AWS where a person has no user name.
    return trimmed === 'N/A' ? '' : trimmed;
  });

const groups = z
  .union([z.string().max(longestGroups), z.array(z.string().max(longestText)).max(2_000)])
  .nullish()
  .transform((value) => (typeof value === 'string' ? groupsIn(value) : (value ?? [])));

const newest: SchemaVersion = 'v3';
/** A version, in which of those that are known to answer it, and whether it is that one. */
const schemaVersion = z.union([
  z.enum(schemaVersions).transform((version) => ({ answer: version, isKnown: true })),
  z
    .string()
    .regex(/^v[1-9]\d{0,3}$/)
    .transform(() => ({ answer: newest, isKnown: false })),
]);

const fields = {
  'schema-version': schemaVersion,
  'endpoint-id': z.string().transform(parsed(parseEndpointId)),
  'connection-id': z.string().transform(parsed(parseConnectionId)),
  username: text,
  'common-name': text,
  groups,
  platform: text,
  'platform-version': text,
  'aws-client-version': text,
  'public-ip': text,
};

/** At least one of the two names has to be there: everybody who gets here has signed in. */
const request = z
  .object(fields)
  .refine((read) => read.username !== '' || read['common-name'] !== '', { path: ['username'] });

/** Never throws: whatever is not a request is told as such. */
export function readRequest(event: unknown): ReadRequest {
  const read = request.safeParse(event);
  if (!read.success) return { ok: false, malformed: whatIsLeft(event, read.error) };
  const { data } = read;
  const { answer, isKnown } = data['schema-version'];
  return {
    ok: true,
    request: {
      schemaVersion: answer,
      isVersionKnown: isKnown,
      endpointId: data['endpoint-id'],
      connectionId: data['connection-id'],
      person: data.username === '' ? data['common-name'] : data.username,
      groups: answer === 'v1' ? [] : data.groups,
      platform: data.platform,
      platformVersion: data['platform-version'],
      clientVersion: answer === 'v3' ? data['aws-client-version'] : '',
      address: addressOf(data['public-ip']),
    },
  };
}

function whatIsLeft(event: unknown, error: z.ZodError): MalformedRequest {
  const named = z.record(z.string(), z.unknown()).safeParse(event);
  const sent = named.success ? named.data : {};
  const read = <Value>(schema: z.ZodType<Value>, name: string): Value | null => {
    const found = schema.safeParse(sent[name]);
    return found.success ? found.data : null;
  };
  return {
    schemaVersion: read(schemaVersion, 'schema-version')?.answer ?? newest,
    endpointId: read(fields['endpoint-id'], 'endpoint-id'),
    person: read(text, 'username') || (read(text, 'common-name') ?? ''),
    address: addressOf(read(text, 'public-ip') ?? ''),
    fields: [...new Set(error.issues.map(({ path }) => String(path[0] ?? 'request')))],
  };
}

/**
 * A list in one text, `a, b` or `[a, b]`. Not divided at spaces: a group called `prod users` must not
 * pass for one called `prod`.
 */
function groupsIn(value: string): readonly string[] {
  return value
    .trim()
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((group) => group.trim().replace(/^"(.*)"$/, '$1'))
    .filter((group) => group !== '');
}

function addressOf(value: string): string | null {
  return /^[0-9a-f.:]{3,45}$/i.test(value) ? value : null;
}

function parsed<Id>(parse: (value: string) => Id | null) {
  return (value: string, context: z.RefinementCtx): Id => {
    const id = parse(value);
    if (id !== null) return id;
    context.addIssue({ code: 'custom', message: 'is no such id' });
    return z.NEVER;
  };
}
