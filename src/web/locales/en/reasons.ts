import type { Reason } from '../../../lease/reason.ts';
import type { AwsProblem } from '../../../vpn/observation.ts';
import type { Format } from '../format.ts';
import type { Told } from '../told.ts';
import { plural } from './plural.ts';

function awsProblem({ kind, operation, code }: AwsProblem): string {
  switch (kind) {
    case 'busy':
      return 'AWS is busy with another change.';
    case 'misconfigured':
      return `AWS refuses, because the set-up of the endpoint or its networks does not allow it (${code}).`;
    case 'not-allowed':
      return `The portal lacks the permission for ${operation}.`;
    case 'unreachable':
      return 'AWS does not answer.';
    case 'unknown':
      return `AWS gives an answer that the portal does not know (${code}).`;
  }
}

function silent(connections: number, format: Format): string {
  if (connections === 0) return '';
  const open = plural(
    connections,
    format.count(connections),
    'connection was still open but did',
    'connections were still open but did',
  );
  return ` ${open} not count, because nothing had moved there for too long.`;
}

/** Why an endpoint is as it is, from the same list that the reconciler logs. */
export function reason(why: Reason, format: Format): Told {
  const told = (happened: string, next: string, quote = ''): Told => ({ happened, next, quote });
  switch (why.code) {
    case 'nobody-needs-it':
      return told('Nobody needs it at the moment.', 'It stays off until somebody turns it on.');
    case 'lease-held':
      return told(
        `It has been asked for, until ${format.time(why.until)}.`,
        'AWS is being asked to associate its networks.',
      );
    case 'associating':
      return told('AWS is associating its networks.', 'It goes on by itself until it is ready.');
    case 'restoring-routes':
      return told(
        'The networks are associated, and the routes are being put back.',
        'It is ready as soon as the last route is active.',
      );
    case 'waiting-for-the-stop':
      return told(
        'It was being turned off, and AWS has to finish that first.',
        'It starts by itself right afterwards.',
      );
    case 'removing-a-failed-association':
      return told(
        'AWS could not associate one of its networks, so the portal is taking that one back.',
        'Then it is tried again by itself.',
        why.message,
      );
    case 'trying-again':
      return told(
        `The last try did not work. ${awsProblem(why.problem)}`,
        `It is tried again by itself at ${format.time(why.retryAt)}.`,
        why.problem.message,
      );
    case 'gave-up':
      return told(
        `Starting has failed several times. ${awsProblem(why.problem)}`,
        `Tell an administrator if trying again does not help. The portal itself tries again at ${format.time(why.retryAt)}.`,
        why.problem.message,
      );
    case 'routes-not-restored':
      return told(
        `It is on, but ${plural(why.failed, format.count(why.failed), 'route', 'routes')} could not be put back.`,
        'You can connect, but some destinations may be out of reach. Tell an administrator.',
        why.message,
      );
    case 'kept-on-by-lease':
      return told(
        `It stays on until ${format.time(why.until)} at least, because somebody has asked for it.`,
        'After that it goes off by itself, once nobody uses it.',
      );
    case 'connected':
      return told(
        `It stays on because of ${plural(why.connected, format.count(why.connected), 'open connection', 'open connections')}.`,
        'It goes off by itself some time after the last one has ended.',
      );
    case 'idle-grace':
      return told(
        'Nobody is connected, and nobody has asked for it.',
        `It goes off at ${format.time(why.stopAt)}, unless somebody connects or asks for it before.`,
      );
    case 'held-on':
      return told(
        `${why.by} holds it on until ${format.time(why.until)}.`,
        'After that it goes off by itself, once nobody uses it.',
      );
    case 'held-off':
      return told(
        `${why.by} holds it off until ${format.time(why.until)}.`,
        'It cannot be turned on before that. If you need it sooner, ask an administrator.',
      );
    case 'idle':
      return told(
        `Nobody has used it since ${format.time(why.since)}, so it is being turned off.${silent(why.silent, format)}`,
        'If you need it, turn it on again: it starts as soon as AWS has finished.',
      );
    case 'stopped-by-an-administrator':
      return told(
        `${why.by} has stopped it.`,
        'If you need it, turn it on again: it starts as soon as AWS has finished.',
      );
    case 'latest-hour':
      return told(
        `It goes off at ${format.time(why.at)}, whoever uses it, so it is being turned off.`,
        'If you need it, turn it on again: it starts as soon as AWS has finished.',
      );
    case 'disassociating':
      return told(
        'AWS is taking its networks away.',
        'If you need it, turn it on again: it starts as soon as AWS has finished.',
      );
    case 'dry-run':
      return told(
        `It would have been turned off at ${format.time(why.since)}, but the schedule only rehearses (dry run).`,
        'It stays on and costs money until an administrator ends the dry run.',
      );
    case 'stopping-paused':
      return told(
        `It would be turned off, but ${why.by} has paused stopping until ${format.time(why.until)}.`,
        'It stays on and costs money until then. An administrator can stop it, or end the pause.',
      );
    case 'reading-incomplete':
      return told(
        `The portal could not read everything, so it changes nothing. ${awsProblem(why.problem)}`,
        'It reads again by itself within a minute. If this lasts, tell an administrator.',
        why.problem.message,
      );
    case 'stop-failed':
      return told(
        `It should go off, but AWS refuses to take its networks away. ${awsProblem(why.problem)}`,
        'It goes on costing money. The portal tries again every minute; tell an administrator.',
        why.problem.message,
      );
    case 'stop-overdue':
      return told(
        `It should have gone off at ${format.time(why.since)}, but what turns endpoints off has not come by.`,
        'It can be used, and it goes on costing money. Tell an administrator that the schedule does not run.',
      );
    case 'policy-invalid':
      return told(
        'There is a mistake in its tags, so the portal does nothing to it.',
        'An administrator has to correct the tags; the portal then notices by itself.',
      );
    case 'subnets-invalid':
      return told(
        'AWS would refuse its subnets, so the portal does not try to start it.',
        'An administrator has to correct what is named below; the portal then notices by itself.',
      );
  }
}
