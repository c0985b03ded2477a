import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';

import { can } from '../../identity/principal.ts';
import { longestReason } from '../../lease/administration.ts';
import type { ActOutcome, Administration } from '../../lease/administration.ts';
import type { EndpointDirectory } from '../../lease/endpoint-directory.ts';
import { minutesAfter } from '../../clock.ts';
import type { Clock } from '../../clock.ts';
import { parseConnectionId } from '../../vpn/ids.ts';
import type { EndpointId } from '../../vpn/ids.ts';
import { backToTheEndpoint, endpointIdOf } from '../endpoint-request.ts';
import { holdMinutes } from '../hold-minutes.ts';
import { methodNotAllowed } from '../middleware/errors.ts';
import { formBody, formBodyWithReason, formField } from '../middleware/form-body.ts';
import { PageError } from '../page-error.ts';
import type { Pages } from '../pages.ts';
import { principalOf } from '../request-context.ts';

export interface AdministrationRouteServices {
  readonly administration: Administration;
  readonly directory: EndpointDirectory;
  readonly clock: Clock;
}

/** What administrators do to an endpoint. Each form records a wish and leads back to its page. */
export function administrationRoutes(services: AdministrationRouteServices, pages: Pages): Router {
  const { administration, clock, directory } = services;
  const router = Router({ caseSensitive: true, strict: true });

  function form(
    path: string,
    act: (request: Request, response: Response, endpointId: EndpointId) => Promise<ActOutcome>,
    {
      body = formBody,
      page = backToTheEndpoint,
    }: { readonly body?: RequestHandler; readonly page?: RequestHandler } = {},
  ): void {
    router
      .route(`/admin/endpoints/:id${path}`)
      .post(body, async (request, response) => {
        const endpointId = endpointIdOf(request);
        response.redirect(303, pageAfter(endpointId, await act(request, response, endpointId)));
      })
      .get(page)
      .all(methodNotAllowed);
  }

  form(
    '/hold',
    async (request, response, endpointId) => {
      const minutes = formField(request.body, 'minutes');
      const known = holdMinutes.find((choice) => choice.toString() === minutes);
      const kind = formField(request.body, 'kind');
      const reason = formField(request.body, 'reason') ?? '';
      const outcome = await administration.hold(principalOf(response), endpointId, {
        kind: kind === 'on' || kind === 'off' ? kind : null,
        until: known === undefined ? null : minutesAfter(clock.now(), known),
        reason,
      });
      if (outcome.kind === 'reason-not-usable' && reason.trim() === '') {
        throw new PageError({ code: 'hold-reason-missing' });
      }
      return outcome;
    },
    { body: formBodyWithReason({ code: 'hold-reason-too-long', longest: longestReason }) },
  );

  form('/release-hold', (_request, response, endpointId) =>
    administration.releaseHold(principalOf(response), endpointId),
  );

  form(
    '/stop',
    (_request, response, endpointId) => administration.stop(principalOf(response), endpointId),
    {
      page: async (request, response) => {
        const found = await directory.find(principalOf(response), endpointIdOf(request));
        if (found === null) throw new PageError({ code: 'endpoint-unknown' });
        if (!can(principalOf(response), 'endpoint:stop')) {
          throw new PageError({ code: 'not-permitted' });
        }
        pages.confirmStop(response, found);
      },
    },
  );

  form('/connections/:connectionId/terminate', (request, response, endpointId) => {
    const text = request.params['connectionId'];
    const connectionId = typeof text === 'string' ? parseConnectionId(text) : null;
    if (connectionId === null) throw new PageError({ code: 'malformed-id' });
    return administration.terminate(principalOf(response), endpointId, connectionId);
  });

  return router;
}

function pageAfter(endpointId: EndpointId, outcome: ActOutcome): string {
  switch (outcome.kind) {
    case 'recorded':
      return `/endpoints/${endpointId}?revision=${outcome.revision}`;
    case 'unknown-endpoint':
      throw new PageError({ code: 'endpoint-unknown' });
    case 'not-permitted':
      throw new PageError({ code: 'not-permitted' });
    case 'hold-kind-not-usable':
      throw new PageError({ code: 'hold-kind-unknown' });
    case 'until-not-usable':
      throw new PageError({ code: 'hold-until-not-usable', longestDays: outcome.longestDays });
    case 'reason-not-usable':
      throw new PageError({ code: 'hold-reason-too-long', longest: outcome.longest });
    case 'not-connected':
      throw new PageError({ code: 'connection-gone' });
  }
}
