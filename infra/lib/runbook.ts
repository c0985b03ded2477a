/*
 * What an administrator may be told of, each by the name of its heading in docs/operator-runbook.md.
 * A test holds the headings against this list.
 */

export const runbookHeadings = {
  reconcilerFailures: 'Reconciler failures',
  reconcilerNotRunning: 'Reconciler not running',
  deadLetters: 'Dead letters',
  endpointOnTooLong: 'Endpoint on too long',
  endpointNeedsAttention: 'Endpoint needs attention',
  startFailures: 'Start failures',
  portalErrors: 'Portal errors',
  loadBalancerErrors: 'Load balancer errors',
  claimsTooLarge: 'Claims too large',
  signInErrors: 'Sign-in errors',
  signInFailures: 'Sign-in failures',
  monthlyBudget: 'Monthly budget',
  connectFailures: 'Connect handler failures',
  connectThrottled: 'Connect handler throttled',
  connectSlow: 'Connect handler slow',
  connectUnjudged: 'Clients not judged',
  notificationsLost: 'Notifications not delivered',
} as const;

export type RunbookTopic = keyof typeof runbookHeadings;

export const runbookFile = 'docs/operator-runbook.md';

/** As GitHub and most others make them of a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replaceAll(' ', '-');
}

/**
 * Where to read what to do.
 *
 * @param url of the runbook, as people reach it; `null` where it is read in the repository
 */
export function runbookPlace(topic: RunbookTopic, url: string | null): string {
  return `${url ?? runbookFile}#${anchorOf(runbookHeadings[topic])}`;
}
