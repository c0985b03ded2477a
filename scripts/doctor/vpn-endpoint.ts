import { isManaged, managedTag } from '../../src/vpn/endpoint.ts';
import type { Endpoint } from '../../src/vpn/endpoint.ts';
import { parsePolicy, policyTags } from '../../src/vpn/policy.ts';
import type { PolicyTag } from '../../src/vpn/policy.ts';
import { policyProblem } from '../../src/web/locales/en/problems.ts';
import { orOk, verdict } from './finding.ts';
import type { Verdict } from './finding.ts';

/** An endpoint, with what only the doctor wants to know of it. */
export interface VpnEndpoint {
  readonly endpoint: Endpoint;
  readonly serverCertificateArn: string | null;
  readonly samlProviderArns: readonly string[];
  /** AWS's own page where people get client and configuration. */
  readonly hasSelfServicePortal: boolean;
}

/** @param found `null` where there is no such endpoint */
export function judgeEndpoint(id: string, found: VpnEndpoint | null): readonly Verdict[] {
  if (found === null) {
    return [
      verdict.problem(
        `There is no endpoint ${id} in this account and Region.`,
        'VPC › Client VPN endpoints has their ids. Is it the right Region? --region says another one.',
      ),
    ];
  }
  const { endpoint } = found;
  if (isManaged(endpoint)) return [verdict.ok(`${id} exists and is managed: ${endpoint.status}.`)];
  const tag = endpoint.tags.get(managedTag);
  if (tag === 'true') {
    return [verdict.problem(`${id} is being deleted.`, 'Make another endpoint, and tag that one.')];
  }
  const state =
    tag === undefined ? `has no tag ${managedTag}` : `has "${tag}" in its tag ${managedTag}`;
  return [
    verdict.problem(
      `${id} ${state}, so the portal leaves it alone.`,
      tagging(id, managedTag, 'true'),
    ),
  ];
}

/** Those with tags of the portal that are not in its hands, by a slip of the keyboard perhaps. */
export function judgeEndpoints(all: readonly VpnEndpoint[]): readonly Verdict[] {
  const managed = all.filter(({ endpoint }) => isManaged(endpoint));
  const forgotten = all.filter(
    ({ endpoint }) =>
      !isManaged(endpoint) &&
      endpoint.tags.get(managedTag) !== 'true' &&
      [...endpoint.tags.keys()].some((tag) => tag.startsWith('vpn-portal:')),
  );
  const wrong = forgotten.map(({ endpoint }) =>
    verdict.warning(
      `${endpoint.id} has tags of the portal, and is not managed.`,
      tagging(endpoint.id, managedTag, 'true'),
    ),
  );
  if (managed.length === 0) {
    wrong.push(
      verdict.problem(
        'No endpoint is managed, so the portal has nothing to show.',
        tagging('cvpn-endpoint-…', managedTag, 'true'),
      ),
    );
  }
  const count = managed.length === 1 ? '1 endpoint is' : `${managed.length} endpoints are`;
  return orOk(wrong, `${count} managed.`);
}

export function judgePolicy({ endpoint }: VpnEndpoint): readonly Verdict[] {
  const parsed = parsePolicy(endpoint);
  if (parsed.ok) {
    const { idleGraceMinutes, name, subnets } = parsed.policy;
    const networks = subnets.length === 1 ? '1 subnet' : `${subnets.length} subnets`;
    return [
      verdict.ok(
        `The tags can be read: "${name}", ${networks}, off after ${idleGraceMinutes} idle minutes.`,
      ),
    ];
  }
  return parsed.problems.map((problem) =>
    verdict.problem(
      policyProblem(problem),
      problem.code === 'transit-gateway'
        ? `aws ec2 delete-tags --resources ${endpoint.id} --tags Key=${managedTag}`
        : tagging(endpoint.id, problem.tag, exampleOf.get(problem.tag) ?? '…'),
    ),
  );
}

const examples: Readonly<Record<PolicyTag, string>> = {
  [policyTags.subnets]: 'subnet-0123456789abcdef0 subnet-0fedcba9876543210',
  [policyTags.name]: 'Tokyo office',
  [policyTags.groups]: '57a4ea98-1011-70e7-9c1d-3f6a0d5b2c10',
  [policyTags.idleMinutes]: '30',
  [policyTags.leaseMinutes]: '30 60 120',
  [policyTags.silentMinutes]: '60',
  [policyTags.offAt]: '22:00 Asia/Tokyo',
  [policyTags.offAtCutsOff]: 'false',
  [policyTags.connectMembersOnly]: 'true',
  [policyTags.connectLeaseHoldersOnly]: 'true',
  [policyTags.connectNotWhileHeldOff]: 'true',
  [policyTags.connectOnePerPerson]: 'newer-wins',
  [policyTags.connectClientVersion]: '5.2.0',
  [policyTags.connectPlatforms]: 'win:10.0 mac linux',
  [policyTags.connectUnknownDevices]: 'false',
};
const exampleOf: ReadonlyMap<string, string> = new Map(Object.entries(examples));

function tagging(id: string, tag: string, value: string): string {
  return `aws ec2 create-tags --resources ${id} --tags "Key=${tag},Value=${value}"`;
}

export function judgeAuthentication({
  endpoint,
  hasSelfServicePortal,
  samlProviderArns,
}: VpnEndpoint): readonly Verdict[] {
  const { authentication, id } = endpoint;
  const anew = 'An endpoint keeps its authentication for life: make another one, and tag that.';
  if (authentication.length === 0) {
    return [verdict.problem(`${id} has no authentication that is known here.`, anew)];
  }
  if (!authentication.includes('federated')) {
    return [
      authentication.includes('directory-service')
        ? verdict.ok(`${id} signs people in with a directory.`)
        : verdict.warning(
            `${id} lets in by certificate alone: connections carry the certificate's name, not the person's, and whoever has left keeps getting in until the certificate is revoked.`,
            `${anew} With federated authentication people sign in as they do to the portal.`,
          ),
    ];
  }
  const wrong: Verdict[] = [];
  if (samlProviderArns.length === 0) {
    wrong.push(verdict.problem(`${id} is federated and names no SAML provider.`, anew));
  }
  if (!hasSelfServicePortal) {
    wrong.push(
      verdict.warning(
        `The self-service portal of ${id} is off. People get their file from this portal all the same, but not AWS's client with it.`,
        `aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id ${id} --self-service-portal enabled`,
      ),
    );
  }
  return orOk(wrong, `${id} signs people in with SAML, and its self-service portal is on.`);
}

/** @param count of the rules that are in force or about to be */
export function judgeAuthorizationRules(id: string, count: number): readonly Verdict[] {
  if (count > 0) {
    return [
      verdict.ok(`${count === 1 ? '1 rule lets' : `${count} rules let`} people into networks.`),
    ];
  }
  return [
    verdict.problem(
      `${id} has no authorization rule: people connect, and get nowhere.`,
      `aws ec2 authorize-client-vpn-ingress --client-vpn-endpoint-id ${id} --target-network-cidr 10.0.0.0/16 --authorize-all-groups, or --access-group-id for one group`,
    ),
  ];
}
