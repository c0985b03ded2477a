import type { DenialReason } from '../../../audit/connect-denials.ts';

/** Why a client was not let in, for those who can change that. */
const reasons: Readonly<Record<DenialReason, string>> = {
  'stop-under-way': 'the endpoint was just being turned off',
  'held-off': 'held off by an administrator',
  'not-in-group': 'not in any group of the endpoint',
  'client-version-unknown': 'the client does not say which AWS client it is',
  'client-too-old': 'the AWS client is too old',
  'platform-unknown': 'the client does not say which system it runs on',
  'platform-not-admitted': 'devices of this kind are not admitted',
  'platform-too-old': 'the system of the device is too old',
  'no-lease': 'had not asked for the endpoint',
  'connected-already': 'is connected with another device',
  'request-malformed': 'AWS has sent a request that cannot be read',
  'version-not-known': 'AWS asks in a newer version than the portal knows',
  'endpoint-not-managed': 'the endpoint is not in the portal’s hands',
  'tags-not-usable': 'the conditions in the endpoint’s tags have a mistake',
  'tags-too-old': 'the endpoint’s tags have not been read for too long',
  'connections-not-read': 'the connections have not been read for too long',
  'connections-too-many': 'so many are connected that not everybody among them is known',
  'no-answer-in-time': 'the table did not answer in time',
  failed: 'something failed, and the log says what',
};

/** The clients that the client connect handler has not let in. */
export const denials = {
  title: 'Not let in',
  intro: 'The last clients that the client connect handler turned away, of the last 30 days.',
  none: 'Nobody was turned away.',
  reasons,
  row: (person: string, endpoint: string, reason: string) => `${person}, at ${endpoint}: ${reason}`,
  nobody: 'Somebody who is not named',
  noEndpoint: 'an endpoint that is not named',
  all: 'Everything in the audit',
};
