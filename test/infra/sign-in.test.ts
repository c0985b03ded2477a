import type { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SignIn, groupsClaim } from '../../infra/lib/constructs/sign-in.ts';
import type { SignInProps } from '../../infra/lib/constructs/sign-in.ts';
import { portalEnvironment } from '../../src/config/environment.ts';
import { hostedZoneIn, synthesise } from './stack-under-test.ts';

const certificateArn =
  'arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000';
const metadataUrl = 'https://portal.sso.ap-northeast-1.amazonaws.com/saml/metadata/MTExMTIyMjIz';

function signInOf(stack: Stack, changes: Partial<SignInProps> = {}) {
  return new SignIn(stack, 'SignIn', {
    hostName: 'vpn.example.com',
    domain: { kind: 'prefix', prefix: 'example-vpn' },
    hostedZone: hostedZoneIn(stack),
    identityProvider: { kind: 'identity-center', metadataUrl },
    sessionHours: 9,
    ...changes,
  });
}

const withSignIn = (changes: Partial<SignInProps> = {}) =>
  synthesise((stack) => signInOf(stack, changes));

const signIn = withSignIn();
const withOwnDomain = withSignIn({
  domain: { kind: 'own', hostName: 'sign-in.example.com', certificateArn },
});
const pool = signIn.one('AWS::Cognito::UserPool');
const client = signIn.one('AWS::Cognito::UserPoolClient');
const provider = signIn.one('AWS::Cognito::UserPoolIdentityProvider');

describe('the user pool', () => {
  it('is not lost by a mistake', () => {
    expect(pool).toMatchObject({ DeletionProtection: 'ACTIVE' });
    expect(signIn.ofType('AWS::Cognito::UserPool')[0]).toMatchObject({ DeletionPolicy: 'Retain' });
  });

  it('lets nobody sign up, nor recover a password', () => {
    expect(pool).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
    });
  });

  it('asks for a second factor, which is never sent as a message', () => {
    expect(pool).toMatchObject({
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    });
  });

  it('keeps the groups in an attribute that a sign-in may write again, as long as any may be', () => {
    expect(pool['Schema']).toContainEqual({
      AttributeDataType: 'String',
      Name: 'groups',
      Mutable: true,
      StringAttributeConstraints: { MaxLength: '2048' },
    });
  });

  it('requires no attribute, because that could never be taken back', () => {
    const schema = z.array(z.looseObject({ Required: z.boolean().optional() }));
    const required = schema.parse(pool['Schema']).filter(({ Required }) => Required === true);
    expect(required).toEqual([]);
  });
});

describe('the SAML provider', () => {
  it('is read from where the identity provider publishes it', () => {
    expect(provider).toMatchObject({
      ProviderType: 'SAML',
      ProviderName: 'IdentityCenter',
      ProviderDetails: { MetadataURL: metadataUrl, IDPInit: false },
    });
  });

  it('maps e-mail address, name and groups', () => {
    expect(provider['AttributeMapping']).toEqual({
      email: 'email',
      name: 'name',
      'custom:groups': 'groups',
    });
  });

  it('bears the name of Okta where it is Okta', () => {
    const okta = withSignIn({ identityProvider: { kind: 'okta', metadataUrl } });
    expect(okta.one('AWS::Cognito::UserPoolIdentityProvider')).toMatchObject({
      ProviderName: 'Okta',
    });
  });

  it('writes the groups into the claim that the portal reads by default', () => {
    expect(groupsClaim).toBe(portalEnvironment.shape.GROUPS_CLAIM.parse(undefined));
  });
});

describe('the client', () => {
  it('admits the SAML provider alone, and no user of the pool', () => {
    // By reference, so that the provider is there before the client that names it.
    const [id] =
      Object.entries(signIn.resources).find(
        ([, { Type }]) => Type === 'AWS::Cognito::UserPoolIdentityProvider',
      ) ?? [];
    expect(client['SupportedIdentityProviders']).toEqual([{ Ref: id }]);
    expect(client['ExplicitAuthFlows']).toEqual(['ALLOW_REFRESH_TOKEN_AUTH']);
  });

  it('has a secret and the code grant, and no grant that shows tokens to the browser', () => {
    expect(client).toMatchObject({ GenerateSecret: true, AllowedOAuthFlows: ['code'] });
  });

  it('leads to the load balancer and back from signing out, and nowhere else', () => {
    expect(client['CallbackURLs']).toEqual(['https://vpn.example.com/oauth2/idpresponse']);
    expect(client['LogoutURLs']).toEqual(['https://vpn.example.com/signed-out']);
  });

  it('may read and write what is mapped, or a sign-in would fail and the groups be missing', () => {
    const mapped = Object.keys(
      z.record(z.string(), z.string()).parse(provider['AttributeMapping']),
    );
    const sorted = mapped.toSorted();
    expect(z.array(z.string()).parse(client['WriteAttributes']).toSorted()).toEqual(sorted);
    expect(z.array(z.string()).parse(client['ReadAttributes']).toSorted()).toEqual(sorted);
  });

  it('has no scope with which people could write their groups, and none that hides them', () => {
    expect(client['AllowedOAuthScopes']).toEqual(['openid']);
  });

  it('renews for as long as a session may last, and no longer', () => {
    expect(client).toMatchObject({
      RefreshTokenValidity: 9 * 60,
      TokenValidityUnits: { RefreshToken: 'minutes' },
    });
    const short = withSignIn({ sessionHours: 1 });
    expect(short.one('AWS::Cognito::UserPoolClient')).toMatchObject({ RefreshTokenValidity: 60 });
  });
});

describe('the domain', () => {
  it('is a prefix of an address of Cognito', () => {
    expect(signIn.one('AWS::Cognito::UserPoolDomain')).toMatchObject({ Domain: 'example-vpn' });
    expect(signIn.ofType('AWS::Route53::RecordSet')).toEqual([]);
  });

  it('is an address of the company, which gets its name', () => {
    expect(withOwnDomain.one('AWS::Cognito::UserPoolDomain')).toMatchObject({
      Domain: 'sign-in.example.com',
      CustomDomainConfig: { CertificateArn: certificateArn },
    });
    expect(withOwnDomain.one('AWS::Route53::RecordSet')).toMatchObject({
      Name: 'sign-in.example.com.',
      Type: 'CNAME',
    });
  });

  it('gets no name where the name is somebody else’s to set', () => {
    const { ofType } = withSignIn({
      hostedZone: null,
      domain: { kind: 'own', hostName: 'sign-in.example.com', certificateArn },
    });
    expect(ofType('AWS::Route53::RecordSet')).toEqual([]);
  });

  it('needs no function of ours to find out where it leads', () => {
    expect(withOwnDomain.ofType('AWS::Lambda::Function')).toEqual([]);
  });
});

describe('what others are told', () => {
  const told = (domain: SignInProps['domain']) => {
    const addresses: unknown[] = [];
    synthesise((stack) => {
      const made = signInOf(stack, { domain });
      const { domainUrl, issuer, samlAnswerUrl, samlAudience } = made;
      addresses.push(stack.resolve([domainUrl, samlAnswerUrl, samlAudience, issuer]));
    });
    return JSON.stringify(addresses[0]);
  };

  it('is where answers go, and for whom they are', () => {
    expect(told({ kind: 'prefix', prefix: 'example-vpn' })).toContain(
      '".auth.ap-northeast-1.amazoncognito.com/saml2/idpresponse"',
    );
    const own = told({ kind: 'own', hostName: 'sign-in.example.com', certificateArn });
    expect(own).toContain('/saml2/idpresponse"');
    expect(own).not.toContain('amazoncognito.com');
    expect(own).toContain('"urn:amazon:cognito:sp:",{"Ref":"SignInUserPool');
  });

  it('is the issuer as the token names it', () => {
    expect(told({ kind: 'prefix', prefix: 'example-vpn' })).toMatch(
      /"https:\/\/cognito-idp\.|ProviderURL/,
    );
  });
});
