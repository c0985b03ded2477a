import { beforeEach, describe, expect, it } from '@jest/globals';

import type { EndpointStore } from '../../src/lease/endpoint-store.ts';
import { PassLostError } from '../../src/lease/endpoint-store.ts';
import type { PassReport, RunReport } from '../../src/reconcile/pass-report.ts';
import type { ReconcilerDependencies } from '../../src/reconcile/reconciler.ts';
import {
  createReconcilerUnderTest,
  id,
  managed,
  on,
  other,
  refuse,
  refuseAs,
} from './reconciler-under-test.ts';
import type { ReconcilerUnderTest } from './reconciler-under-test.ts';

let under: ReconcilerUnderTest;
let passes: PassReport[];
let runs: RunReport[];
let told: Pick<ReconcilerDependencies, 'onPassed' | 'onRan'>;

beforeEach(() => {
  under = createReconcilerUnderTest();
  passes = [];
  runs = [];
  told = {
    onPassed: (report) => passes.push(report),
    onRan: (report) => runs.push(report),
  };
});

describe('the report of a pass', () => {
  it.each(['portal', 'schedule'] as const)(
    'has the record before and after, and what was decided, by the %s',
    async (mode) => {
      await under.request();
      const before = under.record();
      await under.reconcilerOver({}, { ...told, mode }).pass(id);
      const after = under.record();
      expect(passes).toMatchObject([
        {
          before: { endpointId: id, intent: { kind: 'none' }, revision: before.revision },
          decided: { action: { kind: 'associate' }, state: 'starting' },
          found: { intent: after.intent, lastPass: after.lastPass, usage: after.usage },
        },
      ]);
      expect(after.intent.kind).toBe('start');
    },
  );

  it('comes when the pass is recorded, and not before', async () => {
    const seen: unknown[] = [];
    const onPassed = (): void => {
      seen.push(under.record().lastPass?.at);
    };
    await under.reconcilerOver({}, { onPassed }).pass(id);
    expect(seen).toEqual([under.clock.now()]);
  });

  it('does not come of a pass that was not taken', async () => {
    const reconciler = under.reconcilerOver({}, told);
    await reconciler.pass(id);
    expect(await reconciler.pass(id)).toEqual({ kind: 'not-taken' });
    expect(passes).toHaveLength(1);
  });

  it('does not come of a pass that another one has overtaken', async () => {
    const endpoints: EndpointStore = {
      ...under.stores.endpoints,
      recordPass: () => Promise.reject(new PassLostError('recording a pass')),
    };
    await under.reconcilerOver({}, { ...told, endpoints }).pass(id);
    expect(passes).toEqual([]);
  });

  it('does not come of a rehearsal', async () => {
    await under.idle();
    await under.reconcilerOver(on(), { ...told, mode: 'dry-run' }).passAll();
    expect(passes).toEqual([]);
  });
});

describe('the report of a run', () => {
  const listEndpoints = () => Promise.resolve([managed, other]);

  it('counts endpoints, and the seconds that went by', async () => {
    const findSubnets = () => {
      under.clock.advance(2);
      return Promise.resolve([]);
    };
    await under.reconcilerOver({ listEndpoints, findSubnets }, told).passAll();
    expect(runs).toEqual([{ passed: 2, failed: 0, seconds: 4 }]);
  });

  it('counts what has failed, and comes although the run throws', async () => {
    await under.idle();
    const answers = { ...on(), listEndpoints, disassociate: refuseAs('not-allowed') };
    await expect(under.reconcilerOver(answers, told).passAll()).rejects.toThrow('1 endpoints');
    expect(runs).toEqual([{ passed: 1, failed: 1, seconds: 0 }]);
  });

  it('comes of a rehearsal', async () => {
    await under.reconcilerOver({ listEndpoints }, { ...told, mode: 'dry-run' }).passAll();
    expect(runs).toMatchObject([{ passed: 2, failed: 0 }]);
  });

  it('does not come of a run that could not list the endpoints', async () => {
    const running = under.reconcilerOver({ listEndpoints: refuse }, told).passAll();
    await expect(running).rejects.toThrow();
    expect(runs).toEqual([]);
  });
});
