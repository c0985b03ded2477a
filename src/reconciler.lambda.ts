import { readEnvironment, reconcilerEnvironment } from './config/environment.ts';
import { createReconcilerServices } from './services.ts';

/* The schedule's run, every minute. What fails is thrown after all is done, so that alarms fire. */

const { reconciler } = createReconcilerServices(readEnvironment(reconcilerEnvironment));

export async function handler(): Promise<void> {
  await reconciler.passAll();
}
