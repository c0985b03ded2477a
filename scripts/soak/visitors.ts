import type { Clock } from '../../src/clock.ts';
import type { Journal } from './journal.ts';
import { secondMs } from './moments.ts';

/** What a person's browser has got; `null` where it has got nothing at all. */
export interface Answer {
  readonly status: number | null;
  /** Where it leads; empty where it leads nowhere. */
  readonly location: string;
  readonly text: string;
}

/** People in front of the load balancer, each signed in. */
export interface Visitors {
  get(person: string, path: string): Promise<Answer>;
  post(person: string, path: string, form?: Readonly<Record<string, string>>): Promise<Answer>;
}

/** What else went on while somebody waited for an answer. */
export interface Excuses {
  /** When a portal was last killed, in epoch milliseconds. */
  readonly lastKillAt: () => number;
  /** When a call to AWS or to the table last failed, in epoch milliseconds. */
  readonly lastFaultAt: () => number;
}

/** As long as a portal waits for the table by itself: the machine was too busy. */
const slowMs = 4 * secondMs;
/** Readings that several requests share may have begun before this one. */
const sharedMs = 2 * secondMs;
/** On the wall: whoever has got nothing by then gets nothing. */
const patienceMs = 300_000;

/**
 * Which answers are all right. The rest of them is in order by itself: below 400, and 409, which says
 * that a connection is gone.
 *
 * - 502, or none at all, where a portal was killed meanwhile;
 * - 503, where the table, EC2 or EventBridge failed meanwhile, or the machine was so busy that it took
 *   longer than a portal waits.
 *
 * @returns why not; `null` where it is
 */
export function faultOf(
  { status }: Pick<Answer, 'status'>,
  asked: { readonly begunAt: number; readonly endedAt: number },
  excuses: Excuses,
): string | null {
  const since = asked.begunAt - sharedMs;
  if (status === null || status === 502) {
    return excuses.lastKillAt() >= since ? null : 'and no portal was killed';
  }
  if (status === 503) {
    const wasSlow = asked.endedAt - asked.begunAt >= slowMs;
    return wasSlow || excuses.lastFaultAt() >= since ? null : 'and nothing has failed';
  }
  return status < 400 || status === 409 ? null : 'which nobody should get';
}

export async function signInAll(deps: {
  readonly url: string;
  readonly people: readonly string[];
  readonly clock: Clock;
  readonly journal: Journal;
  readonly excuses: Excuses;
}): Promise<Visitors> {
  const { clock, excuses, journal, url } = deps;
  const cookies = new Map<string, string>();
  for (const person of deps.people) {
    const answer = await fetch(`${url}/local/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ person }),
    });
    cookies.set(person, answer.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  }

  async function send(
    person: string,
    path: string,
    form: Readonly<Record<string, string>> | null,
  ): Promise<Answer> {
    try {
      const answer = await fetch(`${url}${path}`, {
        method: form === null ? 'GET' : 'POST',
        redirect: 'manual',
        headers: { cookie: cookies.get(person) ?? '', 'sec-fetch-site': 'same-origin' },
        body: form === null ? null : new URLSearchParams(form),
        signal: AbortSignal.timeout(patienceMs),
      });
      const { headers, status } = answer;
      return { status, location: headers.get('location') ?? '', text: await answer.text() };
    } catch {
      return { status: null, location: '', text: '' };
    }
  }

  async function ask(
    person: string,
    path: string,
    form: Readonly<Record<string, string>> | null,
  ): Promise<Answer> {
    const begunAt = clock.now().getTime();
    const answer = await send(person, path, form);
    const endedAt = clock.now().getTime();
    const request = `${form === null ? 'GET' : 'POST'} ${kindOf(path)}`;
    const status = String(answer.status ?? 'none');
    journal.count(`request: ${request}`);
    journal.count(`answer: ${status}`);
    if (form !== null || answer.status !== 200) {
      journal.note(`${person}: ${request} ${JSON.stringify(form ?? {})}: ${status}`);
    }
    const fault = faultOf(answer, { begunAt, endedAt }, excuses);
    if (fault !== null) {
      journal.violated('people get answers', `${person}: ${request}: ${status}, ${fault}`);
    }
    return answer;
  }

  return {
    get: (person, path) => ask(person, path, null),
    post: (person, path, form = {}) => ask(person, path, form),
  };
}

function kindOf(path: string): string {
  return path
    .replace(/\?.*$/, '')
    .replace(/cvpn-endpoint-[0-9a-f]+/, '{id}')
    .replace(/cvpn-connection-[0-9a-f]+/, '{connection}');
}
