import { setTimeout as delay } from 'node:timers/promises';
import { runLocalStack } from '../../scripts/local/run.ts';
import { startEchoPortal } from './local-stack-echo-portal.ts';

// `npm run local` with a small server in the portal's place, to be started as a process. With
// LOCAL_TEST_STUCK that server takes long to stop.
await runLocalStack({
  async portal(...start) {
    const portal = await startEchoPortal(...start);
    return {
      ...portal,
      async stop() {
        if (process.env['LOCAL_TEST_STUCK'] !== undefined) await delay(10_000);
        await portal.stop();
      },
    };
  },
});
