import { setTimeout as delay } from 'node:timers/promises';
import { createLog } from '../../../src/services.ts';
import { writeSampleHistory } from '../../local/history/sample-history.ts';
import { createPortalHost, rememberSampleRoutes } from '../../local/portal-host.ts';
import { sampleEndpoints } from '../../local/sample-world.ts';
import { startLocalStack } from '../../local/stack.ts';
import { alone } from '../figures/figure.ts';
import type { Figure } from '../figures/figure.ts';
import { table } from '../table.ts';
import { weighPage } from './weigh.ts';
import type { Weight } from './weigh.ts';

/** What an administrator can open; everybody else's pages are no larger. */
const pages = [
  '/',
  `/endpoints/${sampleEndpoints.tokyoOffice}`,
  '/history',
  '/admin',
  '/admin/usage',
  '/admin/audit',
  '/signed-out',
];

/**
 * What a browser loads for each main page the first time, compressed, from the local stack with its
 * months of made-up history. Prints each file of the home page.
 */
export async function measurePageWeights(): Promise<readonly Figure[]> {
  const stack = await startLocalStack({
    albPort: 0,
    awsPort: 0,
    dynamodbPort: 0,
    dataFolder: 'memory',
    secondsToAssociate: 1,
    secondsToRoute: 1,
    secondsToDisassociate: 1,
    portal: createPortalHost(createLog({ level: 'silent' })),
    seedTable: async (client, name) => {
      await rememberSampleRoutes(client, name);
      await writeSampleHistory(client, name);
    },
    log: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    const signIn = await fetch(`${stack.url}/local/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ person: 'carol' }),
    });
    const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    await untilListed(stack.url, cookie);
    const weights: Weight[] = [];
    for (const page of pages) weights.push(await weighPage(new URL(page, stack.url), { cookie }));
    for (const line of filesOf(weights[0])) console.log(line);
    return weights.map(({ blockingScripts, bytes }, index) =>
      alone(
        `Weight of ${pages[index] ?? ''}, ${blockingScripts.length} scripts before it is painted`,
        { value: bytes / 1024, unit: 'KB' },
        {
          budget: 'pageWeight',
          limitedBy: 'stylesheet and idiomorph; both are loaded once',
        },
      ),
    );
  } finally {
    await stack.stop();
  }
}

/** Until then the pages say that AWS has not been asked yet. */
async function untilListed(url: string, cookie: string): Promise<void> {
  for (;;) {
    const home = await (await fetch(url, { headers: { cookie } })).text();
    if (home.includes('data-endpoint=')) return;
    await delay(500);
  }
}

function filesOf(weight: Weight | undefined): readonly string[] {
  const rows = (weight?.files ?? []).map(({ address, bytes }) => [address, String(bytes)]);
  return table([['what the home page loads', 'bytes'], ...rows], 'right');
}
