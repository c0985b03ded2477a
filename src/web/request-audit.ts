import type { Request, Response } from 'express';

import { personIn } from '../audit/audit-log.ts';
import type { AuditAction, AuditEntry } from '../audit/audit-log.ts';
import { parseEndpointId } from '../vpn/ids.ts';
import { contextOf } from './request-context.ts';

const downloads = /^\/endpoints\/([^/]+)\/client-configuration$/;
const underAnEndpoint = /^(?:\/admin|\/fragments)?\/endpoints\/([^/]+)/;
const longestPath = 200;

/** What the audit says of a request that no service writes down; `null` where nobody is signed in. */
export function requestEntry(
  request: Request,
  response: Response,
  { at, outcome }: { readonly at: Date; readonly outcome: string },
): AuditEntry | null {
  const { principal } = contextOf(response);
  if (principal === null) return null;
  const { method, path } = request;
  const action: AuditAction = downloads.test(path) ? 'download-configuration' : 'open-page';
  return {
    at,
    ...personIn(principal),
    action,
    endpointId: parseEndpointId(underAnEndpoint.exec(path)?.[1] ?? ''),
    // Without its query, in which people's names may stand.
    detail: action === 'open-page' ? `${method} ${path.slice(0, longestPath)}` : '',
    outcome,
    requestIds: [],
  };
}
