import { connectEnvironment, readEnvironment } from './config/environment.ts';
import type { ConnectAnswer } from './connect/connect-answer.ts';
import { createConnectServices } from './services.ts';

/*
 * The client connect handler of the endpoints that name it. The Client VPN service calls it for every
 * client that has signed in, and waits for the answer; the function's name has to begin with
 * `AWSClientVPN-`.
 */

const { answer } = createConnectServices(readEnvironment(connectEnvironment));

export function handler(event: unknown): Promise<ConnectAnswer> {
  return answer(event);
}
