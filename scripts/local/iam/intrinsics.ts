import { PolicyError } from './policy-error.ts';

/** What a resource of a template is called once it is deployed. */
export interface DeployedNames {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives, by the attribute's name. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface DeployedPlace {
  readonly region: string;
  readonly accountId: string;
  /** Of the template's resources and parameters; `null` where nobody needs to know it. */
  nameOf(logicalId: string): DeployedNames | null;
  /** What another stack exports under a name; `null` where none does. */
  exported(name: string): string | null;
}

/**
 * A part of a CloudFormation template, with the intrinsic functions in it worked out.
 *
 * @throws {PolicyError} for a function that is not known here, and for a name that is not given
 */
export function resolveIntrinsics(value: unknown, place: DeployedPlace): unknown {
  if (Array.isArray(value)) return value.map((each) => resolveIntrinsics(each, place));
  if (!isRecord(value)) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === 'Ref') return refOf(textOf(argument, name), place);
    if (name.startsWith('Fn::')) return functionOf(name, argument, place);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, resolveIntrinsics(each, place)]),
  );
}

function functionOf(name: string, argument: unknown, place: DeployedPlace): unknown {
  const resolved = (): unknown => resolveIntrinsics(argument, place);
  switch (name) {
    case 'Fn::GetAtt': {
      const parts: unknown = typeof argument === 'string' ? argument.split('.') : argument;
      const [logicalId, ...attribute] = textsOf(parts, name);
      return attributeOf(logicalId ?? '', attribute.join('.'), place);
    }
    case 'Fn::Join': {
      const [separator, texts] = listOf(resolved(), name);
      return textsOf(texts, name).join(textOf(separator, name));
    }
    case 'Fn::Sub':
      return substituted(argument, place);
    case 'Fn::ImportValue': {
      const wanted = textOf(resolved(), name);
      const found = place.exported(wanted);
      if (found === null) throw new PolicyError(`No stack exports ${wanted}.`);
      return found;
    }
    default:
      throw new PolicyError(`The function ${name} is not known here.`);
  }
}

function substituted(argument: unknown, place: DeployedPlace): string {
  const [template, variables] =
    typeof argument === 'string' ? [argument, {}] : listOf(argument, 'Fn::Sub');
  const given = isRecord(variables) ? variables : {};
  return textOf(template, 'Fn::Sub').replaceAll(/\$\{([^}]*)\}/g, (_all, named: string) => {
    if (named.startsWith('!')) return `\${${named.slice(1)}}`;
    if (named in given) return textOf(resolveIntrinsics(given[named], place), 'Fn::Sub');
    const [logicalId = '', ...attribute] = named.split('.');
    return attribute.length === 0
      ? refOf(logicalId, place)
      : attributeOf(logicalId, attribute.join('.'), place);
  });
}

function refOf(name: string, place: DeployedPlace): string {
  switch (name) {
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::Region':
      return place.region;
    case 'AWS::AccountId':
      return place.accountId;
    default: {
      const found = place.nameOf(name);
      if (found === null) throw new PolicyError(`What ${name} is called is not given.`);
      return found.ref;
    }
  }
}

function attributeOf(logicalId: string, attribute: string, place: DeployedPlace): string {
  const found = place.nameOf(logicalId)?.attributes[attribute];
  if (found === undefined)
    throw new PolicyError(`What ${logicalId}.${attribute} is, is not given.`);
  return found;
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string')
    throw new PolicyError(`${name} is used with something that is no text.`);
  return value;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new PolicyError(`${name} is used without a list.`);
  return value;
}

function textsOf(value: unknown, name: string): readonly string[] {
  return listOf(value, name).map((each) => textOf(each, name));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
