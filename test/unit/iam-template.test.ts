import { describe, expect, it } from '@jest/globals';

import { resolveIntrinsics } from '../../scripts/local/iam/intrinsics.ts';
import type { DeployedPlace } from '../../scripts/local/iam/intrinsics.ts';
import { roleIdOf, roleIn, templateSchema } from '../../scripts/local/iam/template.ts';
import type { Deployment, Template } from '../../scripts/local/iam/template.ts';

const tableArn = 'arn:aws:dynamodb:us-east-1:111122223333:table/portal';
const place: DeployedPlace = {
  region: 'us-east-1',
  accountId: '111122223333',
  nameOf: (logicalId) =>
    logicalId === 'Table'
      ? { ref: 'portal', attributes: { Arn: tableArn, 'Stream.Arn': 's' } }
      : null,
  exported: (name) => (name === 'TableArn' ? tableArn : null),
};

describe('an intrinsic function', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref', { Ref: 'Table' }, 'portal'],
    ['Ref of the place', { Ref: 'AWS::AccountId' }, '111122223333'],
    ['GetAtt', { 'Fn::GetAtt': ['Table', 'Arn'] }, tableArn],
    ['GetAtt in one text', { 'Fn::GetAtt': 'Table.Stream.Arn' }, 's'],
    [
      'Join',
      {
        'Fn::Join': [
          ':',
          ['arn', { Ref: 'AWS::Partition' }, 'ec2', { Ref: 'AWS::Region' }, '1', 'subnet/*'],
        ],
      },
      'arn:aws:ec2:us-east-1:1:subnet/*',
    ],
    [
      'Sub',
      { 'Fn::Sub': '${AWS::Region}/${Table}/${Table.Arn}/${!kept}' },
      `us-east-1/portal/${tableArn}/\${kept}`,
    ],
    [
      'Sub with variables',
      { 'Fn::Sub': ['${a}-${Table}', { a: { Ref: 'AWS::Region' } }] },
      'us-east-1-portal',
    ],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'TableArn' } }, tableArn],
    [
      'none',
      { Statement: [{ Resource: { Ref: 'Table' }, Sid: 'x' }, 1, null] },
      { Statement: [{ Resource: 'portal', Sid: 'x' }, 1, null] },
    ],
  ])('is worked out: %s', (_name, value, resolved) => {
    expect(resolveIntrinsics(value, place)).toEqual(resolved);
  });

  it.each<[string, unknown, string]>([
    ['that is not known', { 'Fn::Select': [0, ['a']] }, 'Fn::Select'],
    ['of a resource that is not given', { Ref: 'Queue' }, 'Queue'],
    ['of an attribute that is not given', { 'Fn::GetAtt': ['Table', 'Name'] }, 'Table.Name'],
    ['of an export that nobody has', { 'Fn::ImportValue': 'Other' }, 'Other'],
    ['in a text', { 'Fn::Sub': '${Nobody}' }, 'Nobody'],
    ['without its list', { 'Fn::Join': 'a' }, 'Fn::Join'],
    ['with something that is no text', { 'Fn::Join': ['', [{ a: 1 }]] }, 'Fn::Join'],
  ])('is refused: one %s', (_what, value, said) => {
    expect(() => resolveIntrinsics(value, place)).toThrow(said);
  });
});

describe('a role of a template', () => {
  const document = (action: string, resource: unknown = '*'): object => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: action, Resource: resource },
  });
  const data = templateSchema.parse({
    Resources: { Table: { Type: 'AWS::DynamoDB::Table' } },
    Outputs: {
      Exported: {
        Value: { 'Fn::GetAtt': ['Table', 'Arn'] },
        Export: { Name: { 'Fn::Sub': 'data:TableArn' } },
      },
      Shown: { Value: 'x' },
    },
  });

  function portal(role: object, others: Readonly<Record<string, object>> = {}): Template {
    const resources = { Role: { Type: 'AWS::IAM::Role', Properties: role }, ...others };
    return templateSchema.parse({ Resources: resources });
  }

  function read(template: Template) {
    const deployment: Deployment = {
      templates: [data, template],
      region: 'us-east-1',
      accountId: '111122223333',
      nameOf: (_logicalId, { Type }) =>
        Type === 'AWS::DynamoDB::Table' ? { ref: 'portal', attributes: { Arn: tableArn } } : null,
    };
    const { elsewhere, statements } = roleIn(template, 'Role', deployment);
    return {
      elsewhere,
      granted: statements.map(({ actions, resources }) => [...actions, ...resources].join(' ')),
    };
  }

  it('has its own policies, those that are attached to it, and no others', () => {
    const managed = { Type: 'AWS::IAM::ManagedPolicy' };
    const template = portal(
      {
        Policies: [{ PolicyDocument: document('ec2:Own') }],
        ManagedPolicyArns: [
          { Ref: 'Listed' },
          { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/Logs']] },
        ],
      },
      {
        Attached: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            PolicyDocument: document('dynamodb:Attached', { 'Fn::ImportValue': 'data:TableArn' }),
            Roles: [{ Ref: 'Role' }],
          },
        },
        Foreign: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyDocument: document('ec2:Foreign'), Roles: [{ Ref: 'Other' }] },
        },
        Listed: { ...managed, Properties: { PolicyDocument: document('ec2:Listed') } },
        Naming: {
          ...managed,
          Properties: { PolicyDocument: document('ec2:Naming'), Roles: [{ Ref: 'Role' }] },
        },
        Unused: { ...managed, Properties: { PolicyDocument: document('ec2:Unused') } },
      },
    );
    expect(read(template)).toEqual({
      granted: ['ec2:Own *', `dynamodb:Attached ${tableArn}`, 'ec2:Naming *', 'ec2:Listed *'],
      elsewhere: ['arn:aws:iam::aws:policy/Logs'],
    });
  });

  it.each<[string, Template, string]>([
    ['that is not there', templateSchema.parse({ Resources: {} }), 'Role'],
    ['with a boundary', portal({ PermissionsBoundary: 'arn:x' }), 'boundary'],
    [
      'beside a policy that is attached by a name',
      portal(
        {},
        { P: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: {}, Roles: ['portal'] } } },
      ),
      'Roles',
    ],
    [
      'with a name that is not given',
      portal({ Policies: [{ PolicyDocument: document('ec2:A', { Ref: 'Nothing' }) }] }),
      'Nothing',
    ],
  ])('is refused: one %s', (_what, template, said) => {
    expect(() => read(template)).toThrow(said);
  });

  it('is found by the reference of whatever runs as it', () => {
    expect(roleIdOf({ 'Fn::GetAtt': ['Role', 'Arn'] })).toBe('Role');
    expect(() => roleIdOf('arn:aws:iam::1:role/x')).toThrow('ARN');
  });
});
