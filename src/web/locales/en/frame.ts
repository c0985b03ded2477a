/** What surrounds every page, and the pages that consist of little else. */
export const frame = {
  product: 'Client VPN On Demand',
  languageName: 'English',
  skip: 'Skip to the content',
  language: 'Language',
  signOut: 'Sign out',
  signedInAs: (name: string) => `Signed in as ${name}`,
  zone: (zone: string, shortName: string) => `Times are shown in ${zone} (${shortName}).`,
  asOf: (time: string) => `As AWS reported it at ${time}.`,
  joinDay: (clock: string, day: string, isNamed: boolean) =>
    isNamed ? `${clock} ${day}` : `${clock} on ${day}`,
  sessionEnded: 'Your session has ended, so this page no longer updates itself.',
  notDone:
    'Your session had ended when you pressed the button, so nothing was changed. If you still want it, press it again.',
  signInAgain: 'Sign in again',
  /** `{time}` is filled in by the browser, which alone knows when it lost the connection. */
  notUpToDate: 'Not up to date since {time}: the portal cannot be reached. It keeps trying.',
  signedOut: {
    title: 'You are signed out',
    happened: 'You are signed out of the portal.',
    next: 'A VPN connection that is open stays open, and endpoints stay on for as long as you asked.',
  },
  home: {
    title: 'Your endpoints',
    intro:
      'A VPN endpoint stays off until somebody needs it. Turn it on here, connect, and it goes off by itself when nobody uses it any more.',
    titleReadOnly: 'All endpoints',
    introReadOnly: 'Which VPN endpoints are on, and why. You can look at everything here.',
    empty: {
      title: 'No endpoint for you yet',
      happened: 'There is no VPN endpoint that your groups may use.',
      next: 'Ask an administrator to add one of your groups to an endpoint, or to put an endpoint into the portal’s hands.',
    },
    notRead: {
      title: 'Reading your endpoints',
      happened: 'The portal has just started and has not been able to read AWS yet.',
      next: 'This takes a few seconds, and the page updates itself. If it lasts longer than a minute, tell an administrator.',
    },
  },
};
