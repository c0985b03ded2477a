import type { CaseName } from '../event-cases.ts';

/**
 * What people read of an event. `{field}` stands for what the event says, in `happened` alone: chats
 * show the title and the next step as they stand here.
 */
export interface Message {
  readonly title: string;
  readonly happened: string;
  /** What to do, or that there is nothing to do. */
  readonly next: string;
}

export interface Messages {
  readonly of: Readonly<Record<CaseName, Message>>;
  readonly openEndpoint: string;
  readonly openOverview: string;
  /** Before the address of the runbook. */
  readonly runbook: string;
  /** Before the moment of the event, which EventBridge can only copy: in universal time. */
  readonly at: string;
}

/** Where a field is in an event. */
export const fields = {
  endpointName: '$.detail.endpointName',
  endpointId: '$.detail.endpointId',
  at: '$.detail.at',
  reason: '$.detail.reason',
  starter: '$.detail.startedBy.name',
  by: '$.detail.by',
  why: '$.detail.why',
  until: '$.detail.until',
  since: '$.detail.since',
  person: '$.detail.person',
  names: '$.detail.names',
  operation: '$.detail.problem.operation',
  code: '$.detail.problem.code',
  nextTryAt: '$.detail.nextTryAt',
  mistake: '$.detail.mistakes[0].code',
  subject: '$.detail.mistakes[0].subject',
} as const;

export type Field = keyof typeof fields;

/** A text in pieces: what stands in it, and what the event says. */
export type Piece = { readonly text: string } | { readonly field: Field };

/** @throws where a text names a field that there is not, or has what EventBridge reads as one */
export function piecesOf(text: string): readonly Piece[] {
  return text
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => {
      const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
      if (name === undefined) {
        if (/[<>{}]/.test(part)) throw new Error(`"${part}" has a bracket in it`);
        return { text: part };
      }
      if (!isField(name)) throw new Error(`there is no field {${name}}`);
      return { field: name };
    });
}

function isField(name: string): name is Field {
  return Object.hasOwn(fields, name);
}
