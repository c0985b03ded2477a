import { beforeAll, describe, expect, it } from '@jest/globals';

import { measurePasses } from '../../scripts/bench/load-of-a-pass/measured-passes.ts';
import type { MeasuredPass } from '../../scripts/bench/load-of-a-pass/measured-passes.ts';
import { createAwsClients } from '../../src/aws/clients.ts';

const endpoints = 12;

describe('a run of the schedule, to EC2', () => {
  let passes: readonly MeasuredPass[] = [];
  beforeAll(async () => {
    passes = await measurePasses({ endpoints, bucket: null });
  });

  /** By operation and kind of endpoint: how many for each endpoint of the kind. */
  function callsIn(what: string): Readonly<Record<string, number>> {
    const pass = passes.find((each) => each.what === what);
    if (pass === undefined) throw new Error(`there is no pass ${what}`);
    return Object.fromEntries(
      pass.calls.map(({ count, endpoints: kind, operation }) => [
        `${operation} ${kind}`,
        count / (kind === 'all' ? 1 : endpoints / 2),
      ]),
    );
  }

  it('is one listing, one call for each that is off, and three for each that is on', () => {
    expect(callsIn('every minute')).toEqual({
      'DescribeClientVpnEndpoints all': 1,
      'DescribeClientVpnTargetNetworks off': 1,
      'DescribeClientVpnTargetNetworks on': 1,
      'DescribeClientVpnRoutes on': 1,
      'DescribeClientVpnConnections on': 1,
    });
  });

  it('counts the authorization rules of those that are on every quarter of an hour', () => {
    expect(callsIn('every 15 minutes')).toEqual({
      ...callsIn('every minute'),
      'DescribeClientVpnAuthorizationRules on': 1,
    });
  });

  it('looks up the subnets of those that are off the first time', () => {
    expect(callsIn('first')).toEqual({
      ...callsIn('every minute'),
      'DescribeSubnets off': 1,
    });
  });

  it('reads every endpoint', () => {
    expect(passes.map(({ unread }) => unread)).toEqual([0, 0, 0]);
  });

  it('does not go on as fast as it can once EC2 has refused it', async () => {
    const { dynamo, ec2 } = createAwsClients({ ec2: { region: 'us-east-1' } });
    const { retryMode } = ec2.config;
    expect(typeof retryMode === 'function' ? await retryMode() : retryMode).toBe('adaptive');
    ec2.destroy();
    dynamo.destroy();
  });
});
