import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parsePolicy, policyTags } from '../../src/vpn/policy.ts';
import type { ParsedPolicy } from '../../src/vpn/policy.ts';
import { anEndpoint, sampleIds } from '../builders/endpoint-for-person.ts';
import { subnetIds } from '../builders/arbitraries.ts';

const { subnetA, subnetB } = sampleIds;
const { groups, idleMinutes, leaseMinutes, name, offAt, offAtCutsOff, silentMinutes, subnets } =
  policyTags;

function parsed(tags: Readonly<Record<string, string>>, transitGateway = false): ParsedPolicy {
  const all = new Map(Object.entries({ [subnets]: subnetA, ...tags }));
  return parsePolicy(anEndpoint({ tags: all, transitGateway }));
}

function problemsOf(tags: Readonly<Record<string, string>>, transitGateway = false): unknown {
  const policy = parsed(tags, transitGateway);
  return policy.ok ? [] : policy.problems;
}

describe('a policy', () => {
  it('needs nothing but its subnets', () => {
    expect(parsed({})).toEqual({
      ok: true,
      policy: {
        subnets: [subnetA],
        name: sampleIds.endpoint,
        groups: null,
        idleGraceMinutes: 30,
        leaseMinutes: [30, 60, 120, 240, 480],
        silentMinutes: null,
        latestHour: null,
        latestHourCutsOff: false,
      },
    });
  });

  it('is what its tags say, in their order, however they are spaced', () => {
    const tags = {
      [subnets]: ` ${subnetB}\t${subnetA}  `,
      [name]: ' Tokyo office ',
      [groups]: 'a  b',
      [idleMinutes]: '1440',
      [leaseMinutes]: '60 1 60 1440',
      [silentMinutes]: '10080',
      [offAt]: '22:00 Asia/Tokyo',
      [offAtCutsOff]: 'true',
    };
    expect(parsed(tags)).toEqual({
      ok: true,
      policy: {
        subnets: [subnetB, subnetA],
        name: 'Tokyo office',
        groups: ['a', 'b'],
        idleGraceMinutes: 1440,
        leaseMinutes: [60, 1, 1440],
        silentMinutes: 10080,
        latestHour: { hour: 22, minute: 0, timeZone: 'Asia/Tokyo' },
        latestHourCutsOff: true,
      },
    });
  });

  it('takes the name from the tag, else from the name tag, else from the id', () => {
    const nameWith = (tags: Readonly<Record<string, string>>) => {
      const policy = parsed(tags);
      return policy.ok ? policy.policy.name : null;
    };
    expect(nameWith({ [name]: 'a', Name: 'b' })).toBe('a');
    expect(nameWith({ [name]: ' ', Name: 'b' })).toBe('b');
    expect(nameWith({ Name: '' })).toBe(sampleIds.endpoint);
    expect(nameWith({ [name]: 'x'.repeat(80) })).toBe('x'.repeat(80));
  });

  it('cuts nobody off where it says so, or says nothing', () => {
    expect(parsed({ [offAt]: '22:00 UTC' })).toMatchObject({
      policy: { latestHour: { hour: 22 }, latestHourCutsOff: false },
    });
    expect(parsed({ [offAt]: '22:00 UTC', [offAtCutsOff]: 'false' })).toMatchObject({
      policy: { latestHourCutsOff: false },
    });
  });

  it('takes up to five subnets', () => {
    const five = (count: number) =>
      Array.from({ length: count }, (_, index) => `subnet-0000000${index}`).join(' ');
    expect(problemsOf({ [subnets]: five(5) })).toEqual([]);
    expect(problemsOf({ [subnets]: five(6) })).toEqual([
      { code: 'too-many-subnets', tag: subnets, value: '6' },
    ]);
  });
});

describe('a tag that does not parse', () => {
  it.each<[string, Readonly<Record<string, string>>, unknown]>([
    ['no subnets', { [subnets]: ' ' }, { code: 'subnets-missing', tag: subnets, value: '' }],
    [
      'a subnet that is none',
      { [subnets]: `${subnetA} subnet-x` },
      { code: 'subnet-malformed', tag: subnets, value: 'subnet-x' },
    ],
    [
      'subnets with commas',
      { [subnets]: `${subnetA},` },
      { code: 'subnet-malformed', tag: subnets, value: `${subnetA},` },
    ],
    [
      'a subnet twice',
      { [subnets]: `${subnetA} ${subnetA}` },
      { code: 'subnet-twice', tag: subnets, value: subnetA },
    ],
    [
      'a name that is too long',
      { [name]: 'x'.repeat(81) },
      { code: 'name-too-long', tag: name, value: 'x'.repeat(81) },
    ],
    ['no groups', { [groups]: ' ' }, { code: 'groups-empty', tag: groups, value: '' }],
    ...['0', '-1', '1.5', '1441', '030', 'soon', '', '1e3', '99999'].map(
      (value): [string, Readonly<Record<string, string>>, unknown] => [
        `an idle grace of "${value}"`,
        { [idleMinutes]: value },
        { code: 'idle-minutes-invalid', tag: idleMinutes, value },
      ],
    ),
    [
      'a lease choice that is none',
      { [leaseMinutes]: '30 1441' },
      { code: 'lease-minutes-invalid', tag: leaseMinutes, value: '1441' },
    ],
    [
      'no lease choices',
      { [leaseMinutes]: '' },
      { code: 'lease-minutes-invalid', tag: leaseMinutes, value: '' },
    ],
    ...['0', '10081', '1.5', '', 'soon', '-5', '5 10'].map(
      (value): [string, Readonly<Record<string, string>>, unknown] => [
        `a silence of "${value}"`,
        { [silentMinutes]: value },
        { code: 'silent-minutes-invalid', tag: silentMinutes, value },
      ],
    ),
    ...['22:00', '', '10pm Asia/Tokyo', '22:00 Asia/Edo', '24:00 UTC'].map(
      (value): [string, Readonly<Record<string, string>>, unknown] => [
        `a latest hour of "${value}"`,
        { [offAt]: value },
        { code: 'off-at-invalid', tag: offAt, value },
      ],
    ),
    ...['yes', 'True', '', '1'].map(
      (value): [string, Readonly<Record<string, string>>, unknown] => [
        `cutting off "${value}"`,
        { [offAt]: '22:00 UTC', [offAtCutsOff]: value },
        { code: 'off-at-cuts-off-invalid', tag: offAtCutsOff, value },
      ],
    ),
  ])('is named with what is wrong: %s', (_, tags, problem) => {
    expect(problemsOf(tags)).toEqual([problem]);
  });

  it('is named where the subnets’ tag is missing altogether', () => {
    const policy = parsePolicy(anEndpoint());
    expect(policy).toEqual({
      ok: false,
      name: sampleIds.endpoint,
      groups: null,
      problems: [{ code: 'subnets-missing', tag: subnets, value: '' }],
    });
  });

  it('does not stand alone: everything that is wrong is named', () => {
    const tags = {
      [subnets]: 'x',
      [groups]: '',
      [idleMinutes]: 'x',
      [leaseMinutes]: 'x',
      [silentMinutes]: 'x',
      [offAt]: 'x',
      [offAtCutsOff]: 'x',
    };
    expect(problemsOf(tags, true)).toHaveLength(8);
  });

  it('leaves the name, cut, and the groups, which decide who gets to see it', () => {
    expect(parsed({ [name]: 'y'.repeat(99), [groups]: 'a b' })).toMatchObject({
      ok: false,
      name: 'y'.repeat(80),
      groups: ['a', 'b'],
    });
    expect(parsed({ [groups]: '' })).toMatchObject({ ok: false, groups: [] });
  });

  it('is that of a Transit Gateway’s endpoint, whatever it says', () => {
    expect(problemsOf({}, true)).toEqual([{ code: 'transit-gateway', tag: subnets, value: '' }]);
  });
});

describe('whatever the tags', () => {
  it('a policy that parses can be used, and one that does not says why', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('30', '30 60', '22:00 Asia/Tokyo', 'true', ...subnetIds),
      fc.subarray([...subnetIds], { minLength: 1 }).map((some) => some.join(' ')),
    );
    const tags = fc.dictionary(fc.constantFrom(...Object.values(policyTags), 'Name'), value);
    fc.assert(
      fc.property(tags, (some) => {
        const policy = parsePolicy(anEndpoint({ tags: new Map(Object.entries(some)) }));
        if (!policy.ok) return policy.problems.length > 0 && policy.name.length <= 80;
        const { idleGraceMinutes, leaseMinutes: choices, ...rest } = policy.policy;
        const isDay = (minutes: number) =>
          Number.isInteger(minutes) && 1 <= minutes && minutes <= 1440;
        return (
          rest.subnets.length > 0 &&
          new Set(rest.subnets).size === rest.subnets.length &&
          rest.name !== '' &&
          rest.groups?.length !== 0 &&
          choices.length > 0 &&
          [idleGraceMinutes, ...choices].every(isDay) &&
          (rest.silentMinutes === null || rest.silentMinutes > 0)
        );
      }),
    );
  });
});
