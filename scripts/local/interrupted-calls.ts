import type { AwsClients } from '../../src/aws/clients.ts';

/** A moment in the life of a process: around one of the calls that it makes to AWS. */
export interface CallMoment {
  /** The SDK's name of the operation, such as `CreateClientVpnRoute`; any where it is not given. */
  readonly operation?: string | undefined;
  /** Which of them, counted from 1 in the order in which they begin, over all services. */
  readonly call: number;
  /** Before anything is sent, or when the answer is there and nobody has seen it yet. */
  readonly side: 'before' | 'after';
}

export interface InterruptedCalls {
  /** How many calls have begun. */
  readonly count: () => number;
}

/**
 * Lets a process meet its end at a chosen moment. What the end is, `interrupt` says: it must never
 * come back, as a process that was killed does not. Calls that come after it do not come back either.
 */
export function interruptCalls(
  aws: AwsClients,
  moment: CallMoment | null,
  interrupt: () => Promise<never>,
): InterruptedCalls {
  let count = 0;
  let counted = 0;
  let ended = false;
  const isOver = (): boolean => ended;

  async function end(): Promise<never> {
    ended = true;
    return interrupt();
  }

  const middleware =
    <Input extends object, Output extends object>(
      next: (input: Input) => Promise<Output>,
      context: { readonly commandName?: string },
    ) =>
    async (input: Input): Promise<Output> => {
      count += 1;
      const { operation = null } = moment ?? {};
      if (operation === null || context.commandName === `${operation}Command`) counted += 1;
      else if (!isOver()) return next(input);
      const isTheOne = moment?.call === counted;
      if (isOver() || (isTheOne && moment.side === 'before')) return end();
      try {
        return await next(input);
      } finally {
        // A refusal is an answer, too. Whatever was under way beside the fatal call ends with it.
        if (isOver() || isTheOne) await end();
      }
    };
  // Outside of the retries: a call is one however often it has to be sent.
  const place = { step: 'initialize', priority: 'high', name: 'interrupted' } as const;
  aws.ec2.middlewareStack.add(middleware, place);
  aws.dynamo.middlewareStack.add(middleware, place);
  aws.eventBridge.middlewareStack.add(middleware, place);
  return { count: () => count };
}
