import { createLog } from '../../src/services.ts';
import { createPortalHost, rememberSampleRoutes } from './portal-host.ts';
import { runLocalStack } from './run.ts';

// Standard output is for the line `ready`; what needs no attention is not said at all.
const log = createLog({ level: 'warn', destination: process.stderr.fd });

await runLocalStack({ portal: createPortalHost(log), seedTable: rememberSampleRoutes });
