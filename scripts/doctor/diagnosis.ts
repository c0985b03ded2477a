import type { Clock } from '../../src/clock.ts';
import { isManaged } from '../../src/vpn/endpoint.ts';
import type { DoctorArguments } from './arguments.ts';
import { checksOfAnEndpoint } from './checks-of-an-endpoint.ts';
import type { StacksReading } from './checks-of-an-endpoint.ts';
import { checksOfThePortal } from './checks-of-the-portal.ts';
import { judgeDeployment, readDeployment } from './deployment.ts';
import type { Stack } from './deployment.ts';
import { examine } from './examination.ts';
import type { Check } from './examination.ts';
import type { DoctorPorts } from './ports.ts';
import { remembered } from './remembered.ts';
import type { Report } from './report.ts';
import { judgeEndpoints } from './vpn-endpoint.ts';
import type { VpnEndpoint } from './vpn-endpoint.ts';

/**
 * The whole examination: first where everything is, then whatever of it could be found.
 *
 * @param surroundings.credentials which they are, for people
 * @param surroundings.variables the environment, which goes before the stack's outputs
 */
export async function diagnose(
  wanted: Pick<DoctorArguments, 'stack' | 'endpoints' | 'role'>,
  surroundings: {
    readonly ports: DoctorPorts;
    readonly clock: Clock;
    readonly region: string;
    readonly credentials: string;
    readonly variables: Readonly<Record<string, string | undefined>>;
  },
): Promise<Report> {
  const { clock, credentials, ports, region, variables } = surroundings;

  // What is learned on the way; empty where it cannot be read, which is a finding then.
  let stack: Stack | null = null;
  let endpoints: readonly VpnEndpoint[] | null = null;
  const beginning: readonly Check[] = [
    {
      name: 'deployment',
      subject: 'portal',
      look: async () => {
        stack = await ports.findStack(wanted.stack);
        return judgeDeployment(wanted.stack, stack, readDeployment(stack, variables).wrong);
      },
    },
    {
      name: 'endpoints',
      subject: 'portal',
      look: async () => {
        endpoints = await ports.listEndpoints();
        // Whoever asks for some of them knows which.
        return wanted.endpoints.length > 0 ? [] : judgeEndpoints(endpoints);
      },
    },
  ];
  const first = await examine(beginning);

  const { deployment } = readDeployment(stack, variables);
  const who =
    wanted.role === null ? `The credentials ${credentials}` : `The ${wanted.role}'s credentials`;
  const stacks: StacksReading = {
    declarations: remembered(() => ports.listDeclarations()),
    associations: remembered(async () => {
      const ids = (endpoints ?? []).map(({ endpoint }) => endpoint.id);
      const each = ids.map(async (id) => [id, await ports.listAssociations(id)] as const);
      return new Map(await Promise.all(each));
    }),
  };
  const then = await examine([
    ...checksOfThePortal(deployment, region, { clock, ports }),
    ...checkedEndpoints(endpoints, wanted.endpoints).flatMap(({ found, id }) =>
      checksOfAnEndpoint(
        id,
        found,
        { who, role: wanted.role, roleArns: deployment.roleArns, region },
        { clock, ports, stacks },
      ),
    ),
  ]);
  return {
    checkedAt: clock.now(),
    region,
    stack: wanted.stack,
    credentials,
    findings: [...first, ...then],
  };
}

/** @param all `null` where they could not be listed, and nothing can be said of any */
function checkedEndpoints(
  all: readonly VpnEndpoint[] | null,
  wanted: DoctorArguments['endpoints'],
) {
  if (all === null) return [];
  const ids =
    wanted.length > 0
      ? wanted
      : all.filter(({ endpoint }) => isManaged(endpoint)).map(({ endpoint }) => endpoint.id);
  return ids.map((id) => ({
    id,
    found: all.find(({ endpoint }) => endpoint.id === id) ?? null,
  }));
}
