import type { AuditAction } from '../../src/audit/audit-log.ts';
import type { ActOutcome } from '../../src/lease/administration.ts';
import type { Lease } from '../../src/lease/lease.ts';
import type { ConnectionId } from '../../src/vpn/ids.ts';
import type { TableOperation, TableRequest } from '../fakes/memory-stores.ts';
import type { Random } from './random.ts';
import type { Fault } from './weather.ts';

export type Ec2Operation =
  | 'list-endpoints'
  | 'find-endpoint'
  | 'list-associations'
  | 'list-routes'
  | 'list-connections'
  | 'find-subnets'
  | 'associate'
  | 'disassociate'
  | 'create-route'
  | 'terminate-connection'
  | 'count-rules';

/** The audit is in the same table, under keys of its own. The bus fails as the table does. */
export type StoreOperation = TableOperation | 'append-audit' | 'publish-events';

export interface Ec2Request {
  readonly operation: Ec2Operation;
  /** What is asked for, as a history tells it. */
  readonly subnetId?: string;
  readonly associationId?: string;
  readonly clientToken?: string;
  readonly destinationCidr?: string;
  readonly connectionId?: ConnectionId;
}

/** One call of a process to what is outside of it. */
export interface Call {
  readonly process: SimulatedProcess;
  readonly service: 'ec2' | 'dynamodb';
  readonly operation: Ec2Operation | StoreOperation;
  /** Whether it changes anything, beyond who is at a pass. */
  readonly changes: boolean;
  readonly ec2: Ec2Request | null;
  readonly table: TableRequest | null;
  readonly requestedAt: number;
  readonly fault: Fault;
}

/** A process, or the part of one that does one thing. What shares a life dies together. */
export interface SimulatedProcess {
  readonly name: string;
  readonly kind: 'portal' | 'schedule' | 'dry-run' | 'connect';
  readonly life: { alive: boolean };
  readonly random: Random;
  readonly startedAt: number;
  /** Who asked for this, where a person did. */
  readonly personId: string | null;
  /** Whether that was to give a lease back. */
  readonly releases: boolean;
  /** Does one thing at a time, so that it is at rest as soon as it has asked for something. */
  readonly sequential: boolean;
  /** Calls without an answer so far. */
  pending: number;
  /** Whether what it was started for has come to an end. */
  finished: boolean;
}

/** What the properties get to see, in the order in which it happens. */
export type Step =
  | { readonly kind: 'requested'; readonly call: Call }
  /** A change is about to take effect: everything is still as it was before. */
  | { readonly kind: 'before'; readonly call: Call }
  | {
      readonly kind: 'effect';
      readonly call: Call;
      readonly answer: unknown;
      readonly error: unknown;
      /** The time of the state that was answered. */
      readonly asOf: number;
    }
  | {
      readonly kind: 'answered';
      readonly call: Call;
      /** `null` for a success. */
      readonly error: unknown;
      readonly answer: unknown;
      readonly asOf: number;
    }
  /** A scheduled run has come to its end, without a fault since it began. */
  | { readonly kind: 'calm-run'; readonly startedAt: number }
  /** A person has been told that they hold a lease. */
  | { readonly kind: 'told'; readonly lease: Lease }
  /** A person has been told that their request is refused, because it is held off. */
  | { readonly kind: 'refused'; readonly process: SimulatedProcess }
  /** An administrator has been told what came of an act. */
  | {
      readonly kind: 'act-told';
      readonly process: SimulatedProcess;
      readonly action: AuditAction;
      readonly outcome: ActOutcome['kind'];
      readonly connectionId: string | null;
    }
  | {
      readonly kind: 'world';
      /** The route that somebody has added or deleted in the console. */
      readonly touchedRoute: string | null;
      /** Whether somebody has disassociated a network in the console. */
      readonly tookNetwork: boolean;
    };
