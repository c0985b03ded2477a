import { fault } from './fault.ts';
import type { World } from './world.ts';

/** Old answers are forgotten, the oldest first: nobody retries a request a thousand requests later. */
const remembered = 1_000;

type Answer = World['replays'][number]['answer'];

/**
 * Does what a client token asks for: the same token with the same parameters is the same request,
 * so it gets the answer of then and does nothing, even where what was made is long gone.
 *
 * @throws ClientVpnFault `IdempotentParameterMismatch` where the parameters differ.
 */
export function once(
  world: World,
  request: {
    readonly operation: string;
    readonly clientToken: string | undefined;
    readonly parameters: Readonly<Record<string, string | undefined>>;
  },
  perform: () => Answer,
): Answer {
  const { operation, clientToken } = request;
  if (clientToken === undefined) return perform();
  const parameters = JSON.stringify(request.parameters);
  const earlier = world.replays.find(
    (replay) => replay.operation === operation && replay.clientToken === clientToken,
  );
  if (earlier !== undefined) {
    if (earlier.parameters !== parameters) throw fault.tokenOfAnotherRequest(clientToken);
    return earlier.answer;
  }
  const answer = perform();
  world.replays.push({ operation, clientToken, parameters, answer });
  if (world.replays.length > remembered) world.replays.shift();
  return answer;
}
