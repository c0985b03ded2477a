import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import type { Moment } from '../locales/index.ts';
import type {
  AdministrationButton,
  AdministrationView,
  ConnectionsView,
  DryRunView,
} from './administration-view.ts';
import {
  administrationView,
  connectionsView,
  dryRunView,
  releaseHold,
} from './administration-view.ts';
import type { ConnectGuide } from './connect-guide.ts';
import { connectGuide } from './connect-guide.ts';
import type { EndpointCard } from './endpoint-card.ts';
import { endpointCard, isLeaseOf } from './endpoint-card.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import { endpointPath } from './lease-form.ts';
import type { LiveRegion } from './live-region.ts';
import { liveRegion, refreshSeconds, tabOf } from './live-region.ts';
import type { NetworkView } from './network-view.ts';
import { networkView } from './network-view.ts';
import type { FrameInput, Link } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export interface EndpointView {
  readonly frame: Frame;
  readonly live: LiveRegion;
  readonly back: Link;
  /** Said to somebody whose click came to nothing; `null` otherwise. */
  readonly notDone: string | null;
  readonly dryRun: DryRunView | null;
  readonly card: EndpointCard;
  /** Said while it can be used; `null` otherwise. */
  readonly ready: { readonly title: string; readonly text: string } | null;
  readonly leases: {
    readonly title: string;
    readonly columns: readonly string[];
    readonly rows: readonly {
      readonly name: string;
      /** Marks the viewer's own lease; `null` on the others. */
      readonly you: string | null;
      readonly until: Moment;
      readonly since: Moment;
    }[];
    readonly none: string;
  };
  /** `null` for whoever is told no more than how many are connected. */
  readonly connections: ConnectionsView | null;
  readonly releaseHold: AdministrationButton | null;
  readonly administration: AdministrationView | null;
  readonly network: NetworkView;
  readonly connect: ConnectGuide;
  readonly asOf: string | null;
}

/** One endpoint with everything that there is to know and to do. */
export function endpointView(
  input: FrameInput & { readonly endpoint: EndpointForPerson; readonly notDone?: boolean },
): EndpointView {
  const wording = wordingFor(input);
  const { text, format } = wording;
  const { endpoint, viewer } = input;
  const { status } = endpoint;
  const words = text.endpoint;
  const path = endpointPath(endpoint);
  return {
    frame: frameOf(input, wording, {
      name: 'endpoint',
      ...tabOf(endpoint, input, wording),
      path,
    }),
    live: liveRegion(input, wording, {
      url: `/fragments${path}`,
      every: refreshSeconds([endpoint]),
      leading: endpoint,
    }),
    back: { href: '/', text: words.back, label: null },
    notDone: input.notDone === true ? text.frame.notDone : null,
    dryRun: dryRunView(endpoint.schedule, viewer, wording),
    card: endpointCard(endpoint, input, wording),
    // Nobody is invited to connect just before being cut off.
    ready:
      status.state === 'on' && status.hold?.kind !== 'off' && endpoint.mayUse ? words.ready : null,
    leases: {
      title: words.leases.title,
      columns: [words.leases.person, words.leases.since, words.leases.until],
      rows: status.leases.map((lease) => ({
        name: lease.personName,
        you: isLeaseOf(viewer, lease) ? words.you : null,
        until: format.moment(lease.until),
        since: format.moment(lease.requestedAt),
      })),
      none: words.leases.none,
    },
    connections: connectionsView(endpoint, viewer, wording),
    releaseHold: releaseHold(endpoint, viewer, wording),
    administration: administrationView(endpoint, viewer, wording),
    network: networkView(endpoint, wording),
    connect: connectGuide(endpoint.endpoint.authentication, wording),
    asOf: status.seen === null ? null : text.frame.asOf(format.time(status.seen.at)),
  };
}
