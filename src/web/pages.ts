import type { Response } from 'express';

import type { Clock } from '../clock.ts';
import type { EndpointForPerson, Listing } from '../lease/endpoint-directory.ts';
import { compressAtOnce } from './middleware/compressed.ts';
import type { Pace } from './pace.ts';
import type { PageError } from './page-error.ts';
import { contextOf } from './request-context.ts';
import type { Render } from './templates.ts';
import type { AuditData } from './view-models/audit-view.ts';
import { auditView } from './view-models/audit-view.ts';
import { confirmStopView } from './view-models/confirm-stop-view.ts';
import { endpointView } from './view-models/endpoint-view.ts';
import { errorView } from './view-models/error-view.ts';
import type { HistoryData } from './view-models/history-view.ts';
import { historyView } from './view-models/history-view.ts';
import { homeView } from './view-models/home-view.ts';
import type { LiveRegion } from './view-models/live-region.ts';
import type { OverviewData } from './view-models/overview-view.ts';
import { overviewView } from './view-models/overview-view.ts';
import { signedOutView } from './view-models/signed-out-view.ts';
import type { UsageData } from './view-models/usage-view.ts';
import { usageView } from './view-models/usage-view.ts';
import type { FrameInput } from './view-models/viewer.ts';

/** Renders each page, whole or the part of it that is refreshed. */
export interface Pages {
  home(response: Response, listing: Listing | null, part: Part): void;
  /** @param said.notDone that a click came to nothing, because the session had ended */
  endpoint(
    response: Response,
    endpoint: EndpointForPerson,
    part: Part,
    said?: { readonly notDone: boolean },
  ): void;
  confirmStop(response: Response, endpoint: EndpointForPerson): void;
  history(response: Response, data: HistoryData): void;
  overview(response: Response, data: OverviewData): void;
  usage(response: Response, data: UsageData): void;
  audit(response: Response, data: AuditData): void;
  signedOut(response: Response): void;
  error(response: Response, error: PageError): void;
}

/** Surrounds the template that a whole page's frame names. */
const layout = 'layouts/page';

export type Part = 'page' | 'fragment';

export function createPages(
  clock: Clock,
  assetUrl: (name: string) => string,
  render: Render,
  pace: Pace,
): Pages {
  /** As often as the process can answer it. */
  function paced<View extends { readonly live: LiveRegion }>(view: View): View {
    const { live } = view;
    return live.every === null ? view : { ...view, live: { ...live, every: live.every * pace() } };
  }

  function send(response: Response, template: string, view: object): void {
    const page = render(template, view);
    response.type('html');
    if (compressAtOnce(response, page)) return;
    // Not `send`, which copies the page into a buffer first, and has it written apart from its head.
    response.set('content-length', Buffer.byteLength(page).toString());
    response.end(page);
  }

  function frameInput(response: Response): FrameInput {
    const { language, pause, principal, requestId, timeZone } = contextOf(response);
    const { path } = response.req;
    return {
      viewer: { principal, language, timeZone },
      pause,
      path,
      assetUrl,
      requestId,
      now: clock.now(),
    };
  }

  return {
    home(response, listing, part) {
      const view = homeView({
        ...frameInput(response),
        endpoints: listing?.endpoints ?? null,
        readAt: listing?.readAt ?? null,
        schedule: listing?.schedule ?? null,
      });
      send(response, part === 'page' ? layout : 'partials/endpoint-list', paced(view));
    },
    endpoint(response, endpoint, part, said = { notDone: false }) {
      const view = endpointView({ ...frameInput(response), endpoint, ...said });
      send(response, part === 'page' ? layout : 'partials/endpoint-live', paced(view));
    },
    confirmStop(response, endpoint) {
      send(response, layout, confirmStopView({ ...frameInput(response), endpoint }));
    },
    history(response, data) {
      send(response, layout, historyView({ ...frameInput(response), ...data }));
    },
    overview(response, data) {
      send(response, layout, overviewView({ ...frameInput(response), ...data }));
    },
    usage(response, data) {
      send(response, layout, usageView({ ...frameInput(response), ...data }));
    },
    audit(response, data) {
      send(response, layout, auditView({ ...frameInput(response), ...data }));
    },
    signedOut(response) {
      send(response, layout, signedOutView(frameInput(response)));
    },
    error(response, { problem, status }) {
      response.status(status);
      send(response, layout, errorView({ ...frameInput(response), status, problem }));
    },
  };
}
