import type { EndpointState } from '../../../lease/endpoint-record.ts';
import type { AssociationStatus } from '../../../vpn/association.ts';
import type { RouteStatus } from '../../../vpn/route.ts';
import { plural } from './plural.ts';

const states: Record<EndpointState, string> = {
  off: 'Off',
  starting: 'Starting',
  on: 'On',
  stopping: 'Stopping',
  'needs-attention': 'Needs attention',
};

const associationStatuses: Record<AssociationStatus | 'absent', string> = {
  absent: 'Not associated',
  associating: 'Being associated',
  associated: 'Associated',
  'association-failed': 'Association failed',
  disassociating: 'Being disassociated',
  disassociated: 'Disassociated',
  unknown: 'A status the portal does not know yet',
};

const routeStatuses: Record<RouteStatus, string> = {
  creating: 'Being created',
  active: 'Active',
  failed: 'Failed',
  deleting: 'Being deleted',
  unknown: 'A status the portal does not know yet',
};

/** One endpoint, on the home page and on its own. */
export const endpoint = {
  states,
  associationStatuses,
  routeStatuses,
  sinceTime: (time: string) => `since ${time}`,
  announcement: (name: string, state: string) => `${name}: ${state}`,
  startedOutside: 'It was started outside the portal, in the AWS console for example.',
  awsSays: 'AWS says',
  readOnly: 'You can look at this endpoint, but not turn it on or off.',
  problems: 'What has to be corrected',

  facts: {
    until: 'Stays on until at least',
    wantedUntil: 'Asked for until',
    askedForBy: 'Asked for by',
    connected: 'Connected now',
    goesOff: 'Goes off',
    usually: 'Usually ready in',
  },
  nobodyConnected: 'Nobody',
  connected: (value: number, figure: string) => plural(value, figure, 'connection', 'connections'),
  you: 'you',
  people: (names: readonly string[]) => names.join(', '),
  goesOffAbout: (time: string) => `about ${time}, unless someone connects`,
  goesOffAt: (time: string) => `at ${time}, whoever is connected`,
  goesOffNever: 'not by itself (dry run)',
  goesOffLater: (idle: string) => `${idle} after the last use`,
  goesOffLaterThan: (idle: string, earliest: string) =>
    `${idle} after the last use, not before ${earliest}`,

  lease: {
    turnOn: 'Turn on',
    turnOnFor: 'Keep it on for',
    turnOnAgain: 'Turn on again',
    extend: 'Extend',
    extendUntil: 'Keep it on',
    keepOn: 'Keep it on',
    meToo: 'I need it too',
    tryAgain: 'Try again',
    untilTime: (time: string) => `until ${time}`,
    release: 'I’m done',
    cancel: 'Cancel my request',
    releaseHint: 'Takes back your request. Nobody who is connected is cut off.',
    longestTonight: (time: string) =>
      `You have asked for the longest time there is: requests end at ${time}.`,
    longest: 'You have asked for the longest time on offer. You can extend it later.',
  },

  download: 'Download configuration',
  downloadFor: (name: string) => `Download configuration for ${name}`,
  details: 'Details',
  detailsOf: (name: string) => `Details of ${name}`,
  watch: 'Watch progress',
  watchOf: (name: string) => `Watch progress of ${name}`,
  back: 'All endpoints',

  start: {
    title: 'Progress',
    bar: (name: string) => `Progress of starting ${name}`,
    elapsed: (duration: string) => `Started about ${duration} ago`,
    justNow: 'Started just now',
    usuallyUnknown: 'Usually 5 to 10 minutes',
    usuallyHere: (duration: string) => `Usually about ${duration} here`,
    remaining: (duration: string) => `About ${duration} to go`,
    anyMoment: 'Should be ready any moment',
    slow: 'This is slower than usual; AWS sometimes takes up to 30 minutes. Nothing is lost, and it goes on by itself.',
    verySlow:
      'This takes longer than AWS normally ever does. Ask an administrator to have a look; it is still being tried.',
    unattended: 'You can close this page: it goes on by itself.',
    steps: {
      askedFor: 'Asked for',
      networks: 'Networks associating',
      routes: 'Routes coming back',
      ready: 'Ready',
    },
    doneOf: (done: string, of: string) => `${done} of ${of}`,
    marks: { done: 'done', current: 'in progress', toDo: 'to do' },
  },
  usuallyUnknown: '5 to 10 minutes',
  usuallyHere: (duration: string) => `about ${duration}`,

  notify: {
    ask: 'Notify me when it is ready, and before it goes off',
    askOfEnd: 'Notify me before it goes off',
    asked: 'You will be notified',
    refused: 'Your browser does not allow notifications from this page',
    ready: { title: (name: string) => `${name} is on`, body: 'You can connect now.' },
    ending: {
      title: (name: string) => `${name} goes off soon`,
      about: (time: string) => `About ${time}, unless someone connects or asks for it before.`,
      at: (time: string) => `At ${time}, whoever is connected.`,
    },
    stopping: {
      title: (name: string) => `${name} is going off`,
      body: 'If you still need it, turn it on again.',
    },
  },
  /** In the tab, and read aloud, shortly before that. */
  offAt: (time: string) => `Off at ${time}`,

  ready: {
    title: 'Ready to connect',
    text: 'Open your VPN client and connect. If this is your first time, the steps are below.',
  },

  leases: {
    title: 'Who keeps it on',
    person: 'Person',
    until: 'Until',
    since: 'Asked at',
    none: 'Nobody has asked for it at the moment.',
  },
  network: {
    title: 'Network details',
    summary: (associated: string, of: string, routes: number, figure: string) =>
      `${associated} of ${of} target networks associated, ${plural(routes, figure, 'route', 'routes')}`,
    unread: 'not read yet',
    targetNetworks: 'Target networks',
    subnet: 'Subnet',
    status: 'Status',
    message: 'AWS’s message',
    noMessage: 'none',
    noSubnet: 'none (Transit Gateway)',
    noTargetNetworks: 'There is no target network.',
    routes: 'Routes',
    destination: 'Destination',
    through: 'Through',
    noRoutes: 'There are no routes yet. They come with the target networks.',
    endpointId: 'Endpoint id',
  },
};
