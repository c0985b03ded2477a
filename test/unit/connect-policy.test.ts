import { describe, expect, it } from '@jest/globals';

import { connectTags, parseConnectPolicy } from '../../src/vpn/connect-policy.ts';
import { parsePolicy, policyTags } from '../../src/vpn/policy.ts';
import { anEndpoint, sampleIds } from '../builders/endpoint-for-person.ts';

const parsed = (tags: Readonly<Record<string, string>>) =>
  parseConnectPolicy(new Map(Object.entries(tags)));

const off = {
  membersOnly: false,
  leaseHoldersOnly: false,
  notWhileHeldOff: false,
  onePerPerson: null,
  oldestClient: null,
  platforms: null,
  admitsUnknownDevices: false,
};

describe('the conditions for connecting', () => {
  it('are all off unless their tags are set', () => {
    expect(parsed({})).toEqual({ policy: off, problems: [] });
  });

  it('are what their tags say', () => {
    expect(
      parsed({
        [connectTags.connectMembersOnly]: 'true',
        [connectTags.connectLeaseHoldersOnly]: 'true',
        [connectTags.connectNotWhileHeldOff]: 'true',
        [connectTags.connectOnePerPerson]: 'newer-wins',
        [connectTags.connectClientVersion]: ' 5.2.0 ',
        [connectTags.connectPlatforms]: ' win:10.0  mac ',
        [connectTags.connectUnknownDevices]: 'true',
      }),
    ).toEqual({
      policy: {
        membersOnly: true,
        leaseHoldersOnly: true,
        notWhileHeldOff: true,
        onePerPerson: 'newer-wins',
        oldestClient: { text: '5.2.0', numbers: [5, 2, 0] },
        platforms: [
          { platform: 'win', oldest: { text: '10.0', numbers: [10, 0] } },
          { platform: 'mac', oldest: null },
        ],
        admitsUnknownDevices: true,
      },
      problems: [],
    });
    expect(parsed({ [connectTags.connectOnePerPerson]: 'older-stays' }).policy.onePerPerson).toBe(
      'older-stays',
    );
    expect(parsed({ [connectTags.connectMembersOnly]: 'false' })).toEqual({
      policy: off,
      problems: [],
    });
  });

  it.each([
    [connectTags.connectMembersOnly, 'yes', 'connect-flag-invalid', 'yes'],
    [connectTags.connectLeaseHoldersOnly, '', 'connect-flag-invalid', ''],
    [connectTags.connectNotWhileHeldOff, 'TRUE', 'connect-flag-invalid', 'TRUE'],
    [connectTags.connectUnknownDevices, 'allow', 'connect-flag-invalid', 'allow'],
    [connectTags.connectOnePerPerson, 'newer', 'connect-one-per-person-invalid', 'newer'],
    [connectTags.connectClientVersion, 'v5', 'connect-client-version-invalid', 'v5'],
    [connectTags.connectPlatforms, ' ', 'connect-platform-malformed', ''],
    [connectTags.connectPlatforms, 'mac win:', 'connect-platform-malformed', 'win:'],
    [connectTags.connectPlatforms, 'win:10:0', 'connect-platform-malformed', 'win:10:0'],
    [connectTags.connectPlatforms, 'Windows', 'connect-platform-malformed', 'Windows'],
    [connectTags.connectPlatforms, 'mac mac:14', 'connect-platform-malformed', 'mac:14'],
  ] as const)('have a mistake in %s: %j', (tag, value, code, wrong) => {
    const { problems } = parsed({ [tag]: value });
    expect(problems).toEqual([{ code, tag, value: wrong }]);
    // And nothing is done to the endpoint until somebody mends it.
    const tags = new Map<string, string>([
      [policyTags.subnets, sampleIds.subnetA],
      [tag, value],
    ]);
    expect(parsePolicy(anEndpoint({ tags }))).toMatchObject({ ok: false, problems });
  });
});
