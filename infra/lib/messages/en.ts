import type { Messages } from './message.ts';

const nothing = 'There is nothing to do.';
const turnOnAgain = 'Whoever needs it turns it on again in the portal.';
const readThePage = 'The page of the endpoint says more about it, and what the portal does next.';

export const en: Messages = {
  openEndpoint: 'Open the endpoint in the portal',
  openOverview: 'Open the overview in the portal',
  runbook: 'Runbook:',
  at: 'At (UTC):',
  of: {
    startingForSomebody: {
      title: 'Client VPN: an endpoint is starting',
      happened: '{starter} has asked for {endpointName}, and it is starting.',
      next: 'It is usually ready after 5 to 10 minutes. There is nothing to do.',
    },
    startingByItself: {
      title: 'Client VPN: an endpoint is starting',
      happened: '{endpointName} is starting, though nobody has just asked the portal for it.',
      next: 'Somebody may have turned it on in AWS. It goes off by itself once nobody uses it.',
    },
    ready: {
      title: 'Client VPN: an endpoint is ready',
      happened: '{endpointName} is on.',
      next: 'Connect with the VPN client.',
    },
    stoppingIdle: {
      title: 'Client VPN: an endpoint is stopping',
      happened: 'Nobody uses {endpointName} any more, so it is being turned off.',
      next: turnOnAgain,
    },
    stoppingByAdministrator: {
      title: 'Client VPN: an endpoint is stopping',
      happened: '{by} has stopped {endpointName}.',
      next: turnOnAgain,
    },
    stoppingHeldOff: {
      title: 'Client VPN: an endpoint is stopping',
      happened: '{by} holds {endpointName} off, so it is being turned off.',
      next: 'Whoever needs it before the hold ends should ask an administrator.',
    },
    stoppingLatestHour: {
      title: 'Client VPN: an endpoint is stopping',
      happened:
        'The hour has come at which {endpointName} goes off every day, so it is being turned off.',
      next: turnOnAgain,
    },
    stoppingOtherwise: {
      title: 'Client VPN: an endpoint is stopping',
      happened: '{endpointName} is being turned off. The reason is {reason}.',
      next: turnOnAgain,
    },
    stopped: {
      title: 'Client VPN: an endpoint is off',
      happened: '{endpointName} is off.',
      next: turnOnAgain,
    },
    startFailed: {
      title: 'Client VPN: an endpoint could not be started',
      happened:
        'Starting {endpointName} has failed several times. The last answer of AWS to {operation} was {code}. The portal tries again at {nextTryAt} (UTC).',
      next: 'People are waiting: look at the page of the endpoint, which says what AWS has answered.',
    },
    attentionTags: {
      title: 'Client VPN: an endpoint needs attention',
      happened:
        'There is a mistake in the tags of {endpointName}: {mistake} in {subject}. The portal does nothing to it until that is mended.',
      next: 'Correct the tag in AWS. The page of the endpoint names every mistake. The portal then notices by itself.',
    },
    attentionSubnets: {
      title: 'Client VPN: an endpoint needs attention',
      happened:
        'AWS would refuse the subnets of {endpointName}: {mistake}, of {subject}. The portal does not try to start it.',
      next: 'Correct the subnets, or the tag that names them. The page of the endpoint names every mistake.',
    },
    attentionStopFailed: {
      title: 'Client VPN: an endpoint cannot be turned off',
      happened:
        '{endpointName} should go off, but the answer of AWS to {operation} was {code}. It goes on costing money.',
      next: 'The portal tries again every minute. If it lasts, disassociate the networks in the VPC console.',
    },
    attentionStopOverdue: {
      title: 'Client VPN: an endpoint should be off',
      happened:
        '{endpointName} should have gone off, but what turns endpoints off has not come by. It goes on costing money.',
      next: 'Look whether the schedule runs: the overview says so.',
    },
    attentionRoutes: {
      title: 'Client VPN: an endpoint lacks routes',
      happened:
        '{endpointName} is on, but not all of its routes could be put back. People can connect, and may not reach everything.',
      next: 'The page of the endpoint says which routes, and what AWS has answered.',
    },
    attentionOtherwise: {
      title: 'Client VPN: an endpoint needs attention',
      happened: '{endpointName} needs attention. The reason is {reason}.',
      next: readThePage,
    },
    recoveredOn: {
      title: 'Client VPN: an endpoint is well again',
      happened: 'The trouble with {endpointName} is over ({reason}). It is on.',
      next: nothing,
    },
    recoveredOff: {
      title: 'Client VPN: an endpoint is well again',
      happened: 'The trouble with {endpointName} is over ({reason}). It is off.',
      next: nothing,
    },
    heldOn: {
      title: 'Client VPN: an endpoint is held on',
      happened: '{by} holds {endpointName} on until {until} (UTC): {why}',
      next: 'It costs money until then. An administrator can end the hold on its page.',
    },
    heldOff: {
      title: 'Client VPN: an endpoint is held off',
      happened: '{by} holds {endpointName} off until {until} (UTC): {why}',
      next: 'Whoever needs it before that should ask an administrator, who can end the hold on its page.',
    },
    connectionEnded: {
      title: 'Client VPN: a connection was ended',
      happened: '{by} has ended the connection of {person} to {endpointName}.',
      next: nothing,
    },
    connectionEndedOfNobody: {
      title: 'Client VPN: a connection was ended',
      happened:
        '{by} has ended a connection to {endpointName}. AWS does not say whose connection it was.',
      next: nothing,
    },
    stayedOnOne: {
      title: 'Client VPN: an endpoint stayed on overnight',
      happened: '{names} was on at midnight, and still is.',
      next: 'The overview says what keeps it on, and who is connected. If nobody needs it, stop it, or end the hold on its page.',
    },
    stayedOnSeveral: {
      title: 'Client VPN: endpoints stayed on overnight',
      happened: 'These endpoints were on at midnight, and still are: {names}.',
      next: 'The overview says what keeps each of them on, and who is connected. Stop those that nobody needs, or end the hold on their pages.',
    },
    scheduleFailing: {
      title: 'Client VPN: the schedule is in trouble',
      happened:
        'Every run of the schedule has failed since {since} (UTC). Endpoints may stay on, and cost money.',
      next: 'Look at the log of the reconciler, and run the doctor.',
    },
    scheduleNotRunning: {
      title: 'Client VPN: the schedule does not run',
      happened:
        'The schedule has last run at {since} (UTC). Nothing is turned off any more, and it costs money.',
      next: 'The overview says whether its rule is disabled, and offers to enable it.',
    },
    scheduleRecovered: {
      title: 'Client VPN: the schedule runs again',
      happened: 'The schedule runs again. The trouble began at {since} (UTC).',
      next: 'There is nothing to do: it makes up for what it has missed.',
    },
  },
};
