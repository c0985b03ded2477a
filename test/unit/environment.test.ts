import { describe, expect, it } from '@jest/globals';

import {
  EnvironmentError,
  connectEnvironment,
  portalEnvironment,
  readEnvironment,
  reconcilerEnvironment,
  serverEnvironment,
} from '../../src/config/environment.ts';

const complete = {
  TABLE_NAME: 'portal',
  ALB_ARN:
    'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/portal/0123456789abcdef',
  COGNITO_CLIENT_ID: 'client',
  COGNITO_ISSUER: 'https://cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_pool',
  COGNITO_DOMAIN: 'https://company.auth.ap-northeast-1.amazoncognito.com',
  PORTAL_URL: 'https://vpn.example.com',
};

function sentenceFor(variables: Readonly<Record<string, string | undefined>>): string {
  try {
    readEnvironment(serverEnvironment, { ...complete, ...variables });
    return '';
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return error.message;
  }
}

const accounts = {
  TIME_ZONE: 'UTC',
  BILLING: 'pro-rated',
  USAGE_RETENTION_DAYS: 400,
  TOTALS_RETENTION_DAYS: 1_100,
  AUDIT_RETENTION_DAYS: 400,
  ENDPOINT_IDS: [],
  METRIC_NAMESPACE: 'ClientVpnOnDemand',
};

describe('the environment', () => {
  it('needs what has no default, and no more', () => {
    expect(readEnvironment(serverEnvironment, { ...complete, HOME: '/root' })).toEqual({
      ...complete,
      ...accounts,
      PORTAL_COST_PER_MONTH: 0,
      CURRENCY: 'USD',
      GROUPS_CLAIM: 'custom:groups',
      ADMIN_GROUPS: [],
      AUDITOR_GROUPS: [],
      SIGN_IN_ORIGINS: [],
      HOST: '0.0.0.0',
      PORT: 8080,
      RECONCILE_IN_PROCESS: false,
      RECONCILER_DRY_RUN: false,
    });
    expect(readEnvironment(reconcilerEnvironment, complete)).toEqual({
      TABLE_NAME: 'portal',
      ...accounts,
      RECONCILER_DRY_RUN: false,
    });
    const portal = readEnvironment(portalEnvironment, complete);
    for (const name of ['PORT', 'RECONCILE_IN_PROCESS', 'RECONCILER_DRY_RUN']) {
      expect(portal).not.toHaveProperty(name);
    }
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('takes %j for what is on or off', (text, value) => {
    const flags = { RECONCILE_IN_PROCESS: text, RECONCILER_DRY_RUN: text };
    expect(readEnvironment(serverEnvironment, { ...complete, ...flags })).toMatchObject({
      RECONCILE_IN_PROCESS: value,
      RECONCILER_DRY_RUN: value,
    });
    expect(readEnvironment(reconcilerEnvironment, { ...complete, ...flags })).toEqual({
      TABLE_NAME: 'portal',
      ...accounts,
      RECONCILER_DRY_RUN: value,
    });
  });

  it('takes lists with spaces', () => {
    const variables = {
      ...complete,
      ADMIN_GROUPS: ' a  b ',
      AUDITOR_GROUPS: '',
      SIGN_IN_ORIGINS: 'https://a.example https://b.example',
      TIME_ZONE: 'Asia/Tokyo',
      PORT: '0',
    };
    expect(readEnvironment(serverEnvironment, variables)).toMatchObject({
      ADMIN_GROUPS: ['a', 'b'],
      AUDITOR_GROUPS: [],
      SIGN_IN_ORIGINS: ['https://a.example', 'https://b.example'],
      TIME_ZONE: 'Asia/Tokyo',
      PORT: 0,
    });
  });

  it.each(Object.keys(complete))('says that %s is not set', (name) => {
    const sentence = `The environment is not usable: ${name} is not set.`;
    expect(sentenceFor({ [name]: undefined })).toBe(sentence);
  });

  it.each([
    ['TABLE_NAME', 'ab', 'must name the DynamoDB table'],
    ['ALB_ARN', 'arn:aws:s3:::bucket', 'must be the ARN of an Application Load Balancer'],
    [
      'ALB_ARN',
      complete.ALB_ARN.replace('/app/', '/net/'),
      'must be the ARN of an Application Load Balancer',
    ],
    ['COGNITO_CLIENT_ID', '', 'must be the id of the user pool client'],
    ['COGNITO_ISSUER', 'cognito', 'must be an http or https URL'],
    ['COGNITO_DOMAIN', 'ftp://x.example', 'must be an http or https URL'],
    ['PORTAL_URL', '', 'must be an http or https URL'],
    ['GROUPS_CLAIM', '', 'must name a claim'],
    ['TIME_ZONE', 'Tokyo', 'must be a time zone such as Asia/Tokyo'],
    ['PORT', '65536', 'must be a whole number from 0 (any free port) to 65535'],
    ['PORT', '', 'must be a whole number from 0 (any free port) to 65535'],
    ['PORT', '80a', 'must be a whole number from 0 (any free port) to 65535'],
    // None of these is guessed to mean yes, or no.
    ['RECONCILER_DRY_RUN', '1', 'must be true or false'],
    ['RECONCILER_DRY_RUN', 'True', 'must be true or false'],
    ['RECONCILER_DRY_RUN', 'yes', 'must be true or false'],
    ['RECONCILER_DRY_RUN', '', 'must be true or false'],
    ['RECONCILE_IN_PROCESS', ' true', 'must be true or false'],
    ['METRIC_NAMESPACE', 'AWS/EC2', 'must be a CloudWatch namespace, and not one of AWS'],
    ['METRIC_NAMESPACE', '', 'must be a CloudWatch namespace, and not one of AWS'],
    ['RECONCILER_RULE_NAME', 'a rule', 'must be the name of an EventBridge rule'],
    ['RECONCILER_RULE_NAME', '', 'must be the name of an EventBridge rule'],
    ['PORT', '-1', 'must be a whole number from 0 (any free port) to 65535'],
  ])('says what %s should be instead of %j', (name, value, rule) => {
    expect(sentenceFor({ [name]: value })).toBe(`The environment is not usable: ${name} ${rule}.`);
  });

  it('says which origin is none', () => {
    expect(sentenceFor({ SIGN_IN_ORIGINS: 'https://a.example b' })).toBe(
      'The environment is not usable: SIGN_IN_ORIGINS.1 must be an http or https URL.',
    );
  });

  it('says which endpoint is none', () => {
    expect(sentenceFor({ ENDPOINT_IDS: 'cvpn-endpoint-0123456789abcdef0 subnet-1' })).toBe(
      'The environment is not usable: ENDPOINT_IDS.1 must be the id of a Client VPN endpoint.',
    );
  });

  it('says everything at once', () => {
    const sentence = sentenceFor({ TABLE_NAME: undefined, PORT: 'x', TIME_ZONE: 'x' });
    expect(sentence.split('; ')).toHaveLength(3);
  });

  it('is that of the process unless another one is given', () => {
    expect(() => readEnvironment(reconcilerEnvironment)).toThrow('TABLE_NAME is not set');
  });
});

describe('the environment of the client connect handler', () => {
  const needed = {
    TABLE_NAME: 'portal',
    PORTAL_URL: 'https://vpn.example.com',
    CONNECT_ON_FAILURE: 'deny',
  };
  const sentence = (variables: Readonly<Record<string, string | undefined>>): string => {
    try {
      readEnvironment(connectEnvironment, { ...needed, ...variables });
      return '';
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      return error.message;
    }
  };

  it('is its own, and no more', () => {
    expect(readEnvironment(connectEnvironment, { ...complete, ...needed })).toEqual({
      ...needed,
      AUDIT_RETENTION_DAYS: 400,
      METRIC_NAMESPACE: 'ClientVpnOnDemand',
      CONNECT_LANGUAGE: 'en',
    });
    expect(
      readEnvironment(connectEnvironment, { ...needed, CONNECT_LANGUAGE: 'ja' }),
    ).toMatchObject({ CONNECT_LANGUAGE: 'ja' });
  });

  it('has no default for what happens when nothing can be told', () => {
    expect(sentence({ CONNECT_ON_FAILURE: undefined })).toBe(
      'The environment is not usable: CONNECT_ON_FAILURE is not set.',
    );
  });

  it.each([
    ['CONNECT_ON_FAILURE', '', 'must be allow or deny'],
    ['CONNECT_ON_FAILURE', 'open', 'must be allow or deny'],
    ['CONNECT_LANGUAGE', 'fr', 'must be en or ja'],
    ['PORTAL_URL', `https://${'v'.repeat(93)}`, 'must have at most 100 characters'],
  ])('says what %s should be instead of %j', (name, value, rule) => {
    expect(sentence({ [name]: value })).toBe(`The environment is not usable: ${name} ${rule}.`);
  });
});
