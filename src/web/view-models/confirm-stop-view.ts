import type { EndpointForPerson } from '../../lease/endpoint-directory.ts';
import type { AdministrationButton, DryRunView } from './administration-view.ts';
import { administrationPath, dryRunView, unlisted } from './administration-view.ts';
import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import { endpointPath } from './lease-form.ts';
import type { FrameInput, Link } from './viewer.ts';
import { wordingFor } from './viewer.ts';

interface Affected {
  readonly title: string;
  readonly names: readonly string[];
  /** Said in place of the names where there are none. */
  readonly none: string;
  readonly more: string | null;
}

/** Asks once more before a stop, and says whom it cuts off. */
export interface ConfirmStopView {
  readonly frame: Frame;
  readonly title: string;
  readonly text: string;
  readonly dryRun: DryRunView | null;
  /** `null` where there is nothing to stop. */
  readonly effects: {
    readonly connected: Affected;
    readonly leases: Affected;
    /** A hold that ends with it; `null` where there is none. */
    readonly hold: string | null;
    readonly stop: AdministrationButton;
  } | null;
  readonly back: Link;
  readonly asOf: string | null;
}

export function confirmStopView(
  input: FrameInput & { readonly endpoint: EndpointForPerson },
): ConfirmStopView {
  const wording = wordingFor(input);
  const { text, format } = wording;
  const { confirmStop: words, connections } = text.administration;
  const { endpoint } = input;
  const { hold, leases, seen, state } = endpoint.status;
  const nothing = isNothingToStop(endpoint);
  const path = `${administrationPath(endpoint)}/stop`;
  const title = words.title(endpoint.name);
  return {
    frame: frameOf(input, wording, { name: 'confirm-stop', title, icon: state, path }),
    title,
    text: nothing ? words.nothing : words.happens,
    dryRun: dryRunView(endpoint.schedule, input.viewer, wording),
    effects: nothing
      ? null
      : {
          connected: {
            title: words.connected,
            names: (seen?.connections ?? []).map(({ establishedAt, person }) =>
              words.connectionOf(
                person === '' ? connections.unnamed : person,
                format.time(establishedAt),
              ),
            ),
            none: seen === null ? words.unread : connections.none,
            more: unlisted(endpoint, wording),
          },
          leases: {
            title: words.leases,
            names: leases.map(({ personName, until }) =>
              words.leaseOf(personName, format.time(until)),
            ),
            none: words.noLeases,
            more: null,
          },
          hold: hold?.kind === 'on' ? words.hold(hold.by.name, format.time(hold.until)) : null,
          stop: { action: path, button: words.button },
        },
    back: { href: endpointPath(endpoint), text: words.back, label: null },
    asOf: seen === null ? null : text.frame.asOf(format.time(seen.at)),
  };
}

/** Nothing that costs money, nothing that is wanted. */
function isNothingToStop({ status }: EndpointForPerson): boolean {
  const { heldUntil, leases, seen, state } = status;
  if (leases.length > 0 || heldUntil !== null) return false;
  return state === 'off' || (state === 'needs-attention' && seen?.associations.length === 0);
}
