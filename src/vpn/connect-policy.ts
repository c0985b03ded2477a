import { parseVersion } from './version.ts';
import type { Version } from './version.ts';

/**
 * Whom the client connect handler lets in, from the endpoint's tags. Each condition is off unless
 * its tag is set.
 */
export interface ConnectPolicy {
  /** Only members of the endpoint's groups, as the VPN's own sign-in names a person's groups. */
  readonly membersOnly: boolean;
  /** Only people who hold a lease: who has asked for the endpoint in the portal. */
  readonly leaseHoldersOnly: boolean;
  /** Nobody new while an administrator holds the endpoint off. */
  readonly notWhileHeldOff: boolean;
  /** What becomes of a person's second connection; `null` where they may have several. */
  readonly onePerPerson: 'newer-wins' | 'older-stays' | null;
  /** The oldest AWS client that may connect; `null` where any may, and any other client. */
  readonly oldestClient: WrittenVersion | null;
  /** `null` where every platform may connect. */
  readonly platforms: readonly PlatformRule[] | null;
  /** Whether a device counts of which AWS does not say enough to hold it against the two before. */
  readonly admitsUnknownDevices: boolean;
}

export interface PlatformRule {
  /** As OpenVPN clients name it: `win`, `mac`, `linux`. */
  readonly platform: string;
  readonly oldest: WrittenVersion | null;
}

/** A version, and how it was written, for people to read. */
export interface WrittenVersion {
  readonly text: string;
  readonly numbers: Version;
}

export const connectProblemCodes = [
  'connect-flag-invalid',
  'connect-one-per-person-invalid',
  'connect-client-version-invalid',
  'connect-platform-malformed',
] as const;

export interface ConnectPolicyProblem {
  readonly code: (typeof connectProblemCodes)[number];
  readonly tag: string;
  readonly value: string;
}

export const connectTags = {
  connectMembersOnly: 'vpn-portal:connect-members-only',
  connectLeaseHoldersOnly: 'vpn-portal:connect-lease-holders-only',
  connectNotWhileHeldOff: 'vpn-portal:connect-not-while-held-off',
  connectOnePerPerson: 'vpn-portal:connect-one-per-person',
  connectClientVersion: 'vpn-portal:connect-client-version',
  connectPlatforms: 'vpn-portal:connect-platforms',
  connectUnknownDevices: 'vpn-portal:connect-unknown-devices',
} as const;

/**
 * Of tags with a mistake the policy is what the others say: whoever uses it looks at the problems
 * first.
 */
export function parseConnectPolicy(tags: ReadonlyMap<string, string>): {
  readonly policy: ConnectPolicy;
  readonly problems: readonly ConnectPolicyProblem[];
} {
  const problems: ConnectPolicyProblem[] = [];
  const report = (code: ConnectPolicyProblem['code'], tag: string, value: string): void => {
    problems.push({ code, tag, value });
  };

  function flag(tag: string): boolean {
    const value = tags.get(tag) ?? 'false';
    if (value !== 'true' && value !== 'false') report('connect-flag-invalid', tag, value);
    return value === 'true';
  }

  const onePerPersonTag = tags.get(connectTags.connectOnePerPerson);
  const onePerPerson =
    onePerPersonTag === 'newer-wins' || onePerPersonTag === 'older-stays' ? onePerPersonTag : null;
  if (onePerPersonTag !== undefined && onePerPerson === null) {
    report('connect-one-per-person-invalid', connectTags.connectOnePerPerson, onePerPersonTag);
  }

  const clientTag = tags.get(connectTags.connectClientVersion);
  const oldestClient = clientTag === undefined ? null : writtenVersion(clientTag);
  if (clientTag !== undefined && oldestClient === null) {
    report('connect-client-version-invalid', connectTags.connectClientVersion, clientTag);
  }

  const platformsTag = tags.get(connectTags.connectPlatforms);
  const platforms = platformsTag === undefined ? null : parsePlatforms(platformsTag, report);
  return {
    policy: {
      membersOnly: flag(connectTags.connectMembersOnly),
      leaseHoldersOnly: flag(connectTags.connectLeaseHoldersOnly),
      notWhileHeldOff: flag(connectTags.connectNotWhileHeldOff),
      onePerPerson,
      oldestClient,
      platforms,
      admitsUnknownDevices: flag(connectTags.connectUnknownDevices),
    },
    problems,
  };
}

/** `win:10.0 mac linux`: a platform, and where it matters the oldest version of it. */
function parsePlatforms(
  value: string,
  report: (code: ConnectPolicyProblem['code'], tag: string, value: string) => void,
): readonly PlatformRule[] {
  const words = value.split(/\s+/).filter((word) => word !== '');
  const malformed = (word: string): void => {
    report('connect-platform-malformed', connectTags.connectPlatforms, word);
  };
  if (words.length === 0) malformed('');
  const rules: PlatformRule[] = [];
  for (const word of words) {
    const [platform = '', version, ...more] = word.split(':');
    const oldest = version === undefined ? null : writtenVersion(version);
    const isWrong = !/^[a-z]{2,20}$/.test(platform) || more.length > 0;
    const isTwice = rules.some((rule) => rule.platform === platform);
    if (isWrong || isTwice || (version !== undefined && oldest === null)) malformed(word);
    else rules.push({ platform, oldest });
  }
  return rules;
}

function writtenVersion(text: string): WrittenVersion | null {
  const numbers = parseVersion(text.trim());
  return numbers === null ? null : { text: text.trim(), numbers };
}
