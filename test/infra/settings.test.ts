import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { readSettings, SettingsError } from '../../infra/read-settings.ts';
import { settings as example } from '../../infra/settings.example.ts';

/** The example with something else in some places, whatever its type. */
function exampleWith(...changes: readonly (readonly [place: string, value: unknown])[]): unknown {
  return changes.reduce<unknown>(
    (settings, [place, value]) => changed(settings, place.split('.'), value),
    example,
  );
}

function changed(part: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const { [key]: within, ...others } = z.record(z.string(), z.unknown()).parse(part);
  const inside = changed(within, rest, value);
  return inside === undefined ? others : { ...others, [key]: inside };
}

function problemsOf(settings: unknown): readonly string[] {
  try {
    readSettings(settings);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

const subnet = 'subnet-0123456789abcdef0';
const another = 'subnet-0123456789abcdef1';
const endpoint =
  'arn:aws:ec2:ap-northeast-1:111122223333:client-vpn-endpoint/cvpn-endpoint-0123456789abcdef0';
const certificate = '12345678-1234-1234-1234-123456789012';
const existing = { kind: 'existing', vpcId: 'vpc-0123456789abcdef0' };

function cyclic(): object {
  const self: Record<string, unknown> = {};
  self['self'] = self;
  return self;
}

describe('the settings', () => {
  it('are taken as the example has them', () => {
    expect(problemsOf(example)).toEqual([]);
    expect(readSettings(example)).toMatchObject({
      host: 'lambda',
      container: { tasks: 2, architecture: 'arm64' },
      lambda: { memoryMegabytes: 1_024, reservedConcurrency: null },
      endpoints: { requireTag: true },
      deletionProtection: true,
    });
  });

  it('need nothing said of what has a default', () => {
    const { account, address, alarms, host, network, people, prices, region, signIn } = example;
    const { emails, monthlyBudgetUsd } = alarms;
    const { domain, identityProvider } = signIn;
    const least = {
      account,
      region,
      host,
      address: { hostName: address.hostName, hostedZone: address.hostedZone },
      network: { kind: network.kind },
      signIn: { domain, identityProvider },
      people: { adminGroups: people.adminGroups, timeZone: people.timeZone },
      prices: { byRegion: prices.byRegion, portalPerMonth: 0 },
      alarms: { emails, monthlyBudgetUsd },
    };
    expect(problemsOf(least)).toEqual([]);
    expect(readSettings(least)).toMatchObject({
      name: 'vpn-portal',
      signIn: { sessionHours: 9 },
      schedule: { dryRun: false, reservedConcurrency: null },
      retention: { usageDays: 400, totalsDays: 1_100, auditDays: 400, logDays: 90 },
      accessLogs: false,
      firewall: false,
    });
  });

  it.each([
    ['the host is a container', [['host', 'container']]],
    [
      'the network is there already',
      [['network', { ...existing, publicSubnetIds: [subnet, another] }]],
    ],
    [
      'the certificate is there already',
      [
        [
          'address.certificateArn',
          `arn:aws:acm:ap-northeast-1:111122223333:certificate/${certificate}`,
        ],
      ],
    ],
    ['endpoints are named', [['endpoints', { onlyArns: [endpoint], onlySubnetIds: [subnet] }]]],
    [
      'the tag is not relied on where endpoints are named',
      [['endpoints', { onlyArns: [endpoint], requireTag: false }]],
    ],
    [
      'the price of the Region is left open on purpose',
      [['prices.byRegion', { 'ap-northeast-1': null }]],
    ],
    ['no budget is wanted', [['alarms.monthlyBudgetUsd', null]]],
    [
      'the portal is reached under the name of the zone itself',
      [['address.hostName', 'example.com']],
    ],
    [
      'the sign-in has a name of the company’s',
      [
        [
          'signIn.domain',
          {
            kind: 'own',
            hostName: 'sign-in.example.com',
            certificateArn: `arn:aws:acm:us-east-1:111122223333:certificate/${certificate}`,
          },
        ],
      ],
    ],
  ] satisfies [string, [string, unknown][]][])('are taken where %s', (_what, changes) => {
    expect(problemsOf(exampleWith(...changes))).toEqual([]);
  });

  it.each([
    [
      'account',
      111122223333,
      'account is 111122223333: it must be the twelve digits of the account, in quotes',
    ],
    ['account', undefined, 'account is not set: it must be the twelve digits'],
    ['region', 'tokyo', 'region is "tokyo": it must be a Region, such as ap-northeast-1'],
    ['region', 'ap-northeast-9', 'region is "ap-northeast-9": it must be a Region'],
    ['name', 'VPN portal', 'name is "VPN portal": it must begin with a small letter'],
    ['host', 'kubernetes', "host is \"kubernetes\": it must be 'lambda' or 'container'"],
    [
      'hots',
      'lambda',
      'hots is no setting: take it out, or spell it as infra/settings.example.ts does',
    ],
    ['signIn.sessionHour', 9, 'signIn.sessionHour is no setting: take it out'],
    [
      'signIn.sessionHours',
      168,
      'signIn.sessionHours is 168: it must be a whole number of hours from 1 to 24',
    ],
    ['signIn.sessionHours', 0, 'signIn.sessionHours is 0: it must be'],
    ['signIn.sessionHours', 8.5, 'signIn.sessionHours is 8.5: it must be a whole number'],
    [
      'signIn.identityProvider.kind',
      'google',
      "signIn.identityProvider.kind is \"google\": it must be 'identity-center' or 'okta'",
    ],
    [
      'signIn.identityProvider.metadataUrl',
      'http://idp.example.com/m',
      'signIn.identityProvider.metadataUrl is "http://idp.example.com/m": it must be the https address',
    ],
    [
      'signIn.identityProvider.origins',
      ['https://idp.example.com/'],
      'signIn.identityProvider.origins[0] is "https://idp.example.com/": it must be an origin',
    ],
    [
      'signIn.domain.prefix',
      'my-cognito',
      'signIn.domain.prefix is "my-cognito": it must be small letters',
    ],
    [
      'signIn.domain',
      {
        kind: 'own',
        hostName: 'vpn.example.com',
        certificateArn: `arn:aws:acm:us-east-1:111122223333:certificate/${certificate}`,
      },
      'signIn.domain.hostName is "vpn.example.com": it must be another name than address.hostName',
    ],
    [
      'signIn.domain',
      {
        kind: 'own',
        hostName: 'sign-in.example.com',
        certificateArn: `arn:aws:acm:ap-northeast-1:111122223333:certificate/${certificate}`,
      },
      'it must be of the Region us-east-1',
    ],
    [
      'address.hostName',
      'https://vpn.example.com',
      'address.hostName is "https://vpn.example.com": it must be a host name in small letters',
    ],
    [
      'address.hostName',
      'vpn.example.org',
      'address.hostName is "vpn.example.org": it must end in .example.com',
    ],
    [
      'address.hostedZone.id',
      'example.com',
      'address.hostedZone.id is "example.com": it must be the id of a hosted zone',
    ],
    [
      'address.certificateArn',
      'arn:aws:iam::111122223333:server-certificate/x',
      'it must be the ARN of a certificate in ACM',
    ],
    [
      'address.certificateArn',
      `arn:aws:acm:us-east-1:111122223333:certificate/${certificate}`,
      'it must be of the Region ap-northeast-1',
    ],
    [
      'network',
      { kind: 'shared' },
      "network.kind is \"shared\": it must be { kind: 'own' } or { kind: 'existing', … }",
    ],
    ['network.cidr', '10.82/16', 'network.cidr is "10.82/16": it must be a private IPv4 range'],
    ['network.cidr', '10.999.0.0/24', 'network.cidr is "10.999.0.0/24": it must be a private IPv4'],
    ['network.cidr', '8.8.8.0/24', 'network.cidr is "8.8.8.0/24": it must be a private IPv4 range'],
    [
      'network',
      { ...existing, publicSubnetIds: [subnet, subnet] },
      `network.publicSubnetIds[1] is "${subnet}": it stands at [0] already: take it out`,
    ],
    [
      'network',
      { ...existing, publicSubnetIds: [subnet] },
      'it must name at least two subnets, in two zones',
    ],
    [
      'network',
      { ...existing, publicSubnetIds: [subnet, 'subnet-1'] },
      'network.publicSubnetIds[1] is "subnet-1": it must be the id of a subnet',
    ],
    [
      'network',
      { ...existing, vpcId: subnet, publicSubnetIds: [subnet, another] },
      `network.vpcId is "${subnet}": it must be the id of a VPC`,
    ],
    ['people.adminGroups', [], 'people.adminGroups is []: it must name at least one group'],
    [
      'people.adminGroups',
      ['VPN admins'],
      'people.adminGroups[0] is "VPN admins": it must be a group as the sign-in sends it, without spaces',
    ],
    ...['VPN,Admins', '[admins]', '[admins', 'admins]'].map((name): [string, unknown, string] => [
      'people.adminGroups',
      [name],
      `people.adminGroups[0] is "${name}": it must be a group as the sign-in sends it`,
    ]),
    ['people.auditorGroups', ['a,b'], 'people.auditorGroups[0] is "a,b": it must be a group'],
    ['people.timeZone', 'JST+9', 'people.timeZone is "JST+9": it must be a time zone'],
    [
      'endpoints.onlyArns',
      ['cvpn-endpoint-0123456789abcdef0'],
      'endpoints.onlyArns[0] is "cvpn-endpoint-0123456789abcdef0": it must be the ARN of a Client VPN endpoint',
    ],
    [
      'endpoints.onlyArns',
      [endpoint.replace('111122223333', '444455556666')],
      'it must be of the account 111122223333',
    ],
    ['endpoints.onlyArns', [endpoint, endpoint], 'endpoints.onlyArns[1] is "arn:aws:ec2:'],
    [
      'endpoints.requireTag',
      false,
      'endpoints.requireTag is false: it must be true, or endpoints.onlyArns must name the endpoints instead',
    ],
    [
      'prices.byRegion',
      { 'us-east-1': null },
      'prices.byRegion["ap-northeast-1"] is not set: it must be the prices of the Region that the portal is in; write null',
    ],
    [
      'prices.byRegion.tokyo',
      { associationHour: 1, connectionHour: 1 },
      'prices.byRegion.tokyo is no Region: take the prices out',
    ],
    [
      'prices.portalPerMonth',
      '27',
      'prices.portalPerMonth is "27": it must be a price as a number',
    ],
    ['prices.portalPerMonth', -1, 'prices.portalPerMonth is -1: it must be a price'],
    ['prices.currency', 'yen', 'prices.currency is "yen": it must be a currency of three capitals'],
    [
      'prices.billing',
      'hourly',
      "prices.billing is \"hourly\": it must be 'pro-rated' or 'full-hours'",
    ],
    [
      'lambda',
      { memoryMegabytes: 128 },
      'lambda.memoryMegabytes is 128: it must be a whole number of megabytes',
    ],
    ['container', { tasks: 0 }, 'container.tasks is 0: it must be a whole number of tasks'],
    ['schedule.dryRun', 'false', 'schedule.dryRun is "false": it must be true or false'],
    ['schedule.reservedConcurrency', 0, 'schedule.reservedConcurrency is 0: it must be'],
    ['retention.usageDays', 0, 'retention.usageDays is 0: it must be a whole number of days'],
    [
      'retention.logDays',
      100,
      'retention.logDays is 100: it must be one of the numbers of days that CloudWatch Logs offers: 1, 3, 5',
    ],
    ['alarms.emails', [], 'alarms.emails is []: it must name at least one address'],
    [
      'alarms.emails',
      ['operators'],
      'alarms.emails[0] is "operators": it must be an e-mail address',
    ],
    [
      'alarms.onTooLongHours',
      0.5,
      'alarms.onTooLongHours is 0.5: it must be a whole number of hours',
    ],
    [
      'alarms.monthlyBudgetUsd',
      undefined,
      'alarms.monthlyBudgetUsd is not set: it must be a number of US dollars, or null',
    ],
    ['alarms.runbookUrl', 'wiki', 'alarms.runbookUrl is "wiki": it must be an https address'],
    ['accessLogs', 'yes', 'accessLogs is "yes": it must be true or false'],
  ])('say of %s = %j where it is and what it must be', (place, value, sentence) => {
    const problems = problemsOf(exampleWith([place, value]));
    expect(problems).toEqual([expect.stringContaining(sentence)]);
    expect(problems[0]).toMatch(/\.$/);
  });

  it.each([
    ['a BigInt', 9n, 'signIn.sessionHours is 9n: it must be'],
    ['a symbol', Symbol('nine'), 'signIn.sessionHours is Symbol(nine): it must be'],
    ['what refers to itself', cyclic(), 'signIn.sessionHours is <ref *1> { self: [Circular *1] }'],
    ['what holds a BigInt', { hours: 9n }, 'signIn.sessionHours is { hours: 9n }: it must be'],
    ['a function', () => 9, 'signIn.sessionHours is a function: it must be'],
  ])('answers %s with a sentence', (_what, sessionHours, sentence) => {
    expect(problemsOf(exampleWith(['signIn.sessionHours', sessionHours]))).toEqual([
      expect.stringContaining(sentence),
    ]);
  });

  it('tell all their problems at once, each once', () => {
    const problems = problemsOf(
      exampleWith(
        ['endpoints.onlyArns', ['arn:aws:ec2:tokyo']],
        ['network', { ...existing, publicSubnetIds: [subnet, subnet] }],
        ['signIn.sessionHours', 168],
        ['prices.byRegion', { 'ap-northeast-1': null, nowhere: { associationHour: 'x' } }],
        ['people', undefined],
      ),
    );
    expect(problems.map((problem) => problem.split(/ is /)[0]).toSorted()).toEqual([
      'endpoints.onlyArns[0]',
      'network.publicSubnetIds[1]',
      'people',
      'prices.byRegion.nowhere',
      'prices.byRegion.nowhere.associationHour',
      'prices.byRegion.nowhere.connectionHour',
      'signIn.sessionHours',
    ]);
  });

  it('say how many problems there are, and that nothing was synthesised', () => {
    const settings = exampleWith(['host', 'x'], ['account', 'y']);
    expect(() => readSettings(settings)).toThrow(
      /^The settings have 2 problems\. Nothing was synthesised\.\n {2}- account.*\n {2}- host/,
    );
  });

  it.each([[undefined], [null], ['settings'], [[]]])('are no settings as %j', (settings) => {
    expect(problemsOf(settings)).toEqual([
      expect.stringMatching(/it must be settings in \{ \}\.$/),
    ]);
  });
});
