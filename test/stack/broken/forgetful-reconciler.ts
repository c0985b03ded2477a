import { createAwsClients } from '../../../src/aws/clients.ts';
import { leasePrefix } from '../../../src/aws/dynamo-table.ts';
import { systemClock } from '../../../src/clock.ts';
import { readEnvironment, reconcilerEnvironment } from '../../../src/config/environment.ts';
import { createLog, createScheduleServices } from '../../../src/services.ts';

/* The reconciler as it must never be: what it reads from the table has everything in it but the leases. */

const aws = createAwsClients();
aws.dynamo.middlewareStack.add(
  (next) => async (given) => {
    const result = await next(given);
    const { output } = result;
    if ('Items' in output && output.Items !== undefined) {
      // Here the document client has made plain values of the attributes already.
      output.Items = output.Items.filter(({ sk }) => !JSON.stringify(sk).includes(leasePrefix));
    }
    return result;
  },
  { step: 'initialize', name: 'forgetful' },
);
const { scheduled } = createScheduleServices(readEnvironment(reconcilerEnvironment), {
  aws,
  clock: systemClock,
  log: createLog(),
});

export const handler = (): Promise<void> => scheduled.run();
