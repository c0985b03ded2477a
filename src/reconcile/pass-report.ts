import type { EndpointRecord } from '../lease/endpoint-record.ts';
import type { PassFindings } from '../lease/endpoint-store.ts';
import type { Decision } from './decision.ts';

/** What came of a pass, once it is recorded. */
export interface PassReport {
  /** The record as the pass found it. */
  readonly before: EndpointRecord;
  /** What was decided, whatever has become of it. */
  readonly decided: Decision;
  /** What the record says now. */
  readonly found: PassFindings;
}

/** What came of a run of the schedule. */
export interface RunReport {
  /** Endpoints that had their pass, be it in this run or from somebody who came first. */
  readonly passed: number;
  /** Endpoints that AWS, or the table, has kept from it. */
  readonly failed: number;
  readonly seconds: number;
}
