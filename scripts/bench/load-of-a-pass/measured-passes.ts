import { createServer } from 'node:http';
import { createAwsClients } from '../../../src/aws/clients.ts';
import { createEc2ClientVpn } from '../../../src/aws/ec2-client-vpn.ts';
import { minutesAfter, systemClock } from '../../../src/clock.ts';
import { createReconciler } from '../../../src/reconcile/reconciler.ts';
import { createLog } from '../../../src/services.ts';
import { parseEndpointId } from '../../../src/vpn/ids.ts';
import { createUsageRecorder } from '../../../src/usage/usage-recorder.ts';
import { createMemoryAuditLog } from '../../../test/fakes/memory-audit-log.ts';
import { createMemoryUsageStore } from '../../../test/fakes/memory-usage-store.ts';
import { createMemoryStores } from '../../../test/fakes/memory-stores.ts';
import { createEc2StandIn } from '../../local/ec2/ec2-stand-in.ts';
import type { RecordedCall } from '../../local/ec2/ec2-stand-in.ts';
import type { Fault, Faults } from '../../local/faults.ts';
import { listen, stopListening } from '../../local/listen.ts';
import { createCompany } from './company.ts';
import type { Company } from './company.ts';
import { createTokenBucket } from './token-bucket.ts';

export interface MeasuredPass {
  readonly what: string;
  /** Those that EC2 has answered. */
  readonly calls: readonly CountedCall[];
  /** Those that it has refused, and that were made once more or given up. */
  readonly throttled: number;
  /** Endpoints that the pass could not read to the end. */
  readonly unread: number;
  readonly seconds: number;
}

export interface CountedCall {
  readonly operation: string;
  /** Which kind of endpoint they were for; `all` for a listing of every endpoint. */
  readonly endpoints: 'on' | 'off' | 'all';
  readonly count: number;
}

export interface PassesOptions {
  readonly endpoints: number;
  /** `null` for an EC2 that takes every call. */
  readonly bucket: { readonly capacity: number; readonly perSecond: number } | null;
}

const throttled: Fault = {
  service: 'ec2',
  action: '*',
  code: 'RequestLimitExceeded',
  status: 503,
  times: 1,
  effect: 'before',
};

/**
 * Runs of the schedule over many endpoints, every other one on: the real reconciler and the real
 * EC2 client with its retries, over the simulated Client VPN behind HTTP.
 */
export async function measurePasses({
  bucket,
  endpoints,
}: PassesOptions): Promise<readonly MeasuredPass[]> {
  // The schedule comes every minute; the minutes in between are not waited for.
  let aheadMinutes = 0;
  const clock = { now: () => minutesAfter(systemClock.now(), aheadMinutes) };
  const company = createCompany(clock, endpoints);
  const { clientVpn, off, on } = company;
  const tokens =
    bucket === null ? null : createTokenBucket({ ...bucket, now: () => performance.now() });
  const faults: Faults = {
    add: () => undefined,
    clear: () => undefined,
    pending: () => [],
    take: () => (tokens === null || tokens.take() ? undefined : throttled),
  };
  const ec2 = createEc2StandIn({ clientVpn, faults });
  const server = createServer((request, response) => {
    ec2.handle(request, response);
  });
  const port = await listen(server, 0, 'LOCAL_AWS_PORT');
  const aws = createAwsClients({
    ec2: {
      endpoint: `http://127.0.0.1:${port}`,
      region: clientVpn.region,
      credentials: { accessKeyId: 'BENCHKEY', secretAccessKey: 'bench-secret' },
    },
  });
  const stores = createMemoryStores();
  let ids = 0;
  const reconciler = createReconciler({
    clientVpn: createEc2ClientVpn(aws.ec2),
    endpoints: stores.endpoints,
    catalogue: stores.catalogue,
    pauses: stores.pauses,
    audit: createMemoryAuditLog(),
    usage: createUsageRecorder({
      store: createMemoryUsageStore({ clock, retention: { recordDays: 1, totalDays: 1 } }),
      log: createLog({ level: 'silent' }),
    }),
    clock,
    log: createLog({ level: 'silent' }),
    newId: () => `id-${(ids += 1)}`,
    mode: 'schedule',
  });

  function unread(): number {
    return [...on, ...off].filter((id) => {
      const endpointId = parseEndpointId(id);
      const pass = endpointId === null ? null : stores.peek(endpointId).record.lastPass;
      return pass === null || pass.reason.code === 'reading-incomplete';
    }).length;
  }

  async function measure(what: string, minutesLater: number): Promise<MeasuredPass> {
    aheadMinutes += minutesLater;
    tokens?.fill();
    ec2.resetCalls();
    const startedAt = performance.now();
    // What it could not do is counted, not told.
    await reconciler.passAll().catch(() => undefined);
    const seconds = (performance.now() - startedAt) / 1_000;
    return {
      what,
      calls: counted(company, ec2.calls()),
      throttled: ec2.calls().filter(({ outcome }) => outcome === throttled.code).length,
      unread: unread(),
      seconds,
    };
  }

  try {
    return [
      await measure('first', 0),
      await measure('every 15 minutes', 2),
      await measure('every minute', 2),
    ];
  } finally {
    aws.ec2.destroy();
    aws.dynamo.destroy();
    await stopListening(server);
  }
}

function counted(company: Company, calls: readonly RecordedCall[]): readonly CountedCall[] {
  const on = new Set(company.on);
  const counts = new Map<string, CountedCall>();
  for (const { action, outcome, parameters } of calls) {
    if (outcome !== 'succeeded') continue;
    const subnetId = parameters['Filter.1.Value.1'] ?? '';
    const id = parameters['ClientVpnEndpointId'] ?? company.ofSubnet.get(subnetId);
    const endpoints = id === undefined ? 'all' : on.has(id) ? 'on' : 'off';
    const key = `${action} ${endpoints}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { operation: action, endpoints, count });
  }
  return [...counts.values()];
}
