/**
 * What a request that would have changed something was refused for before any service heard of it. The
 * services note what they refuse themselves, with what exactly was asked for.
 */
export const requestRefusals = [
  'cross-site-request',
  'wrong-content-type',
  'body-unreadable',
  'body-too-large',
  'malformed-id',
  'method-not-allowed',
  'page-not-found',
] as const;
