import type { Association } from './association.ts';
import type { Connection } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import type { Route } from './route.ts';

/**
 * One reading of an endpoint: complete, or the reason why it is not. Nothing may be changed on an
 * incomplete one.
 */
export type Observation = CompleteObservation | IncompleteObservation;

export interface CompleteObservation {
  readonly complete: true;
  /** When the reading was finished. */
  readonly at: Date;
  readonly endpoint: Endpoint;
  readonly associations: readonly Association[];
  /** Empty, and not read, where nothing is associated: AWS has then dropped every route. */
  readonly routes: readonly Route[];
  /** Read last: somebody who connects while the rest is being read is then still seen. */
  readonly connections: readonly Connection[];
}

export interface IncompleteObservation {
  readonly complete: false;
  readonly at: Date;
  readonly problem: AwsProblem;
}

export const awsProblemKinds = [
  'busy',
  'misconfigured',
  'not-allowed',
  'unreachable',
  'unknown',
] as const;

/** A failure of AWS in the form that is stored, logged and shown. */
export interface AwsProblem {
  readonly kind: (typeof awsProblemKinds)[number];
  readonly operation: string;
  readonly code: string;
  readonly message: string;
  readonly requestId: string | null;
}
