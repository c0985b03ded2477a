import type { Response } from 'express';

import { can } from '../identity/principal.ts';
import type { Capability, Principal } from '../identity/principal.ts';
import { PageError } from './page-error.ts';
import { principalOf } from './request-context.ts';

/** @throws {PageError} for whoever may not; the refusal is noted in the audit */
export function permitted(response: Response, capability: Capability): Principal {
  const principal = principalOf(response);
  if (!can(principal, capability)) throw new PageError({ code: 'not-permitted' });
  return principal;
}
