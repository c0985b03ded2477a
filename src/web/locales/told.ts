/** What a person is told about a situation: always both halves. */
export interface Told {
  readonly happened: string;
  /** What happens, or what to do, next. */
  readonly next: string;
  /** AWS's own words, in the language AWS chose; empty where there are none. */
  readonly quote: string;
}

/** A message that fills a page of its own. */
export interface Notice {
  readonly title: string;
  readonly happened: string;
  readonly next: string;
}
