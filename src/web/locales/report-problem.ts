/** The pages with filters. */
export type ReportPage = '/history' | '/admin/usage' | '/admin/audit';

/** What of an address a page cannot use. */
export type FilterPart =
  | 'month'
  | 'endpoint'
  | 'person'
  | 'sort'
  | 'days'
  | 'place'
  | 'page'
  | 'kind'
  /** On-periods that somebody wants of one person. */
  | 'periods-of-a-person';

/** What goes wrong with a report; `page`: the way back. */
export type ReportProblem =
  | { readonly code: 'filter-not-usable'; readonly part: FilterPart; readonly page: ReportPage }
  | { readonly code: 'answer-too-long'; readonly longestBytes: number; readonly page: ReportPage };
