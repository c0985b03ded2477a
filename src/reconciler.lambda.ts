import { readEnvironment, reconcilerEnvironment } from './config/environment.ts';
import { createLog, createScheduleServices } from './services.ts';

/* The schedule's run, every minute. What fails is thrown after all is done, so that alarms fire. */

const log = createLog();
const { scheduled } = createScheduleServices(readEnvironment(reconcilerEnvironment));

export async function handler(): Promise<void> {
  try {
    await scheduled.run();
  } catch (error) {
    // Of what is thrown, Lambda logs the first message alone: how many, but neither which nor why.
    log.error({ error }, 'schedule failed');
    throw error;
  }
}
