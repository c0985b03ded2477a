import type { AuditWriter } from '../audit/audit-log.ts';
import type { ConnectDenials, DenialReason, UnjudgedReason } from '../audit/connect-denials.ts';
import { letInUnjudged } from '../audit/connect-denials.ts';
import type { Clock } from '../clock.ts';
import { secondsBetween } from '../clock.ts';
import type { EndpointStore } from '../lease/endpoint-store.ts';
import { portalItself } from '../lease/hold.ts';
import type { Log } from '../log.ts';
import type { CatalogueStore } from '../vpn/catalogue.ts';
import type { ConnectionId, EndpointId } from '../vpn/ids.ts';
import { refusal } from './conditions.ts';
import type { Refusal } from './conditions.ts';
import { answerIn } from './connect-answer.ts';
import type { ConnectAnswer, Posture } from './connect-answer.ts';
import { readRequest } from './connect-request.ts';
import type { ConnectRequest, MalformedRequest, SchemaVersion } from './connect-request.ts';
import { decideConnect, leasesMatter, refusalByStop } from './decide-connect.ts';
import { sentencesIn } from './sentences.ts';
import type { ClientLanguage } from './sentences.ts';
import type { StartTimer } from './timer.ts';

/**
 * Answers the Client VPN service for a client that has signed in. Never rejects: the service denies
 * on any failure, without a word that helps the person.
 */
export type ConnectHandler = (event: unknown) => Promise<ConnectAnswer>;

/** What was answered, for whoever counts. */
export interface Answered {
  /** `null` where the request named none. */
  readonly endpointId: EndpointId | null;
  readonly schemaVersion: SchemaVersion;
  readonly allowed: boolean;
  /** Whether that was told by what is known, and not by the setting for what cannot be told. */
  readonly judged: boolean;
  /** Why not; or, of somebody let in by the setting alone, what could not be told. */
  readonly reason: DenialReason | null;
  readonly seconds: number;
}

export interface ConnectHandlerDependencies {
  readonly endpoints: Pick<EndpointStore, 'load' | 'noteAttempt' | 'requestTermination'>;
  readonly catalogue: Pick<CatalogueStore, 'get'>;
  readonly audit: AuditWriter;
  readonly denials: Pick<ConnectDenials, 'append'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly startTimer: StartTimer;
  readonly settings: ConnectSettings;
  /** Called with every answer, before it is given. Must not wait; what it throws is logged. */
  readonly onAnswered?: (answered: Answered) => void;
}

export interface ConnectSettings {
  /** What happens to a client when it cannot be told whether it may connect. */
  readonly onFailure: 'allow' | 'deny';
  /** Where people reach the portal. */
  readonly portalUrl: string;
  readonly language: ClientLanguage;
}

/**
 * The service waits for 30 seconds, and the person with it. A table that does not answer within these
 * does not answer. Of them the last is for writing down what the audit has to know.
 */
const answerWithinSeconds = 5;
const decideWithinSeconds = 4;

/** What becomes of a request. */
type Outcome = { readonly postures: readonly Posture[] } & (
  | { readonly kind: 'let-in'; readonly allowed: true; readonly refusal: null }
  | { readonly kind: 'denied'; readonly allowed: false; readonly refusal: Refusal }
  /** By the setting for what cannot be told. */
  | {
      readonly kind: 'unjudged';
      readonly allowed: boolean;
      readonly refusal: Refusal<UnjudgedReason>;
    }
);

export function createConnectHandler(deps: ConnectHandlerDependencies): ConnectHandler {
  const { audit, catalogue, clock, denials, endpoints, log, settings } = deps;
  const sentences = sentencesIn[settings.language];

  const denied = (why: Refusal, postures: readonly Posture[] = []): Outcome => ({
    kind: 'denied',
    allowed: false,
    refusal: why,
    postures,
  });

  const bySetting = (why: Refusal<UnjudgedReason>, postures: readonly Posture[] = []): Outcome => ({
    kind: 'unjudged',
    allowed: settings.onFailure === 'allow',
    refusal: why,
    postures,
  });

  /**
   * Decides, notes the attempt, and only then lets in: from the note on, a stop that was being decided
   * is refused, and where a stop was first the note is.
   *
   * @param isLate whether somebody else has answered by now: then nothing more is written
   */
  async function judge(request: ConnectRequest, isLate: () => boolean): Promise<Outcome> {
    const { endpointId } = request;
    const [found, listed] = await Promise.all([
      endpoints.load(endpointId, 'record'),
      catalogue.get(),
    ]);
    const situation = { now: clock.now(), request, loaded: found, catalogue: listed };
    const loaded = leasesMatter(situation) ? await endpoints.load(endpointId) : found;
    const now = clock.now();
    const verdict = decideConnect({ ...situation, now, loaded });
    const { postures } = verdict;
    if (verdict.kind === 'deny') return denied(verdict.refusal, postures);
    if (verdict.kind === 'cannot-tell') {
      const { isManaged, refusal: why } = verdict;
      const outcome = bySetting(why, postures);
      // What nobody stops needs no note of who has connected.
      if (!outcome.allowed || !isManaged) return outcome;
    }
    const tooLate = refusal('no-answer-in-time');
    if (isLate()) return bySetting(tooLate, postures);
    const record = await endpoints.noteAttempt(endpointId, now);
    if (record === null) return denied(refusal('stop-under-way'), postures);
    // What the record says by now: an administrator may have ordered a stop since. It voids what was
    // asked for before it, so that leases that were not read have no say against it.
    const stopping = refusalByStop({ record, leases: loaded.leases }, clock.now());
    if (stopping !== null) return denied(stopping, postures);
    if (verdict.kind === 'cannot-tell') return bySetting(verdict.refusal, postures);
    const wished = new Set(record.terminations.map(({ connectionId }) => connectionId));
    for (const connectionId of verdict.replaced.filter((id) => !wished.has(id))) {
      if (isLate()) return bySetting(tooLate, postures);
      await replace(endpointId, connectionId);
    }
    return { kind: 'let-in', allowed: true, refusal: null, postures };
  }

  /** Only the schedule may end a connection: it is told to, as it is by an administrator. */
  async function replace(endpointId: EndpointId, connectionId: ConnectionId): Promise<void> {
    const wish = { connectionId, by: portalItself, at: clock.now() };
    await endpoints.requestTermination(endpointId, wish);
    log.info({ endpointId, connectionId }, 'connection replaced by a newer one');
  }

  async function judgeInTime(request: ConnectRequest): Promise<Outcome> {
    const { endpointId } = request;
    const timer = deps.startTimer(decideWithinSeconds);
    let isLate = false;
    const inTime = judge(request, () => isLate);
    const late = timer.over.then(() => {
      isLate = true;
      return null;
    });
    try {
      const outcome = await Promise.race([inTime, late]);
      if (outcome !== null) return outcome;
      log.error({ endpointId, onFailure: settings.onFailure }, 'store has not answered in time');
      return bySetting(refusal('no-answer-in-time'));
    } catch (error) {
      log.error({ endpointId, onFailure: settings.onFailure, error }, 'connection not judged');
      return bySetting(refusal('failed'));
    } finally {
      timer.stop();
    }
  }

  /** Within what is left of the time. That it could not be written changes no answer. */
  async function writeDown(
    asked: Asked,
    outcome: Exclude<Outcome, { readonly kind: 'let-in' }>,
    startedAt: Date,
  ): Promise<void> {
    const { address, detail, endpointId, person } = asked;
    const { allowed } = outcome;
    const { reason } = outcome.refusal;
    const at = clock.now();
    // By this name nobody signs in to the portal: its own acts, and people's ids, are others.
    const actor = { id: `vpn:${person}`, name: person === '' ? 'unknown' : person };
    const left = Math.max(0, answerWithinSeconds - secondsBetween(startedAt, at));
    const timer = deps.startTimer(left);
    try {
      const written = Promise.all([
        audit.append({
          at,
          actor,
          address,
          action: 'connect',
          endpointId,
          detail,
          outcome:
            outcome.kind === 'unjudged' && allowed ? letInUnjudged(outcome.refusal.reason) : reason,
          requestIds: [],
        }),
        ...(allowed ? [] : [denials.append({ at, endpointId, person, reason })]),
      ]).then(() => true);
      const isWritten = await Promise.race([written, timer.over.then(() => false)]);
      if (!isWritten) log.error({ endpointId, allowed, reason }, 'answer not written down in time');
    } catch (error) {
      log.error({ endpointId, allowed, reason, error }, 'answer not written down');
    } finally {
      timer.stop();
    }
  }

  function tell(asked: Asked, { allowed, kind, refusal: why }: Outcome, startedAt: Date): void {
    const { endpointId, schemaVersion } = asked;
    const judged = kind !== 'unjudged';
    const seconds = secondsBetween(startedAt, clock.now());
    const reason = why?.reason ?? null;
    const fields = { endpointId, schemaVersion, allowed, judged, reason, seconds };
    log.info({ ...fields, ...asked.told }, 'connection answered');
    try {
      deps.onAnswered?.(fields);
    } catch (error) {
      // Whoever counts keeps nobody out.
      log.error({ endpointId, error }, 'answer not counted');
    }
  }

  return async (event) => {
    const startedAt = clock.now();
    const read = readRequest(event);
    const asked = read.ok ? askedBy(read.request) : askedInVain(read.malformed);
    const outcome = read.ok
      ? await judgeInTime(read.request)
      : denied(refusal('request-malformed'));
    const { allowed, postures, refusal: why } = outcome;
    if (outcome.kind !== 'let-in') await writeDown(asked, outcome, startedAt);
    tell(asked, outcome, startedAt);
    const sentence = allowed ? '' : sentences(why, settings.portalUrl);
    return answerIn(asked.schemaVersion, { allow: allowed, postures, sentence });
  };
}

/** Of a request, what is written down. */
interface Asked {
  readonly schemaVersion: SchemaVersion;
  readonly endpointId: EndpointId | null;
  readonly person: string;
  readonly address: string | null;
  /** For the audit. */
  readonly detail: string;
  /** For the log, beyond that: nothing that a person has chosen. */
  readonly told: Readonly<Record<string, unknown>>;
}

const longestDetail = 400;

function askedBy(request: ConnectRequest): Asked {
  const { address, clientVersion, connectionId, platform, platformVersion } = request;
  const { endpointId, person, schemaVersion } = request;
  const device = [platform, platformVersion, clientVersion && `AWS client ${clientVersion}`];
  const detail = [connectionId, device.filter((part) => part !== '').join(' ')]
    .filter((part) => part !== '')
    .join(', ')
    .slice(0, longestDetail)
    .toWellFormed();
  return { schemaVersion, endpointId, person, address, detail, told: { connectionId } };
}

function askedInVain({ fields, ...left }: MalformedRequest): Asked {
  return { ...left, detail: `not readable: ${fields.join(', ')}`, told: { fields } };
}
