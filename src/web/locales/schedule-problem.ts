/** What may be wrong with what an administrator asks of the schedule. */
export type ScheduleProblem =
  | { readonly code: 'pause-until-not-usable'; readonly longestDays: number }
  | { readonly code: 'pause-reason-missing' }
  | { readonly code: 'pause-reason-too-long'; readonly longest: number }
  | { readonly code: 'rule-missing' }
  | { readonly code: 'rule-refused' }
  | { readonly code: 'rule-not-confirmed' };
