import type { Response } from 'express';

import type { Clock } from '../clock.ts';
import type { EndpointForPerson, Listing } from '../lease/endpoint-directory.ts';
import type { PageError } from './page-error.ts';
import { contextOf } from './request-context.ts';
import { endpointView } from './view-models/endpoint-view.ts';
import { errorView } from './view-models/error-view.ts';
import { homeView } from './view-models/home-view.ts';
import { signedOutView } from './view-models/signed-out-view.ts';
import type { FrameInput } from './view-models/viewer.ts';

/** Renders each page, whole or the part of it that is refreshed. */
export interface Pages {
  home(response: Response, listing: Listing | null, part: Part): void;
  endpoint(response: Response, endpoint: EndpointForPerson, part: Part): void;
  signedOut(response: Response): void;
  error(response: Response, error: PageError): void;
}

export type Part = 'page' | 'fragment';

export function createPages(clock: Clock, assetUrl: (name: string) => string): Pages {
  function frameInput(response: Response): FrameInput {
    const { language, principal, requestId, timeZone } = contextOf(response);
    const { path } = response.req;
    return {
      viewer: { principal, language, timeZone },
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
      });
      response.render(part === 'page' ? 'layouts/page' : 'partials/endpoint-list', view);
    },
    endpoint(response, endpoint, part) {
      const view = endpointView({ ...frameInput(response), endpoint });
      response.render(part === 'page' ? 'layouts/page' : 'partials/endpoint-live', view);
    },
    signedOut(response) {
      response.render('layouts/page', signedOutView(frameInput(response)));
    },
    error(response, { problem, status }) {
      response.status(status);
      response.render('layouts/page', errorView({ ...frameInput(response), status, problem }));
    },
  };
}
