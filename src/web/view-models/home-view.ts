import { can } from '../../identity/principal.ts';
import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import type { ScheduleRun } from '../../vpn/catalogue.ts';
import type { DryRunView } from './administration-view.ts';
import { dryRunView } from './administration-view.ts';
import type { EndpointCard } from './endpoint-card.ts';
import { endpointCard } from './endpoint-card.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import type { LiveRegion } from './live-region.ts';
import { leadingEndpoint, liveRegion, refreshSeconds, tabOf } from './live-region.ts';
import type { FrameInput } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export interface HomeView {
  readonly frame: Frame;
  readonly live: LiveRegion;
  readonly title: string;
  readonly intro: string;
  readonly dryRun: DryRunView | null;
  readonly cards: readonly EndpointCard[];
  /** Said in place of the cards where there are none. */
  readonly placeholder: {
    readonly kind: 'empty' | 'not-read';
    readonly title: string;
    readonly happened: string;
    readonly next: string;
  } | null;
  readonly asOf: string | null;
}

const secondsUntilRead = 3;

/**
 * The endpoints that a person may use.
 *
 * @param input.endpoints `null` where AWS has not been read even once yet
 * @param input.readAt when AWS was last read
 * @param input.schedule the schedule's last run; `null` before the first one
 */
export function homeView(
  input: FrameInput & {
    readonly endpoints: readonly EndpointForPerson[] | null;
    readonly readAt: Date | null;
    readonly schedule: ScheduleRun | null;
  },
): HomeView {
  const wording = wordingFor(input);
  const { text, format } = wording;
  const { home, asOf } = text.frame;
  const endpoints = input.endpoints ?? [];
  const leading = leadingEndpoint(endpoints);
  const tab = leading === null ? null : tabOf(leading, input, wording);
  const { principal } = input.viewer;
  const readOnly = principal !== null && !can(principal, 'endpoint:use');
  return {
    frame: frameOf(input, wording, {
      name: 'home',
      title: tab?.title ?? null,
      icon: tab?.icon ?? 'off',
      path: '/',
    }),
    live: liveRegion(input, wording, {
      url: '/fragments/home',
      every: input.endpoints === null ? secondsUntilRead : refreshSeconds(endpoints),
      leading,
    }),
    title: readOnly ? home.titleReadOnly : home.title,
    intro: readOnly ? home.introReadOnly : home.intro,
    dryRun: dryRunView(input.schedule, input.viewer, wording),
    cards: endpoints.map((endpoint) => endpointCard(endpoint, input, wording)),
    placeholder:
      input.endpoints === null
        ? { kind: 'not-read', ...home.notRead }
        : endpoints.length === 0
          ? { kind: 'empty', ...home.empty }
          : null,
    asOf: input.readAt === null ? null : asOf(format.time(input.readAt)),
  };
}
