import { createAwsClients } from '../../../src/aws/clients.ts';
import { systemClock } from '../../../src/clock.ts';
import { readEnvironment, reconcilerEnvironment } from '../../../src/config/environment.ts';
import { createLog, createScheduleServices } from '../../../src/services.ts';

/* The reconciler as it must never be: it asks AWS who is connected, and sees nobody. */

const aws = createAwsClients();
aws.ec2.middlewareStack.add(
  (next) => async (given) => {
    const result = await next(given);
    const { output } = result;
    if ('Connections' in output) output.Connections = [];
    return result;
  },
  { step: 'initialize', name: 'blind' },
);
const { scheduled } = createScheduleServices(readEnvironment(reconcilerEnvironment), {
  aws,
  clock: systemClock,
  log: createLog(),
});

export const handler = (): Promise<void> => scheduled.run();
