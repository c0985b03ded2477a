import { describe, expect, it } from '@jest/globals';

import { parsePolicyDocument } from '../../scripts/local/iam/policy-document.ts';
import { thinnerThan } from '../builders/thinner-statements.ts';

const keys = 'dynamodb:LeadingKeys';

function thinner(...statements: readonly object[]) {
  const parsed = parsePolicyDocument({ Version: '2012-10-17', Statement: statements });
  return thinnerThan(parsed).map(({ statements: left, without }) => ({
    without,
    left: left.map(({ actions, conditions, resources }) =>
      [...actions, ...resources, ...conditions.flatMap(({ values }) => values)].join(' '),
    ),
  }));
}

describe('statements without one thing that they allow', () => {
  it('are without one action on one resource each, and with all the rest', () => {
    const other = { Effect: 'Allow', Action: 's3:A', Resource: '*' };
    expect(
      thinner(
        { Effect: 'Allow', Action: ['ec2:A', 'ec2:B'], Resource: ['arn:aws:ec2:::x', '*'] },
        other,
      ),
    ).toEqual([
      {
        without: 'ec2:A on arn:aws:ec2:::x',
        left: ['ec2:A *', 'ec2:B arn:aws:ec2:::x', 'ec2:B *', 's3:A *'],
      },
      {
        without: 'ec2:A on *',
        left: ['ec2:A arn:aws:ec2:::x', 'ec2:B arn:aws:ec2:::x', 'ec2:B *', 's3:A *'],
      },
      {
        without: 'ec2:B on arn:aws:ec2:::x',
        left: ['ec2:A arn:aws:ec2:::x', 'ec2:A *', 'ec2:B *', 's3:A *'],
      },
      {
        without: 'ec2:B on *',
        left: ['ec2:A arn:aws:ec2:::x', 'ec2:A *', 'ec2:B arn:aws:ec2:::x', 's3:A *'],
      },
      { without: 's3:A on *', left: ['ec2:A ec2:B arn:aws:ec2:::x *'] },
    ]);
  });

  it('are without one value of a condition each, where less of it allows less', () => {
    const conditioned = (operator: string, values: readonly string[]): object => ({
      Effect: 'Allow',
      Action: 'dynamodb:PutItem',
      Resource: '*',
      Condition: { [operator]: { [keys]: values } },
    });
    const withoutAll = { without: 'dynamodb:PutItem on *', left: [] };
    const withoutKey = (value: string, left: string) => ({
      without: `dynamodb:PutItem on ${keys.toLowerCase()} ${value}`,
      left: [`dynamodb:PutItem * ${left}`],
    });
    expect(thinner(conditioned('ForAllValues:StringLike', ['A#*', 'B#*']))).toEqual([
      withoutAll,
      withoutKey('A#*', 'B#*'),
      withoutKey('B#*', 'A#*'),
    ]);
    expect(thinner(conditioned('ForAllValues:StringLike', ['A#*']))).toEqual([withoutAll]);
    expect(thinner(conditioned('ForAllValues:StringNotLike', ['A#*', 'B#*']))).toEqual([
      withoutAll,
    ]);
  });

  it('keep what they deny', () => {
    expect(thinner({ Effect: 'Deny', Action: 'ec2:A', Resource: '*' })).toEqual([]);
  });
});
