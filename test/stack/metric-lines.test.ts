import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { createLog, createPortalServices, createScheduleServices } from '../../src/services.ts';
import { extractMetrics } from '../builders/embedded-metrics.ts';
import type { Extracted } from '../builders/embedded-metrics.ts';
import { clientsFor } from '../web/portal-under-test.ts';
import { addOffice, startBareStack } from './world.ts';
import type { BareStack } from './world.ts';

const alice: Principal = {
  id: 'alice',
  name: 'alice@example.com',
  groups: [],
  capabilities: new Set(['endpoint:use']),
};

let stack: BareStack;
let folder: string;
let logs = 0;

beforeAll(async () => {
  stack = await startBareStack({ secondsToAssociate: 1, secondsToRoute: 1 });
  folder = mkdtempSync(path.join(tmpdir(), 'metric-lines-'));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stack.stop();
});

/** The portal and the schedule as they are deployed, and what CloudWatch would take out of their log. */
function start(variables: Readonly<Record<string, string>> = {}) {
  logs += 1;
  const file = path.join(folder, `${logs}.log`);
  const aws = clientsFor(stack.environment);
  const environment = readEnvironment(serverEnvironment, { ...stack.environment, ...variables });
  const surroundings = {
    aws,
    clock: stack.clock,
    log: createLog({ destination: openSync(file, 'w') }),
    fetchKey: stack.alb.fetchPublicKey,
  };
  return {
    aws,
    portal: createPortalServices(environment, surroundings),
    run: () => createScheduleServices(environment, surroundings).reconciler.passAll(),
    /** Without those by dimension, which are the same again. */
    written: (): readonly Extracted[] =>
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .filter((line) => line.includes('"_aws"'))
        .flatMap(extractMetrics)
        .filter(({ dimensions }) => Object.keys(dimensions).length === 0),
    end: () => {
      aws.ec2.destroy();
      aws.dynamo.destroy();
    },
  };
}

const total = (written: readonly Extracted[], wanted: string): number =>
  written.filter(({ name }) => name === wanted).reduce((sum, { value }) => sum + Number(value), 0);

describe('the log of the portal and of the schedule', () => {
  it('has every metric of a day: a start, its time, the hours and the stop', async () => {
    const process = start();
    const office = await addOffice(stack, process.aws, 1, {
      tags: { 'vpn-portal:idle-minutes': '1', 'vpn-portal:lease-minutes': '5' },
    });
    const until = async (state: string): Promise<void> => {
      const states: unknown[] = [];
      for (let minute = 0; minute < 20 && states.at(-1) !== state; minute += 1) {
        stack.clock.advance(1);
        await process.run();
        states.push((await process.portal.directory.find(alice, office.id))?.status.state);
      }
      expect(states.at(-1)).toBe(state);
    };
    await until('off');
    stack.clock.advance(0.5);
    await process.portal.leases.request(alice, office.id, 5);
    await process.portal.background.idle();
    await until('on');
    await until('off');

    const written = process.written();
    expect(total(written, 'Starts')).toBe(1);
    expect(total(written, 'Stops')).toBe(1);
    expect(total(written, 'StartFailures')).toBe(0);
    const [ready, ...others] = written.filter(({ name }) => name === 'TimeToReady');
    expect(others).toEqual([]);
    expect(ready).toMatchObject({ unit: 'Seconds' });
    expect(Number(ready?.value)).toBeGreaterThan(60);
    // Two networks, for a lease of five minutes and a minute of grace at least.
    expect(total(written, 'NetworkHours')).toBeGreaterThan((2 * 5) / 60);
    expect(total(written, 'NetworkHours')).toBeLessThan((2 * 15) / 60);
    const runs = written.filter(({ name }) => name === 'RunSeconds').length;
    expect(total(written, 'EndpointsPassed')).toBe(runs);
    // The portal's own, right after the request, is one of them.
    expect(total(written, 'Passes')).toBe(runs + 1);
    process.end();
  });

  it('has what AWS refuses, by its code', async () => {
    const process = start();
    stack.faults.add({
      service: 'ec2',
      action: 'DescribeClientVpnTargetNetworks',
      code: 'UnauthorizedOperation',
      status: 403,
      times: 1,
      effect: 'before',
    });
    stack.clock.advance(2);
    await expect(process.run()).rejects.toThrow('could not be passed');
    const written = process.written();
    expect(total(written, 'AwsErrors')).toBe(1);
    expect(total(written, 'EndpointsFailed')).toBe(1);
    process.end();
  });

  it('has, of a dry run, the run alone', async () => {
    const process = start({ RECONCILER_DRY_RUN: 'true' });
    stack.clock.advance(2);
    await process.run();
    expect(process.written().map(({ name, value }) => [name, value])).toEqual([
      ['EndpointsPassed', 1],
      ['EndpointsFailed', 0],
      ['RunSeconds', expect.any(Number)],
      ['HoursOn', 0],
      ['NeedsAttention', 0],
    ]);
    process.end();
  });
});
