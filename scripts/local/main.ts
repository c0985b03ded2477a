import { createLog } from '../../src/services.ts';
import { writeSampleHistory } from './history/sample-history.ts';
import { createPortalHost, rememberSampleRoutes } from './portal-host.ts';
import { runLocalStack } from './run.ts';

// Standard output is for the line `ready`; what needs no attention is not said at all, but for what
// a dry run is there to say.
const level = process.env['LOCAL_DRY_RUN'] === 'true' ? 'info' : 'warn';
const log = createLog({ level, destination: process.stderr.fd });

await runLocalStack({
  portal: createPortalHost(log),
  seedTable: async (client, table) => {
    await rememberSampleRoutes(client, table);
    await writeSampleHistory(client, table);
  },
});
