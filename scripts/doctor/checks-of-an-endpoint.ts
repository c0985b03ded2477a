import type { Clock } from '../../src/clock.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { judgeCertificate } from './certificate.ts';
import { judgeDeclarations } from './declarations.ts';
import type { Declarations } from './declarations.ts';
import type { Check } from './examination.ts';
import { verdict } from './finding.ts';
import type { CheckName } from './finding.ts';
import { judgePermissions, triedActions } from './permissions.ts';
import type { Role } from './permissions.ts';
import type { DoctorPorts } from './ports.ts';
import { judgeRoles } from './role-permissions.ts';
import { judgeSamlProvider } from './saml-provider.ts';
import { judgeSubnets, wantedSubnets } from './subnets.ts';
import {
  judgeAuthentication,
  judgeAuthorizationRules,
  judgeEndpoint,
  judgePolicy,
} from './vpn-endpoint.ts';
import type { VpnEndpoint } from './vpn-endpoint.ts';

/** What the stacks declare, and what is there: both are read once for all endpoints. */
export interface StacksReading {
  readonly declarations: () => Promise<Declarations>;
  /** Of every endpoint, by its id. */
  readonly associations: () => Promise<ReadonlyMap<string, readonly string[]>>;
}

/**
 * @param found `null` where there is no such endpoint: then there is nothing else to look at
 * @param credentials whose they are, for people, and as which role they are given out; and which roles
 *   the deployment has, where that is known
 */
export function checksOfAnEndpoint(
  id: EndpointId,
  found: VpnEndpoint | null,
  credentials: {
    readonly who: string;
    readonly role: Role | null;
    readonly roleArns: Readonly<Record<Role, string | null>>;
    readonly region: string;
  },
  {
    clock,
    ports,
    stacks,
  }: { readonly clock: Clock; readonly ports: DoctorPorts; readonly stacks: StacksReading },
): readonly Check[] {
  const check = (name: CheckName, look: Check['look']): Check => ({ name, subject: id, look });
  const existence = check('endpoint', () => Promise.resolve(judgeEndpoint(id, found)));
  if (found === null) return [existence];

  const { endpoint, samlProviderArns, serverCertificateArn } = found;
  const wanted = wantedSubnets(endpoint);
  const tagsFirst = 'See to its tags first.';

  return [
    existence,
    check('policy', () => Promise.resolve(judgePolicy(found))),
    check('subnets', async () => {
      if (wanted !== null) return judgeSubnets(endpoint, wanted, await ports.findSubnets(wanted));
      const sentence = 'Which subnets are meant the tags do not say.';
      return [verdict.notChecked(sentence, tagsFirst)];
    }),
    check('authentication', () => Promise.resolve(judgeAuthentication(found))),
    ...samlProviderArns.map((arn) =>
      check('saml-provider', async () =>
        judgeSamlProvider(arn, await ports.findSamlProvider(arn), clock.now()),
      ),
    ),
    check('authorization-rules', async () =>
      judgeAuthorizationRules(id, await ports.countAuthorizationRules(id)),
    ),
    check('server-certificate', async () => {
      if (serverCertificateArn === null) {
        const sentence = `AWS does not say which server certificate ${id} has.`;
        return [verdict.notChecked(sentence, 'VPC › Client VPN endpoints shows it.')];
      }
      const certificate = await ports.findCertificate(serverCertificateArn);
      return judgeCertificate(serverCertificateArn, certificate, null, clock.now());
    }),
    check('declared-elsewhere', async () => {
      const [declarations, associations] = await Promise.all([
        stacks.declarations(),
        stacks.associations(),
      ]);
      return judgeDeclarations(id, declarations, associations);
    }),
    check('permissions', async () => {
      const subnetId = wanted?.[0];
      if (subnetId === undefined) {
        const sentence = 'Without a subnet nothing can be tried, not even dry.';
        return [verdict.notChecked(sentence, tagsFirst)];
      }
      const tried = await Promise.all(
        triedActions.map(async (action) => ({
          action,
          allowance: await ports.tryAction(action, { endpointId: id, subnetId }),
        })),
      );
      return judgePermissions(tried, credentials.who, credentials.role);
    }),
    check('role-permissions', () => {
      if (wanted === null) {
        const sentence = 'Without subnets it is not known on what the roles have to act.';
        return Promise.resolve([verdict.notChecked(sentence, tagsFirst)]);
      }
      const { region, role, roleArns } = credentials;
      const place = { endpointId: id, subnetIds: wanted, region };
      return judgeRoles(roleArns, place, role, (arn, questions) =>
        ports.simulateRole(arn, questions),
      );
    }),
  ];
}
