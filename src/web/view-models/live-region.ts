import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import type { EndpointState } from '../../lease/endpoint-record.ts';
import type { IconName } from './frame.ts';
import { pageTitle } from './frame.ts';
import { endingOf } from './going-off.ts';
import type { FrameInput, Wording } from './viewer.ts';

/** The part of a page that the script keeps up to date, and what the tab shows of it. */
export interface LiveRegion {
  readonly url: string;
  /** Seconds between two looks; `null` where there is nothing to wait for. */
  readonly every: number | null;
  readonly state: EndpointState;
  readonly icon: string;
  readonly title: string;
}

const secondsWhileChanging = 3;
const secondsWhileInUse = 30;

/** A shape for each state and its end, for the tab's title, where there is no colour. */
const marks: Readonly<Record<IconName, string>> = {
  off: '○',
  starting: '◐',
  on: '●',
  ending: '◕',
  stopping: '◑',
  'needs-attention': '▲',
};

/** How soon the page should look again, for all the endpoints on it together. */
export function refreshSeconds(endpoints: readonly EndpointForPerson[]): number | null {
  const changing = endpoints.some(
    ({ ending, status }) =>
      status.state === 'starting' || status.state === 'stopping' || ending.length > 0,
  );
  if (changing) return secondsWhileChanging;
  return endpoints.some(mayChangeByItself) ? secondsWhileInUse : null;
}

function mayChangeByItself({ status }: EndpointForPerson): boolean {
  if (status.state === 'on' || status.leases.length > 0 || status.hold !== null) return true;
  const { code } = status.reason;
  return code === 'gave-up' || code === 'reading-incomplete';
}

/**
 * The endpoint that the tab speaks of where a page shows several: one's own wish first, then
 * whatever is going on.
 */
export function leadingEndpoint(endpoints: readonly EndpointForPerson[]): EndpointForPerson | null {
  const weight = ({ status, ownLease }: EndpointForPerson): number =>
    (ownLease === null ? 0 : 10) + stateWeights[status.state];
  return endpoints.reduce<EndpointForPerson | null>(
    (best, endpoint) => (best === null || weight(endpoint) > weight(best) ? endpoint : best),
    null,
  );
}

const stateWeights: Readonly<Record<EndpointState, number>> = {
  starting: 4,
  on: 3,
  stopping: 2,
  off: 1,
  'needs-attention': 0,
};

/** What the tab shows of an endpoint: its state, or that it goes off soon. */
export interface Tab {
  readonly icon: IconName;
  /** The state first: it is all that is left of the title of a narrow tab. */
  readonly title: string;
}

export function tabOf(
  endpoint: EndpointForPerson,
  input: Pick<FrameInput, 'now' | 'pause'>,
  wording: Wording,
): Tab {
  const { state } = endpoint.status;
  const ending = endingOf(endpoint, input, wording);
  const icon = ending === null ? state : 'ending';
  const said = ending?.short ?? wording.text.endpoint.states[state];
  return { icon, title: `${marks[icon]} ${said} – ${endpoint.name}` };
}

export function liveRegion(
  input: FrameInput,
  wording: Wording,
  region: { url: string; every: number | null; leading: EndpointForPerson | null },
): LiveRegion {
  const { url, every, leading } = region;
  const tab = leading === null ? null : tabOf(leading, input, wording);
  return {
    url,
    every,
    state: leading?.status.state ?? 'off',
    icon: input.assetUrl(`icon-${tab?.icon ?? 'off'}.svg`),
    title: pageTitle(tab?.title ?? null, wording.text.frame.product),
  };
}
