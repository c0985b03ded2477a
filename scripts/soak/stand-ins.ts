import { rememberSampleRoutes } from '../local/portal-host.ts';
import { startLocalStack } from '../local/stack.ts';
import type { LocalStack, LocalStackOptions } from '../local/stack.ts';
import { settle, townspeople } from './town.ts';
import type { Place } from './town.ts';

/**
 * The stand-ins of the local stack, without a portal or a schedule of their own.
 *
 * @param options.nextPortal where the load balancer sends the next request
 */
export async function startStandIns(
  options: Pick<LocalStackOptions, 'clock' | 'faults' | 'onEc2Call' | 'log'> & {
    readonly nextPortal: () => URL;
    readonly places: readonly Place[];
  },
): Promise<LocalStack> {
  const { nextPortal, places, ...given } = options;
  const stack = await startLocalStack({
    ...given,
    albPort: 0,
    awsPort: 0,
    dynamodbPort: 0,
    dataFolder: 'memory',
    secondsToAssociate: 150,
    secondsToRoute: 10,
    secondsToDisassociate: 60,
    seedTable: rememberSampleRoutes,
    people: townspeople,
    portal: () =>
      Promise.resolve({
        get url() {
          return nextPortal();
        },
        reconcile: () => Promise.resolve(),
        stop: () => Promise.resolve(),
      }),
  });
  settle(stack.clientVpn, places);
  return stack;
}
