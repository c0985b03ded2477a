import { Router } from 'express';
import type { Request, Response } from 'express';

import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../clock.ts';
import { can } from '../../identity/principal.ts';
import type { EndpointDirectory, EndpointForPerson } from '../../lease/endpoint-directory.ts';
import type {
  LeaseReleaseOutcome,
  LeaseRequestOutcome,
  LeaseService,
} from '../../lease/lease-service.ts';
import type { ClientConfigurations } from '../../vpn/client-configurations.ts';
import type { EndpointId } from '../../vpn/ids.ts';
import { backToTheEndpoint, cameToNothing, endpointIdOf, revisionOf } from '../endpoint-request.ts';
import { methodNotAllowed } from '../middleware/errors.ts';
import { formBody, formField } from '../middleware/form-body.ts';
import { PageError } from '../page-error.ts';
import type { Pages } from '../pages.ts';
import { requestEntry } from '../request-audit.ts';
import { principalOf } from '../request-context.ts';

export interface EndpointRouteServices {
  readonly directory: EndpointDirectory;
  readonly leases: LeaseService;
  readonly clientConfigurations: ClientConfigurations;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** The overview, an endpoint's page, its leases and its client configuration. */
export function endpointRoutes(services: EndpointRouteServices, pages: Pages): Router {
  const { audit, clientConfigurations, clock, directory, leases } = services;
  const router = Router({ caseSensitive: true, strict: true });

  async function find(request: Request, response: Response): Promise<EndpointForPerson> {
    const endpointId = endpointIdOf(request);
    const found = await directory.find(principalOf(response), endpointId, revisionOf(request));
    if (found === null) throw new PageError({ code: 'endpoint-unknown' });
    return found;
  }

  router
    .route('/')
    .get(async (_request, response) => {
      pages.home(response, await directory.list(principalOf(response)), 'page');
    })
    .all(methodNotAllowed);

  router.get('/fragments/home', async (_request, response) => {
    pages.home(response, await directory.list(principalOf(response)), 'fragment');
  });

  router
    .route('/endpoints/:id')
    .get(async (request, response) => {
      const found = await find(request, response);
      pages.endpoint(response, found, 'page', {
        notDone: cameToNothing(request),
      });
    })
    .all(methodNotAllowed);

  router.get('/fragments/endpoints/:id', async (request, response) => {
    pages.endpoint(response, await find(request, response), 'fragment');
  });

  router
    .route('/endpoints/:id/lease')
    .post(formBody, async (request, response) => {
      const minutes = parseMinutes(formField(request.body, 'minutes'));
      const endpointId = endpointIdOf(request);
      const outcome = await leases.request(principalOf(response), endpointId, minutes);
      response.redirect(303, pageAfter(endpointId, outcome));
    })
    .get(backToTheEndpoint)
    .all(methodNotAllowed);

  router
    .route('/endpoints/:id/lease/release')
    .post(formBody, async (request, response) => {
      const endpointId = endpointIdOf(request);
      const outcome = await leases.release(principalOf(response), endpointId);
      response.redirect(303, pageAfter(endpointId, outcome));
    })
    .get(backToTheEndpoint)
    .all(methodNotAllowed);

  router
    .route('/endpoints/:id/client-configuration')
    .get(async (request, response) => {
      const found = await find(request, response);
      if (!can(principalOf(response), 'endpoint:use')) {
        throw new PageError({ code: 'not-permitted' });
      }
      const note = async (outcome: string): Promise<void> => {
        const entry = requestEntry(request, response, { at: clock.now(), outcome });
        if (entry !== null) await audit.append(entry);
      };
      await note('begun');
      const configuration = await clientConfigurations
        .get(found.endpoint)
        .catch(async (error: unknown) => {
          await note('failed').catch(() => undefined);
          throw error;
        });
      await note('downloaded');
      // A name from a tag goes into a header: `attachment` quotes and encodes what it has to.
      response.attachment(`${fileName(found)}.ovpn`);
      response.type('application/x-openvpn-profile');
      response.send(Buffer.from(configuration, 'utf8'));
    })
    .all(methodNotAllowed);

  return router;
}

/** Whole minutes; `null` for anything else. Which of them are offered is the policy's to say. */
function parseMinutes(text: string | null): number | null {
  return text !== null && /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : null;
}

function pageAfter(
  endpointId: EndpointId,
  outcome: LeaseRequestOutcome | LeaseReleaseOutcome,
): string {
  const page = `/endpoints/${endpointId}`;
  switch (outcome.kind) {
    case 'confirmed':
    case 'released':
      return `${page}?revision=${outcome.revision}`;
    case 'held-off':
    case 'needs-attention':
      return page;
    case 'unknown-endpoint':
      throw new PageError({ code: 'endpoint-unknown' });
    case 'not-permitted':
      throw new PageError({ code: 'not-permitted' });
    case 'minutes-not-offered':
      throw new PageError({ code: 'minutes-not-offered', choices: outcome.offered });
  }
}

/** The endpoint's name without what file systems refuse; its id where nothing is left. */
function fileName({ endpoint, name }: EndpointForPerson): string {
  const usable = name
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}/\\:*?"<>|]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return usable === '' ? endpoint.id : usable;
}
