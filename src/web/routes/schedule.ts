import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';

import { minutesAfter } from '../../clock.ts';
import type { Clock } from '../../clock.ts';
import { longestReason } from '../../lease/administration.ts';
import type {
  ScheduleAdministration,
  ScheduleOutcome,
} from '../../lease/schedule-administration.ts';
import { backToTheOverview } from '../endpoint-request.ts';
import { methodNotAllowed } from '../middleware/errors.ts';
import { formBody, formBodyWithReason, formField } from '../middleware/form-body.ts';
import { PageError } from '../page-error.ts';
import { pauseMinutes } from '../pause-minutes.ts';
import { principalOf } from '../request-context.ts';

export interface ScheduleRouteServices {
  readonly scheduleAdministration: ScheduleAdministration;
  readonly clock: Clock;
}

/** What administrators do to the schedule. Each form leads back to the overview. */
export function scheduleRoutes({ clock, scheduleAdministration }: ScheduleRouteServices): Router {
  const router = Router({ caseSensitive: true, strict: true });

  function form(
    path: string,
    act: (request: Request, response: Response) => Promise<ScheduleOutcome>,
    { body = formBody, page = '/admin' }: { body?: RequestHandler; page?: string } = {},
  ): void {
    router
      .route(`/admin/schedule${path}`)
      .post(body, async (request, response) => {
        refuse(await act(request, response));
        response.redirect(303, page);
      })
      .get(backToTheOverview)
      .all(methodNotAllowed);
  }

  form(
    '/pause',
    async (request, response) => {
      const minutes = formField(request.body, 'minutes');
      const known = pauseMinutes.find((choice) => choice.toString() === minutes);
      const reason = formField(request.body, 'reason') ?? '';
      const outcome = await scheduleAdministration.pause(principalOf(response), {
        until: known === undefined ? null : minutesAfter(clock.now(), known),
        reason,
      });
      if (outcome.kind === 'reason-not-usable' && reason.trim() === '') {
        throw new PageError({ code: 'pause-reason-missing' });
      }
      return outcome;
    },
    { body: formBodyWithReason({ code: 'pause-reason-too-long', longest: longestReason }) },
  );

  form('/resume', (_request, response) => scheduleAdministration.resume(principalOf(response)));

  form(
    '/enable-rule',
    (_request, response) => scheduleAdministration.enableRule(principalOf(response)),
    // What others have read of the rule is older than this.
    { page: '/admin?look-again' },
  );

  return router;
}

/** @throws {PageError} where it was not done */
function refuse(outcome: ScheduleOutcome): void {
  switch (outcome.kind) {
    case 'recorded':
      return;
    case 'not-permitted':
    case 'rule-missing':
    case 'rule-refused':
    case 'rule-not-confirmed':
      throw new PageError({ code: outcome.kind });
    case 'until-not-usable':
      throw new PageError({ code: 'pause-until-not-usable', longestDays: outcome.longestDays });
    case 'reason-not-usable':
      throw new PageError({ code: 'pause-reason-too-long', longest: outcome.longest });
  }
}
