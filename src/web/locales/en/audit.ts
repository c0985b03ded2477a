import type { AuditAction } from '../../../audit/audit-log.ts';
import { letInUnjudged, unjudgedReasons } from '../../../audit/connect-denials.ts';
import type { ReasonCode } from '../../../lease/reason.ts';
import { denials } from './denials.ts';
import { plural } from './plural.ts';

const actions: Readonly<Record<AuditAction, string>> = {
  'request-lease': 'Asked for the endpoint',
  'release-lease': 'Gave the endpoint back',
  'download-configuration': 'Downloaded the client configuration',
  hold: 'Held the endpoint on or off',
  'release-hold': 'Released the hold',
  stop: 'Ordered a stop',
  terminate: 'Ordered the end of a connection',
  'pause-stopping': 'Paused the stopping',
  'resume-stopping': 'Ended the pause of the stopping',
  'enable-rule': 'Enabled the rule of the schedule',
  associate: 'Associated target networks',
  'restore-routes': 'Put routes back',
  disassociate: 'Disassociated target networks',
  'terminate-connection': 'Ended a connection',
  'open-page': 'Opened a page',
  'send-request': 'Sent a request that changes something',
  'further-refusals': 'Was refused further times',
  connect: 'Tried to connect to the VPN',
};

/** What came of an act. One that is not in the list is shown as it was written. */
const outcomes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(denials.reasons).map(([reason, words]) => [reason, `Not let in: ${words}`]),
  ),
  ...Object.fromEntries(
    unjudgedReasons.map((reason) => [
      letInUnjudged(reason),
      `Let in unjudged: ${denials.reasons[reason]}`,
    ]),
  ),
  begun: 'Begun',
  recorded: 'Recorded',
  confirmed: 'Confirmed',
  released: 'Released',
  downloaded: 'Downloaded',
  done: 'Done',
  failed: 'Failed',
  abandoned: 'Abandoned',
  'out-of-time': 'Ran out of time',
  'not-permitted': 'Refused: not permitted',
  'unknown-endpoint': 'Refused: no such endpoint',
  'hold-kind-not-usable': 'Refused: neither on nor off was chosen',
  'until-not-usable': 'Refused: the time cannot be used',
  'reason-not-usable': 'Refused: the reason cannot be used',
  'minutes-not-offered': 'Refused: that length of time is not offered',
  'rule-missing': 'Not done: there is no such rule',
  'rule-refused': 'Not done: AWS has refused',
  'rule-not-confirmed': 'Not confirmed by AWS',
  'not-connected': 'Refused: the connection had ended',
  'held-off': 'Refused: held off by an administrator',
  'needs-attention': 'Refused: the endpoint needs attention',
  'cross-site-request': 'Refused: another website has sent it',
  'wrong-content-type': 'Refused: it was no form',
  'body-unreadable': 'Refused: the form cannot be read',
  'body-too-large': 'Refused: the form is too large',
  'malformed-id': 'Refused: no such id',
  'method-not-allowed': 'Refused: not at this address',
  'page-not-found': 'Refused: no such address',
  counted: 'Counted',
};

/** Why a pass has acted, in a few words. */
const reasons: Readonly<Record<ReasonCode, string>> = {
  'nobody-needs-it': 'Nobody needs it',
  'lease-held': 'Somebody has asked for it',
  associating: 'Networks are being associated',
  'restoring-routes': 'Routes were missing',
  'waiting-for-the-stop': 'The stop had to end first',
  'removing-a-failed-association': 'The association had failed',
  'trying-again': 'Tried again after a failure',
  'gave-up': 'Several tries had failed',
  'routes-not-restored': 'Routes are still missing',
  'kept-on-by-lease': 'Somebody has asked for it',
  connected: 'Somebody is connected',
  'idle-grace': 'Unused, not yet for long enough',
  'held-on': 'Held on by an administrator',
  'held-off': 'Held off by an administrator',
  idle: 'Nobody used it any more',
  'stopped-by-an-administrator': 'Stopped by an administrator',
  'latest-hour': 'The latest hour had come',
  disassociating: 'Networks are being disassociated',
  'stop-failed': 'AWS had refused before',
  'stop-overdue': 'The stop was overdue',
  'dry-run': 'Dry run',
  'stopping-paused': 'Stopping is paused',
  'reading-incomplete': 'AWS could not be read completely',
  'policy-invalid': 'The tags have a mistake',
  'subnets-invalid': 'A subnet cannot be associated',
};

/** What exactly an entry is about. */
const details = {
  until: (moment: string) => `until ${moment}`,
  untilNoTime: 'until no time',
  length: (duration: string) => `for ${duration}`,
  noLength: 'for no length of time',
  holds: { on: 'On', off: 'Off', neither: 'Neither on nor off' },
  hold: (kind: string, until: string, why: string) => `${kind} ${until}: ${why}`,
  pause: (until: string, why: string) => `${until}: ${why}`,
  silent: (why: string, value: number, figure: string) =>
    `${why}; ${plural(value, figure, 'open connection', 'open connections')} had gone silent`,
  termination: (connectionId: string, by: string) => `${connectionId}, as ${by} wished`,
  /** `null` while they are not counted yet. */
  refusals: (count: { readonly value: number; readonly figure: string } | null, since: string) =>
    count === null
      ? `more often than is written one by one, from ${since}`
      : `${plural(count.value, count.figure, 'time', 'times')} more in the minute from ${since}`,
};

/** The names under which the portal notes its own acts. */
const actors: Readonly<Record<string, string>> = {
  portal: 'The portal itself',
  schedule: 'The schedule',
};

/** Who did what. */
export const audit = {
  title: 'Audit',
  intro:
    'Every change and every refused attempt: who, when, from where, on what, and what came of it. Entries are only ever added.',
  actions,
  outcomes,
  reasons,
  details,
  actors,
  columns: {
    at: 'When',
    actor: 'Who',
    address: 'From where',
    action: 'What',
    endpoint: 'On what',
    outcome: 'What came of it',
    requestIds: 'AWS request ids',
  },
  personHint: 'A part of the name is enough.',
  noAddress: 'Not known',
  inside: 'Inside the portal',
  noEndpoint: 'No endpoint',
  noRequest: 'None',
  none: 'Nothing is noted for this choice.',
  noneYet: 'Nothing was found in this part; there may be more further back.',
  download: 'Audit as CSV',
};
