import { describe, expect, it } from '@jest/globals';

import { createAccessControl } from '../../scripts/local/iam/access-control.ts';
import type { Decision } from '../../scripts/local/iam/access-control.ts';
import { evaluate } from '../../scripts/local/iam/evaluate.ts';
import { matchesAction, matchesArn } from '../../scripts/local/iam/pattern.ts';
import { parsePolicyDocument } from '../../scripts/local/iam/policy-document.ts';

const endpoint = 'arn:aws:ec2:ap-northeast-1:111122223333:client-vpn-endpoint/cvpn-endpoint-1';
const other = 'arn:aws:ec2:ap-northeast-1:111122223333:client-vpn-endpoint/cvpn-endpoint-2';
const table = 'arn:aws:dynamodb:ap-northeast-1:111122223333:table/portal';

type Fields = Readonly<Record<string, unknown>>;

function policy(...statements: readonly Fields[]) {
  return parsePolicyDocument({ Version: '2012-10-17', Statement: statements });
}

function allow(action: string, resource: string, condition?: Fields): Fields {
  const conditions = condition === undefined ? {} : { Condition: condition };
  return { Effect: 'Allow', Action: action, Resource: resource, ...conditions };
}

function deny(action: string, resource: string, condition?: Fields): Fields {
  return { ...allow(action, resource, condition), Effect: 'Deny' };
}

function outcome(
  statements: ReturnType<typeof policy>,
  asked: { readonly action: string; readonly resource: string },
  context: Readonly<Record<string, readonly string[]>> = {},
): string {
  const inSmallLetters = Object.entries(context).map(
    ([key, values]) => [key.toLowerCase(), values] as const,
  );
  return evaluate(statements, { ...asked, context: new Map(inSmallLetters) }).outcome;
}

describe('an action', () => {
  it.each([
    ['ec2:DescribeSubnets', true],
    ['EC2:describesubnets', true],
    ['ec2:Describe*', true],
    ['ec2:DescribeSubnet?', true],
    ['*', true],
    ['ec2:DescribeSubnet', false],
    ['ec2:Describe', false],
    ['ec2.DescribeSubnets', false],
    ['s3:*', false],
  ])('%s: covers ec2:DescribeSubnets: %s', (pattern, covers) => {
    expect(matchesAction(pattern, 'ec2:DescribeSubnets')).toBe(covers);
  });
});

describe('a resource', () => {
  it.each([
    [endpoint, true],
    ['*', true],
    ['arn:aws:ec2:*:*:client-vpn-endpoint/*', true],
    ['arn:aws:ec2:ap-northeast-?:111122223333:client-vpn-endpoint/cvpn-endpoint-?', true],
    [other, false],
    [endpoint.toUpperCase(), false],
    [`${endpoint}0`, false],
    ['arn:aws:ec2:ap-northeast-1:111122223333:subnet/*', false],
    ['arn:aws:ec2:us-east-1:111122223333:client-vpn-endpoint/*', false],
    ['arn:aws:ec2:ap-northeast-1:444455556666:client-vpn-endpoint/*', false],
    // A wildcard stays in its segment.
    ['arn:aws:ec2:*:client-vpn-endpoint/*', false],
  ])('%s: covers an endpoint: %s', (pattern, covers) => {
    expect(matchesArn(pattern, endpoint)).toBe(covers);
  });

  it('that has colons of its own is covered by a wildcard at its end', () => {
    const alarm = 'arn:aws:cloudwatch:ap-northeast-1:111122223333:alarm:portal:one';
    expect(matchesArn('arn:aws:cloudwatch:ap-northeast-1:111122223333:alarm:*', alarm)).toBe(true);
    expect(matchesArn('arn:aws:cloudwatch:ap-northeast-1:111122223333:alarm', alarm)).toBe(false);
  });
});

describe('a policy', () => {
  const asked = { action: 'ec2:CreateClientVpnRoute', resource: endpoint };

  it('allows nothing that it does not name', () => {
    const statements = policy(allow('ec2:CreateClientVpnRoute', endpoint));
    expect(outcome(statements, asked)).toBe('allowed');
    expect(outcome(statements, { ...asked, resource: other })).toBe('not-allowed');
    expect(outcome(statements, { ...asked, action: 'ec2:DeleteClientVpnRoute' })).toBe(
      'not-allowed',
    );
    expect(outcome([], asked)).toBe('not-allowed');
  });

  it('that denies has the last word, wherever it stands', () => {
    const allowed = allow('ec2:*', '*');
    const denied = deny('ec2:CreateClientVpnRoute', '*');
    expect(outcome(policy(allowed, denied), asked)).toBe('denied');
    expect(outcome(policy(denied, allowed), asked)).toBe('denied');
    expect(outcome(policy(denied, allowed), { ...asked, action: 'ec2:Other' })).toBe('allowed');
  });

  it('for every endpoint does not allow an action that knows no resources', () => {
    const describeEndpoints = { action: 'ec2:DescribeClientVpnEndpoints', resource: '*' };
    const everyEndpoint = 'arn:aws:ec2:*:*:client-vpn-endpoint/*';
    const onArns = policy(allow('ec2:DescribeClientVpnEndpoints', everyEndpoint));
    expect(outcome(onArns, describeEndpoints)).toBe('not-allowed');
    const onAll = policy(allow('ec2:DescribeClientVpnEndpoints', '*'));
    expect(outcome(onAll, describeEndpoints)).toBe('allowed');
  });
});

describe('a condition', () => {
  const asked = { action: 'dynamodb:UpdateItem', resource: table };
  const tag = 'aws:ResourceTag/vpn-portal:managed';
  const keys = 'dynamodb:LeadingKeys';

  it.each<[string, Fields, Readonly<Record<string, readonly string[]>>, boolean]>([
    ['StringEquals', { [tag]: 'true' }, { [tag]: ['true'] }, true],
    ['StringEquals', { [tag]: 'true' }, { [tag]: ['TRUE'] }, false],
    ['StringEquals', { [tag]: 'true' }, {}, false],
    ['StringEquals', { [tag]: ['no', 'true'] }, { [tag]: ['true'] }, true],
    ['StringEquals', { [tag.toUpperCase()]: 'true' }, { [tag]: ['true'] }, true],
    ['StringEquals', { [tag]: 'tru*' }, { [tag]: ['true'] }, false],
    ['StringEqualsIfExists', { [tag]: 'true' }, {}, true],
    ['StringEqualsIfExists', { [tag]: 'true' }, { [tag]: ['false'] }, false],
    ['StringEqualsIgnoreCase', { [tag]: 'true' }, { [tag]: ['TRUE'] }, true],
    ['StringNotEquals', { [tag]: 'true' }, { [tag]: ['false'] }, true],
    ['StringNotEquals', { [tag]: ['true', 'false'] }, { [tag]: ['false'] }, false],
    ['StringNotEquals', { [tag]: 'true' }, {}, true],
    ['StringNotEqualsIgnoreCase', { [tag]: 'true' }, { [tag]: ['TRUE'] }, false],
    ['StringLike', { [tag]: 'tr?*' }, { [tag]: ['true'] }, true],
    ['StringLike', { [tag]: 'tr?' }, { [tag]: ['true'] }, false],
    ['StringNotLike', { [tag]: 'tr*' }, { [tag]: ['true'] }, false],
    ['ArnLike', { [tag]: 'arn:aws:ec2:*:*:client-vpn-endpoint/*' }, { [tag]: [endpoint] }, true],
    ['ArnNotLike', { [tag]: 'arn:aws:ec2:*:*:subnet/*' }, { [tag]: [endpoint] }, true],
    ['Bool', { 'aws:SecureTransport': false }, { 'aws:SecureTransport': ['true'] }, false],
    ['Bool', { 'aws:SecureTransport': 'TRUE' }, { 'aws:SecureTransport': ['true'] }, true],
    ['Null', { [tag]: 'true' }, {}, true],
    ['Null', { [tag]: 'true' }, { [tag]: ['x'] }, false],
    ['Null', { [tag]: false }, { [tag]: ['x'] }, true],
    ['ForAllValues:StringLike', { [keys]: 'A#*' }, { [keys]: ['A#1', 'A#2'] }, true],
    ['ForAllValues:StringLike', { [keys]: 'A#*' }, { [keys]: ['A#1', 'B#2'] }, false],
    ['ForAllValues:StringLike', { [keys]: 'A#*' }, {}, true],
    ['ForAnyValue:StringLike', { [keys]: 'A#*' }, { [keys]: ['A#1', 'B#2'] }, true],
    ['ForAnyValue:StringLike', { [keys]: 'A#*' }, { [keys]: ['C#1', 'B#2'] }, false],
    ['ForAnyValue:StringLike', { [keys]: 'A#*' }, {}, false],
    ['ForAllValues:StringNotLike', { [keys]: 'A#*' }, { [keys]: ['A#1', 'B#2'] }, false],
    ['ForAnyValue:StringNotLike', { [keys]: 'A#*' }, { [keys]: ['A#1', 'B#2'] }, true],
  ])('%s %j, where the request says %j: %s', (operator, values, context, isMet) => {
    const statements = policy(allow(asked.action, table, { [operator]: values }));
    expect(outcome(statements, asked, context)).toBe(isMet ? 'allowed' : 'not-allowed');
  });

  it('is one of several that all have to be met', () => {
    const statements = policy(
      allow(asked.action, table, {
        StringEquals: { [tag]: 'true', 'aws:RequestedRegion': 'us-east-1' },
        Bool: { 'aws:SecureTransport': 'true' },
      }),
    );
    const met = {
      [tag]: ['true'],
      'aws:RequestedRegion': ['us-east-1'],
      'aws:SecureTransport': ['true'],
    };
    expect(outcome(statements, asked, met)).toBe('allowed');
    for (const key of Object.keys(met)) {
      expect(outcome(statements, asked, { ...met, [key]: ['other'] })).toBe('not-allowed');
    }
  });

  it('of a statement that denies lets through what does not meet it', () => {
    const statements = policy(
      allow('dynamodb:UpdateItem', table),
      deny('dynamodb:UpdateItem', table, { 'ForAnyValue:StringLike': { [keys]: 'AUDIT#*' } }),
    );
    expect(outcome(statements, asked, { [keys]: ['AUDIT#2026-01'] })).toBe('denied');
    expect(outcome(statements, asked, { [keys]: ['ENDPOINT#1'] })).toBe('allowed');
  });
});

describe('what is not understood', () => {
  const good = { Effect: 'Allow', Action: 'ec2:A', Resource: '*' };
  const conditioned = (operator: string, key: string, value: unknown): Fields => ({
    ...good,
    Condition: { [operator]: { [key]: value } },
  });

  it.each<[string, Fields, string]>([
    ['NotAction', { Effect: 'Allow', NotAction: 'ec2:A', Resource: '*' }, 'NotAction'],
    ['NotResource', { Effect: 'Allow', Action: 'ec2:A', NotResource: '*' }, 'NotResource'],
    ['Principal', { ...good, Principal: '*' }, 'Principal'],
    ['an effect', { ...good, Effect: 'Maybe' }, 'Effect'],
    ['no resource', { Effect: 'Allow', Action: 'ec2:A' }, 'Resource'],
    ['a resource that is no ARN', { ...good, Resource: 'portal' }, 'portal'],
    ['a resource with too few segments', { ...good, Resource: 'arn:aws:ec2:*' }, 'arn:aws:ec2:*'],
    ['a policy variable', { ...good, Resource: 'arn:aws:s3:::${aws:username}' }, 'username'],
    ['an action without a service', { ...good, Action: 'DescribeSubnets' }, 'DescribeSubnets'],
    ['an operator', conditioned('IpAddress', 'aws:RequestedRegion', 'x'), 'IpAddress'],
    ['a half operator', conditioned('ForAnyValue', 'dynamodb:LeadingKeys', 'x'), 'ForAnyValue'],
    [
      'IfExists with a set',
      conditioned('ForAnyValue:StringLikeIfExists', 'dynamodb:LeadingKeys', 'x'),
      'StringLikeIfExists',
    ],
    ['a key', conditioned('StringEquals', 'aws:SourceVpc', 'x'), 'aws:SourceVpc'],
    ['a tag without a name', conditioned('StringEquals', 'aws:ResourceTag/', 'x'), 'ResourceTag'],
    [
      'a key of several values without a set operator',
      conditioned('StringLike', 'dynamodb:LeadingKeys', 'x'),
      'ForAnyValue or ForAllValues',
    ],
    [
      'a variable in a condition',
      conditioned('StringLike', 'aws:RequestedRegion', '${aws:PrincipalTag/x}'),
      'PrincipalTag',
    ],
    ['Null with something else', conditioned('Null', 'aws:RequestedRegion', 'perhaps'), 'perhaps'],
  ])('is refused, and said: %s', (_what, statement, said) => {
    expect(() => policy(good)).not.toThrow();
    expect(() => policy(statement)).toThrow(said);
  });

  it('is refused in a document of another version', () => {
    expect(() => parsePolicyDocument({ Version: '2008-10-17', Statement: [good] })).toThrow(
      'Version',
    );
    expect(() => parsePolicyDocument({ Statement: good })).toThrow('Version');
  });
});

describe('access', () => {
  const roles = new Map([
    ['KEY', { name: 'portal', statements: policy(allow('ec2:A', endpoint), deny('ec2:B', '*')) }],
  ]);
  const place = { region: 'ap-northeast-1', accountId: '111122223333', roles };

  it('is refused to a key that nobody knows, and where there is none', () => {
    const access = createAccessControl(place);
    const unknown = { kind: 'unknown-key' };
    expect(access.refusalOf('OTHER', 'ec2:A', [{ arn: endpoint }])).toEqual(unknown);
    expect(access.refusalOf(null, 'ec2:A', [{ arn: endpoint }])).toEqual(unknown);
    expect(access.refusalOf('KEY', 'ec2:A', [{ arn: endpoint }])).toBeNull();
  });

  it('is refused with a sentence that says who, what, and why', () => {
    const access = createAccessControl(place);
    const asked = (action: string) => access.refusalOf('KEY', action, [{ arn: endpoint }]);
    const who = 'User: arn:aws:sts::111122223333:assumed-role/portal/local';
    expect(asked('ec2:B')).toEqual({
      kind: 'not-authorized',
      sentence: `${who} is not authorized to perform: ec2:B on resource: ${endpoint} with an explicit deny in an identity-based policy`,
    });
    expect(asked('ec2:C')).toEqual({
      kind: 'not-authorized',
      sentence: `${who} is not authorized to perform: ec2:C on resource: ${endpoint} because no identity-based policy allows the ec2:C action`,
    });
  });

  it('to several things needs all of them allowed, and is told as far as it was asked', () => {
    const told: Decision[] = [];
    const access = createAccessControl({ ...place, onDecision: (each) => told.push(each) });
    const both = [{ arn: endpoint }, { arn: other }];
    expect(access.refusalOf('KEY', 'ec2:A', both)).toMatchObject({ kind: 'not-authorized' });
    expect(told).toMatchObject([
      { role: 'portal', action: 'ec2:A', resource: endpoint, verdict: { outcome: 'allowed' } },
      { role: 'portal', action: 'ec2:A', resource: other, verdict: { outcome: 'not-allowed' } },
    ]);
  });
});
