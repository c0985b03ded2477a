import type { AuditEntry } from './audit-log.ts';

/**
 * What exactly an entry is about. It is stored as text, in one form for each kind, so that the file for
 * spreadsheets and whoever reads the table have words; a page reads it back, and says it in its language.
 */
export type AuditDetail =
  | { readonly kind: 'until'; readonly until: Date }
  /** `null` where what was asked for was no number. */
  | { readonly kind: 'minutes'; readonly minutes: number | null }
  /** `null` for what was missing, or could not be read. */
  | {
      readonly kind: 'hold';
      readonly hold: 'on' | 'off' | null;
      readonly until: Date | null;
      readonly why: string;
    }
  | { readonly kind: 'pause'; readonly until: Date | null; readonly why: string }
  /** Why a pass has acted: the code of a reason, which may be one that is not in use any more. */
  | { readonly kind: 'reason'; readonly code: string; readonly silent: number }
  | { readonly kind: 'termination'; readonly connectionId: string; readonly by: string }
  /** Beyond those of a minute that are written one by one; `null` where they are not counted yet. */
  | { readonly kind: 'refusals'; readonly further: number | null; readonly since: Date }
  /** What no language changes, such as an id or an address; and what is in no form of these. */
  | { readonly kind: 'text'; readonly text: string };

/** The form in which a detail is stored. Entries are never changed: a form that was written once stays. */
export function detailText(detail: AuditDetail): string {
  switch (detail.kind) {
    case 'until':
      return `until ${detail.until.toISOString()}`;
    case 'minutes':
      return `for ${detail.minutes ?? 'no number of'} minutes`;
    case 'hold': {
      const { hold, until, why } = detail;
      return `${hold ?? 'neither on nor off'} until ${end(until)}: ${why}`;
    }
    case 'pause':
      return `until ${end(detail.until)}: ${detail.why}`;
    case 'reason': {
      const { code, silent } = detail;
      return silent === 0 ? code : `${code}, silent connections: ${silent}`;
    }
    case 'termination':
      return `${detail.connectionId}, as ${detail.by} wishes`;
    case 'refusals': {
      const further = detail.further === null ? 'more, to be counted' : `${detail.further} more`;
      return `${further}, in the minute from ${detail.since.toISOString()}`;
    }
    case 'text':
      return detail.text;
  }
}

function end(until: Date | null): string {
  return until?.toISOString() ?? 'no time';
}

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const lease = new RegExp(`^until (${time})$`);
const length = /^for (\d{1,15}|no number of) minutes$/;
const hold = new RegExp(`^(on|off|neither on nor off) until (${time}|no time): (.*)$`, 's');
const pause = new RegExp(`^until (${time}|no time): (.*)$`, 's');
const reason = /^([a-z-]{1,40})(?:, silent connections: (\d{1,15}))?$/;
const termination = /^(cvpn-connection-\w{1,40}), as (.*) wishes$/s;
const refusals = new RegExp(
  `^(?:(\\d{1,15}) more|more, to be counted), in the minute from (${time})$`,
);

/** The detail of an entry that was stored: by its action too, since a text alone may be of any. */
export function readDetail(entry: Pick<AuditEntry, 'action' | 'detail'>): AuditDetail {
  return readAs(entry) ?? { kind: 'text', text: entry.detail };
}

function readAs({ action, detail: text }: Parameters<typeof readDetail>[0]): AuditDetail | null {
  switch (action) {
    case 'request-lease': {
      const until = timeIn(lease.exec(text)?.[1]);
      if (until !== null) return { kind: 'until', until };
      const minutes = length.exec(text)?.[1];
      if (minutes === undefined) return null;
      return { kind: 'minutes', minutes: /\d/.test(minutes) ? Number(minutes) : null };
    }
    case 'hold': {
      const [, kind, until, why] = hold.exec(text) ?? [];
      if (why === undefined) return null;
      const held = kind === 'on' || kind === 'off' ? kind : null;
      return { kind: 'hold', hold: held, until: timeIn(until), why };
    }
    case 'pause-stopping': {
      const [, until, why] = pause.exec(text) ?? [];
      return why === undefined ? null : { kind: 'pause', until: timeIn(until), why };
    }
    case 'associate':
    case 'restore-routes':
    case 'disassociate': {
      const [, code, silent = '0'] = reason.exec(text) ?? [];
      return code === undefined ? null : { kind: 'reason', code, silent: Number(silent) };
    }
    case 'terminate-connection': {
      const [, connectionId, by] = termination.exec(text) ?? [];
      if (connectionId === undefined || by === undefined) return null;
      return { kind: 'termination', connectionId, by };
    }
    case 'further-refusals': {
      const [, further, from] = refusals.exec(text) ?? [];
      const since = timeIn(from);
      if (since === null) return null;
      return { kind: 'refusals', further: further === undefined ? null : Number(further), since };
    }
    case 'release-lease':
    case 'download-configuration':
    case 'release-hold':
    case 'stop':
    case 'terminate':
    case 'resume-stopping':
    case 'enable-rule':
    case 'open-page':
    case 'send-request':
    case 'connect':
      return null;
  }
}

function timeIn(text: string | undefined): Date | null {
  const at = new Date(text ?? '');
  return Number.isNaN(at.getTime()) ? null : at;
}
