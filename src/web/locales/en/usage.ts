import type { ScheduleRuleState } from '../../../lease/schedule-rule.ts';
import type { ConnectionEnding } from '../../../usage/connection-record.ts';
import type { LeaseEnding } from '../../../usage/lease-record.ts';
import type { PeriodEnd } from '../../../usage/on-period.ts';
import type { Format } from '../format.ts';
import type { FilterPart, ReportProblem } from '../report-problem.ts';
import type { Notice } from '../told.ts';
import { plural } from './plural.ts';

/** The sections of the portal, in the head of every page. */
export const navigation = {
  label: 'Sections',
  links: {
    endpoints: 'Endpoints',
    history: 'My history',
    overview: 'Overview',
    usage: 'Usage',
    audit: 'Audit',
  },
};

const leaseEndings: Readonly<Record<LeaseEnding, string>> = {
  'given-back': 'You gave it back',
  stopped: 'An administrator stopped the endpoint',
  over: 'Its time was over',
  'latest-hour': 'The endpoint’s latest hour had come',
};

/** What a person may see of themselves. */
export const history = {
  title: 'My history',
  intro:
    'Your own connections, as AWS reported them, and what you have asked for. Administrators and auditors can see it too.',
  leases: {
    title: 'What you keep on',
    endpoint: 'Endpoint',
    since: 'Asked for at',
    until: 'On until',
    none: 'You keep no endpoint on at the moment.',
    unread: 'AWS has not been read yet. Load the page again in a few seconds.',
  },
  earlier: {
    title: 'What you asked for before',
    note: 'Each request once, from when you first asked to when it ended, however often you extended it.',
    endpoint: 'Endpoint',
    since: 'Asked for at',
    ended: 'Ended at',
    how: 'How it ended',
    endings: leaseEndings,
    none: 'No earlier request of yours is recorded.',
    pages: 'Pages of earlier requests',
  },
  connections: {
    title: 'Your connections',
    none: 'No connection of yours is recorded. A new one appears here within a few minutes.',
  },
};

const endings: Readonly<Record<ConnectionEnding, string>> = {
  'by-client': 'By the person or the client',
  'by-administrator': 'By an administrator',
  'by-newer-connection': 'By a newer connection of the same person',
  'with-the-stop': 'With the endpoint’s stop',
  'not-observed': 'End not observed',
};

const periodEnds: Readonly<Record<PeriodEnd, string>> = {
  idle: 'Nobody used it any more',
  'held-off': 'An administrator held it off',
  requested: 'An administrator stopped it',
  'latest-hour': 'The latest hour had come',
  failed: 'The association had failed',
  outside: 'Taken away outside of the portal',
};

/** Who used what, and what it cost. */
export const usage = {
  title: 'Usage',
  intro: 'Who used which endpoint when, what it cost and what it saved.',
  backToPage: 'Back to the page, without filters',
  accountsZone: (zone: string) => `Days and months are those of ${zone}.`,
  hours: (figure: string) => `${figure} h`,
  lessThan: (figure: string) => `under ${figure}`,
  share: (percent: string) => `${percent} of always-on`,
  estimate: 'Estimate',
  unnamed: 'Somebody whom AWS does not name',

  filter: {
    title: 'What to show',
    month: 'Month',
    endpoint: 'Endpoint',
    everyEndpoint: 'Every endpoint',
    person: 'Person',
    personHint: 'The whole name, as AWS names them.',
    show: 'Show',
    reset: 'Remove the filters',
    before: (month: string) => `Earlier: ${month}`,
    after: (month: string) => `Later: ${month}`,
    months: 'Other months',
  },

  totals: {
    title: (month: string) => `${month} in figures`,
    onHours: 'Hours on',
    connectionHours: 'Connection hours',
    people: 'People',
    connections: 'Connections',
    data: 'Data, both ways',
    cost: 'Cost',
    alwaysOn: 'Always-on would cost',
    alwaysOnHours: 'Always-on would be',
    portal: 'The portal itself',
    saved: 'Saved',
    lost: 'Spent beyond always-on',
    savedUnread: (hours: string) =>
      `For ${hours} it could not be read: what ended then counts as off from when it was last seen`,
    asOf: (time: string) => `Figures as of ${time}. They are made again every 15 minutes.`,
    none: 'There are no figures for this month yet.',
    noPrices:
      'No prices are set, so hours are shown and no money. Give the settings PRICE_ASSOCIATION_HOUR and PRICE_CONNECTION_HOUR the prices of your Region, and PORTAL_COST_PER_MONTH and CURRENCY if they differ.',
    ofPerson:
      'These are the figures of one person. What an endpoint costs is not split by person, so there is no cost, chart or on-period here.',
    notObserved: (hours: string) =>
      `For ${hours} not every endpoint could be read. What happened there then is not known, and not guessed.`,
    notObservedHere: (hours: string) =>
      `For ${hours} this endpoint could not be read. What happened then is not known, and not guessed.`,
    explain: 'How these figures are made',
    invoice:
      'All of them are estimates, made from what the portal has seen. Only AWS’s invoice says what was charged.',
    explanations: {
      onHours:
        'The time that target networks were associated, all networks added up: what AWS charges association hours for.',
      connectionHours: 'The time that people were connected, all connections added up.',
      people: 'Everybody with at least one connection, counted once, named as AWS names them.',
      connections: 'Connections that began in the month.',
      data: 'What the month’s connections carried, from and to the clients.',
      cost: (association: string, connection: string) =>
        `Hours on, each at ${association}, and connection hours, each at ${connection}.`,
      proRated: 'An hour that has begun is counted by its part.',
      fullHours: 'An hour on that has begun is counted whole.',
      alwaysOn:
        'What the associations would have cost, had the same networks been on all the time that there are figures of. Connections cost the same either way and are left out.',
      alwaysOnHours:
        'The hours of the same networks, had they been on all the time that there are figures of.',
      portal: (perMonth: string) =>
        `What the portal costs by its own setting, ${perMonth} in a month, for the part of the month that there are figures of.`,
      portalNotSplit:
        'The portal’s own cost belongs to all endpoints together, so one endpoint alone is shown without it.',
      saved:
        'Always-on, less what the associations cost, less the portal itself. Connections cost the same either way.',
    },
  },

  days: {
    title: 'Hours on by day',
    description: (month: string, on: string, alwaysOn: string) =>
      `${month}: on for ${on}, where always-on would have been ${alwaysOn}.`,
    most: (description: string, day: string, on: string) =>
      `${description} The most was ${on}, on ${day}.`,
    on: 'On',
    alwaysOn: 'Always-on',
    notObserved: 'Not observed',
    table: 'The same as a table',
    day: 'Day',
    none: 'No figures',
    bar: (day: string, on: string, alwaysOn: string) => `${day}: ${on} on, of ${alwaysOn}`,
    gap: (day: string, hours: string) => `${day}: not observed for ${hours}`,
    cost: 'Cost',
  },
  week: {
    title: 'When in the week it is used',
    caption: (zone: string) =>
      `Connection hours by weekday and hour of the day in ${zone}, all days of the month and all connections added up.`,
    onTitle: 'When in the week it is on',
    onCaption: (zone: string) =>
      `Hours on by weekday and hour of the day in ${zone}, all days of the month and all networks added up. When it was used was not counted yet on some of these days; npm run recompute-usage counts it.`,
    weekday: 'Weekday',
    hour: (hour: string) => `${hour}:00`,
    cell: (weekday: string, hour: string, what: string) => `${weekday} ${hour}:00, ${what}`,
    on: (on: string) => `${on} on`,
    used: (used: string, on: string) => `${used} of connections, ${on} on`,
    less: 'Less',
    more: 'More',
  },
  people: {
    title: 'People by hours',
    person: 'Person',
    hours: 'Hours',
    connections: 'Connections',
    data: 'Data',
    sortBy: (column: string) => `Sort by ${column}`,
    showAll: (value: number, figure: string) =>
      `Show all ${plural(value, figure, 'person', 'people')}`,
    none: 'Nobody was connected.',
    beyond: (value: number, figure: string) =>
      `And at least ${plural(value, figure, 'person', 'people')} more with fewer hours, whom the figures count and do not name. The records below name everybody.`,
  },
  records: {
    title: 'Connections',
    note: 'Those that began in the month, by when they began. Times in your own zone.',
    person: 'Person',
    endpoint: 'Endpoint',
    from: 'From',
    to: 'To',
    hours: 'Hours',
    sent: 'Sent',
    received: 'Received',
    address: 'Client address',
    ending: 'How it ended',
    open: 'Open',
    stillOpen: 'Still open',
    endings,
    none: 'No connection for this choice.',
    noneYet: 'None was found in this part; there may be more further on.',
    newestFirst: 'Newest first',
    oldestFirst: 'Oldest first',
    order: 'Order',
  },
  periods: {
    title: 'On-periods',
    note: 'Each time that a target network was associated.',
    network: 'Target network',
    startedBy: 'Who asked',
    endedBecause: 'Why it ended',
    lasting: 'Still on',
    ends: periodEnds,
    starters: {
      administrator: (name: string) => `${name}, as an administrator`,
      portal: 'The portal, for a request given back meanwhile',
      outside: 'Outside of the portal',
    },
    beganUnobserved: (since: string) =>
      `May have begun at any time since ${since}: it was not read in between.`,
    endedUnobserved: (until: string) =>
      `May have ended at any time until ${until}: it was not read in between.`,
    pages: 'Pages of on-periods',
    earlier: 'Earlier ones',
    newest: 'The newest ones',
    shown: (first: string, last: string, all: string) => `${first} to ${last} of ${all}`,
    none: 'Nothing was on.',
  },
  pager: { label: 'Pages', next: 'Next page', first: 'First page' },
  download: {
    title: 'Take it with you',
    connections: 'Connections as CSV',
    periods: 'On-periods as CSV',
    someDays: 'Only some days',
    from: 'First day',
    to: 'Last day',
    kind: 'What',
    button: 'Download',
  },
};

/** What to look at when the schedule does not run, by what is known of its rule. */
const look: Readonly<Record<'enabled' | 'unknown' | 'not-told', string>> = {
  enabled: 'Its rule is enabled, so its log says more.',
  unknown: 'Check that its rule is enabled, and what its log says.',
  'not-told': 'Check that something runs it every minute, and what its log says.',
};

const ruleStates: Readonly<Record<ScheduleRuleState, (name: string) => string>> = {
  enabled: (name) => `Its rule ${name} is enabled.`,
  disabled: (name) => `Its rule ${name} is disabled.`,
  missing: (name) => `EventBridge has no rule ${name}.`,
  unknown: (name) =>
    `Whether its rule ${name} is enabled could not be read. The portal’s log says why.`,
};

/** Everything at a glance, for whoever looks after it. */
export const overview = {
  title: 'Overview',
  intro:
    'Every endpoint, who is connected, what this month costs, and whether the schedule is alive.',
  attention: {
    title: 'Needs your attention',
    nothing: 'Nothing needs your attention.',
    noRules: (name: string) =>
      `${name}: no authorization rule lets anybody into a network, so people connect and get nowhere.`,
    endpoint: (name: string, why: string) => `${name}: ${why}`,
    unread: (name: string, ago: string, why: string) =>
      `${name}: it could not be read completely for ${ago}. Until it can, it is not turned off, and goes on costing money if it is on. ${why}`.trim(),
    look: 'Look at it',
    gaps: (hours: string) =>
      `For ${hours} of this month not every endpoint could be read: what happened there is not known.`,
  },
  schedule: {
    title: 'The schedule',
    fine: 'It runs',
    overdue: 'Overdue',
    rehearses: 'Dry run',
    paused: 'Stopping is paused',
    pausedUntil: (time: string) => `Nothing is turned off by itself until ${time}.`,
    never: 'It has not run yet. Until it does, nothing is turned off.',
    lastRun: (time: string, ago: string) => `It last ran at ${time}, ${ago} ago.`,
    justNow: (time: string) => `It last ran at ${time}, less than a minute ago.`,
    everyMinute: 'It runs every minute, and it alone turns endpoints off.',
    switchedOff: 'Switched off',
    notRunning: (ago: string, look: string) =>
      `The schedule has not run for ${ago}: nothing is turned off until it does. ${look}`,
    fails: 'Failing',
    failing: (ago: string) =>
      `The runs of the schedule have failed for ${ago}: some endpoints may stay on until that is mended. Its log says which, and why.`,
    neverRun: (look: string) =>
      `The schedule has never run: nothing is turned off until it does. ${look}`,
    look,
    rule: ruleStates,
    ruleDisabled: (name: string) =>
      `The rule ${name}, which runs the schedule, is disabled: nothing is turned off until somebody enables it.`,
    ruleMissing: (name: string) =>
      `EventBridge has no rule ${name} to run the schedule: nothing is turned off unless something else runs it. Deploy the portal again, or correct RECONCILER_RULE_NAME.`,
    dryRun:
      'The schedule only rehearses: it says in its log what it would do, and turns nothing off. Set RECONCILER_DRY_RUN to false to end this.',
  },
  month: { title: (month: string) => `${month} so far`, more: 'More about the usage' },
  endpoints: {
    title: 'Endpoints',
    connected: 'Connected now',
    nobody: 'Nobody',
    since: (name: string, time: string) => `${name}, since ${time}`,
    more: (figure: string) => `and ${figure} more`,
    thisMonth: 'This month',
    unread: 'Not read yet',
    act: 'Open, hold or stop',
    open: 'Open',
    actOf: (name: string) => `Open, hold or stop ${name}`,
    openOf: (name: string) => `Open ${name}`,
    none: 'No endpoint is in the portal’s hands yet. Give one the tag vpn-portal:managed = true.',
    notRead: 'AWS has not been read yet. Load the page again in a few seconds.',
    noFigures: 'No figures yet',
    onHours: 'Hours on',
    cost: 'Cost',
    saved: 'Saved',
  },
};

const notUsable: Readonly<Record<FilterPart, string>> = {
  month: 'The month in the address is not one. Months are written as in 2026-03.',
  endpoint: 'The endpoint in the address is not one that the portal knows.',
  person: 'The name of the person in the address is too long to be one.',
  sort: 'The order in the address is not one that the page offers.',
  kind: 'The kind of file in the address is not one. It is connections or periods.',
  'periods-of-a-person':
    'On-periods are of endpoints and of no single person. Leave the person out to get them, or ask for the connections of that person.',
  days: 'The days in the address cannot be used. They are written as in 2026-03-04, and belong to the month.',
  page: 'The page in the address is no number of one.',
  place: 'The place in the list that the address names does not exist.',
};

export function reportNotice(problem: ReportProblem, format: Format): Notice {
  switch (problem.code) {
    case 'filter-not-usable':
      return {
        title: 'This choice cannot be shown',
        happened: notUsable[problem.part],
        next: 'Go back to the page and choose there.',
      };
    case 'answer-too-long':
      return {
        title: 'Too much for one file',
        happened: `What was asked for is longer than the ${format.count(Math.floor(problem.longestBytes / 1000))} kB that fit into one answer here.`,
        next: 'Go back to the page, choose one endpoint or one person, or fewer days under “Only some days”, and download again.',
      };
  }
}
