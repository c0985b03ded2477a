import type { Request, Response } from 'express';

import { personIn } from '../audit/audit-log.ts';
import type { AuditAction, AuditEntry } from '../audit/audit-log.ts';
import { parseEndpointId } from '../vpn/ids.ts';
import { contextOf } from './request-context.ts';

/** What each address is for: of those that are read, and of the forms. */
const reads: readonly (readonly [RegExp, AuditAction])[] = [
  [/^\/endpoints\/[^/]+\/client-configuration$/, 'download-configuration'],
];
const forms: readonly (readonly [RegExp, AuditAction])[] = [
  [/^\/endpoints\/[^/]+\/lease$/, 'request-lease'],
  [/^\/endpoints\/[^/]+\/lease\/release$/, 'release-lease'],
  [/^\/admin\/endpoints\/[^/]+\/hold$/, 'hold'],
  [/^\/admin\/endpoints\/[^/]+\/release-hold$/, 'release-hold'],
  [/^\/admin\/endpoints\/[^/]+\/stop$/, 'stop'],
  [/^\/admin\/endpoints\/[^/]+\/connections\/[^/]+\/terminate$/, 'terminate'],
  [/^\/admin\/schedule\/pause$/, 'pause-stopping'],
  [/^\/admin\/schedule\/resume$/, 'resume-stopping'],
  [/^\/admin\/schedule\/enable-rule$/, 'enable-rule'],
];
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
  const action = actionOf(method, path);
  return {
    at,
    ...personIn(principal),
    action,
    endpointId: parseEndpointId(underAnEndpoint.exec(path)?.[1] ?? ''),
    // Without its query, in which people's names may stand.
    detail: action === 'download-configuration' ? '' : `${method} ${path.slice(0, longestPath)}`,
    outcome,
    requestIds: [],
  };
}

function actionOf(method: string, path: string): AuditAction {
  const isReading = method === 'GET' || method === 'HEAD';
  const found = (isReading ? reads : forms).find(([address]) => address.test(path));
  return found?.[1] ?? (isReading ? 'open-page' : 'send-request');
}
