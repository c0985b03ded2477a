/** What a figure has to keep: of its ratio where `of` says so, of the amount otherwise. */
export type Budget = {
  readonly of: 'ratio' | 'amount';
  /** In the unit of the amount; nothing where it is a ratio. */
  readonly unit: string;
  /** Why it is that, and no other number. */
  readonly why: string;
} & ({ readonly atLeast: number } | { readonly atMost: number });

/** Everything that `npm run bench -- --check` holds the product to. */
export const budgets = {
  homePageThroughput: {
    of: 'ratio',
    unit: '',
    atLeast: 0.6,
    why: 'identity, store, headers and words may cost two thirds of a bare page on top, no more',
  },
  memoryGrowth: {
    of: 'ratio',
    unit: '',
    atMost: 1.1,
    why: 'what is warm and grows by more than a tenth in 100,000 requests grows without end',
  },
  tabsP99: {
    of: 'amount',
    unit: 'ms',
    atMost: 3_000,
    why: 'an answer that is later than the next look is due is news of the past',
  },
  tabsEc2: {
    of: 'ratio',
    unit: '',
    atMost: 1.25,
    why: 'the limit is one pass in five seconds; a single tab looks every three, so takes it after six',
  },
  tabsReads: {
    of: 'amount',
    unit: '/s',
    atMost: 6,
    why: 'three shared readings a second, and what the passes read',
  },
  coldStart: {
    of: 'ratio',
    unit: '',
    atMost: 2,
    why: 'whoever meets a cold function waits for it; twice the least is what a framework costs, too',
  },
  coldRun: {
    of: 'ratio',
    unit: '',
    atMost: 3,
    why: 'nobody waits for a run of the schedule, and the first asks EC2 and the table within it',
  },
  portalCode: {
    of: 'amount',
    unit: 'KB',
    atMost: 1_940,
    why: 'a twentieth above what it is: a dependency that comes in whole is seen',
  },
  reconcilerCode: {
    of: 'amount',
    unit: 'KB',
    atMost: 1_100,
    why: 'a twentieth above what it is: a dependency that comes in whole is seen',
  },
  connectCode: {
    of: 'amount',
    unit: 'KB',
    atMost: 920,
    why: 'a twentieth above what it is: a dependency that comes in whole is seen',
  },
  pageWeight: {
    of: 'amount',
    unit: 'KB',
    atMost: 60,
    why: 'a second on a slow mobile connection of half a megabit a second',
  },
  passSeconds: {
    of: 'amount',
    unit: 's',
    atMost: 20,
    why: 'a run has to be over well before the next one, a minute later',
  },
  passCalls: {
    of: 'amount',
    unit: 'calls',
    atMost: 5,
    why: 'four readings of an endpoint that is on, and one more for each page of a long list',
  },
  passUnread: {
    of: 'amount',
    unit: 'endpoints',
    atMost: 0,
    why: 'nothing is decided about an endpoint that was not read',
  },
  historyItems: {
    of: 'ratio',
    unit: '',
    atMost: 1.3,
    why: 'a page must not read more because there is more that it does not show',
  },
  historyP95: {
    of: 'ratio',
    unit: '',
    atMost: 1.3,
    why: 'nor take longer',
  },
  exportMemory: {
    of: 'amount',
    unit: 'MB',
    atMost: 200,
    why: 'an export is streamed, and a function has 512 MB for all it does',
  },
} as const satisfies Readonly<Record<string, Budget>>;

export type BudgetName = keyof typeof budgets;
