import { plural } from './plural.ts';

/** What administrators do to an endpoint, and what everybody is told of it. */
export const administration = {
  title: 'Administration',
  intro: 'What you do here counts for everybody, and is noted in the audit under your name.',

  held: {
    on: (until: string) => `Held on until ${until}`,
    off: (until: string) => `Held off until ${until}`,
    givenBy: (who: string, at: string) => `Reason given by ${who} at ${at}`,
    offOnceUnused: 'It goes off as soon as nobody is connected. Nobody is cut off.',
    release: 'Release the hold',
  },
  hold: {
    title: 'Hold it on or off',
    kind: 'What to do',
    on: 'Keep it on, even if nobody uses it. It is turned on if it is off.',
    off: 'Keep it off. Nobody can turn it on; whoever is connected can stay until they leave.',
    duration: 'For',
    days: (value: number, figure: string) => plural(value, figure, 'day', 'days'),
    reason: 'Reason',
    reasonHint: (longest: string) =>
      `Everybody who may see the endpoint reads it. At most ${longest} characters.`,
    button: 'Hold',
    replaces: 'A new hold replaces the one before it.',
  },
  stop: {
    title: 'Stop it',
    link: 'Stop now…',
    hint: 'Shows first who is connected, and asks once more.',
  },

  pause: {
    until: (time: string) => `Stopping is paused until ${time}`,
    meaning:
      'Nothing is turned off by itself before that: whatever is on stays on, and costs money.',
    next: (time: string) => `It does not go off before ${time}, because stopping is paused.`,
    title: 'Pause the stopping',
    hint: 'For all endpoints: nothing goes off by itself, neither for want of use, nor because it is held off, nor at its latest hour. What an administrator stops goes off all the same.',
    reasonHint: (longest: string) =>
      `Everybody who is signed in reads it. At most ${longest} characters.`,
    button: 'Pause stopping',
    ends: 'A pause ends by itself.',
    replaces: 'A new pause replaces the one before it.',
    resume: 'End the pause',
    resumeHint: 'What nobody needs then goes off within a few minutes.',
  },
  rule: {
    enable: 'Enable the rule',
    hint: 'It was disabled in AWS, not here. To keep endpoints on for a while, pause the stopping instead: a pause ends by itself.',
  },

  connections: {
    title: 'Who is connected',
    person: 'Person',
    since: 'Connected since',
    action: 'Action',
    ending: 'being ended',
    end: 'End connection',
    endOf: (person: string) => `End connection of ${person}`,
    unnamed: 'Somebody whom AWS does not name',
    none: 'Nobody is connected.',
    more: (figure: string) => `And ${figure} more.`,
  },

  endsSoon: {
    staysOn: (time: string) =>
      `Every request ends at ${time}. Whoever is still connected then is not cut off.`,
    cutsOff: (time: string) =>
      `It is turned off at ${time}, and whoever is still connected then is cut off.`,
  },
  unused: 'Nobody is using it, and nobody has asked for it.',
  silent: (value: number, figure: string, duration: string) =>
    `${plural(value, figure, 'connection is', 'connections are')} open, but nothing has moved there for ${duration} or longer, so that does not count as use.`,

  stoppedAt: (time: string) =>
    `An administrator stopped it at ${time}, and with that every request for it ended.`,
  lacksRules:
    'When the portal last looked, it had no authorization rule: people can connect, but reach nothing. Tell an administrator.',
  costs: {
    mistagged:
      'It is on and costs money, and the portal does not turn it off as long as this is not corrected. An administrator can stop it.',
    partly: 'Some of its networks are associated, so it costs money.',
  },
  dryRun: {
    title: 'Dry run: nothing is turned off',
    text: 'The schedule decides what it would do, writes that to its log, and does none of it. Whatever is on stays on and costs money; a stop or the end of a connection that is asked for here is only noted. Set RECONCILER_DRY_RUN to false to end the dry run.',
    next: 'It does not go off, because the schedule only rehearses (dry run).',
  },

  confirmStop: {
    title: (name: string) => `Stop ${name} now?`,
    happens:
      'Everybody who is connected is cut off, and every request for it ends. Whoever needs it can turn it on again.',
    nothing: 'It is off already, and nobody has asked for it. There is nothing to stop.',
    connected: 'These connections are cut off',
    unread: 'AWS has not been read yet, so it is not known who is connected.',
    leases: 'These requests end',
    leaseOf: (name: string, until: string) => `${name}, until ${until}`,
    connectionOf: (name: string, since: string) => `${name}, since ${since}`,
    noLeases: 'Nobody has asked for it.',
    hold: (who: string, until: string) => `The hold of ${who}, on until ${until}, ends too.`,
    button: 'Stop it now',
    back: 'Leave it as it is',
  },
};
