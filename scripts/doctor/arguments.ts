import { parseArgs } from 'node:util';

import { parseEndpointId } from '../../src/vpn/ids.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { roles } from './permissions.ts';
import type { Role } from './permissions.ts';

export interface DoctorArguments {
  readonly json: boolean;
  readonly help: boolean;
  /** Against the local stack, at the ports of its own settings. */
  readonly local: boolean;
  /** What could not be checked fails nothing. */
  readonly acceptNotChecked: boolean;
  readonly stack: string;
  /** `null`: as the SDK finds it. */
  readonly region: string | null;
  /** As which of the portal's roles it runs; `null` for anybody else. */
  readonly role: Role | null;
  /** Empty for every managed endpoint. */
  readonly endpoints: readonly EndpointId[];
}

/** What the deployment calls the portal's stack unless told otherwise. */
export const defaultStack = 'vpn-portal';

export const usage = `npm run doctor -- [--endpoint ID]... [--stack NAME] [--region REGION] [--role portal|reconciler] [--local] [--json] [--accept-not-checked]

  --endpoint            looks at this endpoint alone; may be given more than once
  --stack               the portal's stack in CloudFormation; ${defaultStack} unless given
  --region              the Region; as the AWS CLI finds it unless given
  --role                says that the credentials are those of the portal's role or of the reconciler's
  --local               looks at the local stack, at its usual ports or where LOCAL_AWS_PORT says
  --json                answers one JSON document
  --accept-not-checked  ends with 0 although something could not be checked`;

/** @returns a sentence where the arguments cannot be used */
export function readArguments(
  given: readonly string[],
):
  | { readonly ok: true; readonly read: DoctorArguments }
  | { readonly ok: false; readonly sentence: string } {
  const refuse = (sentence: string) => ({ ok: false, sentence }) as const;
  let values;
  try {
    ({ values } = parseArgs({
      args: [...given],
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        local: { type: 'boolean', default: false },
        'accept-not-checked': { type: 'boolean', default: false },
        stack: { type: 'string', default: defaultStack },
        region: { type: 'string' },
        role: { type: 'string' },
        endpoint: { type: 'string', multiple: true, default: [] },
      },
    }));
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const { region, stack } = values;
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stack)) {
    return refuse(`--stack takes the name of a stack such as ${defaultStack}, not "${stack}".`);
  }
  if (region !== undefined && !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region)) {
    return refuse(`--region takes a Region such as ap-northeast-1, not "${region}".`);
  }
  const role = roles.find((one) => one === values.role) ?? null;
  if (values.role !== undefined && role === null) {
    return refuse(`--role takes ${roles.join(' or ')}, not "${values.role}".`);
  }
  const endpoints: EndpointId[] = [];
  for (const text of values.endpoint) {
    const id = parseEndpointId(text);
    if (id === null) {
      return refuse(
        `--endpoint takes an id such as cvpn-endpoint-0123456789abcdef0, not "${text}".`,
      );
    }
    if (!endpoints.includes(id)) endpoints.push(id);
  }
  const { help, json, local } = values;
  const acceptNotChecked = values['accept-not-checked'];
  return {
    ok: true,
    read: { json, help, local, acceptNotChecked, stack, region: region ?? null, role, endpoints },
  };
}
