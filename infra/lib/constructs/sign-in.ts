import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  ProviderAttribute,
  StringAttribute,
  UserPool,
  UserPoolClientIdentityProvider,
  UserPoolIdentityProviderSaml,
  UserPoolIdentityProviderSamlMetadata,
} from 'aws-cdk-lib/aws-cognito';
import type { UserPoolClient, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { CnameRecord } from 'aws-cdk-lib/aws-route53';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';

/** An address of Cognito's. */
export interface PrefixDomain {
  readonly kind: 'prefix';
  readonly prefix: string;
}

/** An address of the company's. Cognito wants something to be at the address above it. */
export interface OwnDomain {
  readonly kind: 'own';
  readonly hostName: string;
  /** In us-east-1, whatever the Region is. */
  readonly certificateArn: string;
}

export interface SignInProps {
  /** Where people reach the portal. */
  readonly hostName: string;
  readonly domain: PrefixDomain | OwnDomain;
  /** Gets the name of an own domain. `null` where the name is somebody else's to set. */
  readonly hostedZone: IHostedZone | null;
  readonly identityProvider: {
    readonly kind: 'identity-center' | 'okta';
    /** Cognito reads it at the deployment, and again every six hours. */
    readonly metadataUrl: string;
  };
  /** No session outlives them. */
  readonly sessionHours: number;
}

/** Names that people meet: Cognito begins every user's name with it. */
const providerNames = { 'identity-center': 'IdentityCenter', okta: 'Okta' } as const;

/** The attributes of the SAML answer, as docs/deploy.md has them mapped at the identity provider. */
export const samlAttributes = { email: 'email', name: 'name', groups: 'groups' } as const;

/** Without its prefix. The longest that Cognito stores, because the groups come as one string. */
const groupsAttribute = 'groups';
const longestAttribute = 2_048;

/** Of the claim that `GROUPS_CLAIM` names. */
export const groupsClaim = `custom:${groupsAttribute}`;

/**
 * The user pool that stands between the load balancer and the company's identity provider. It keeps
 * no users of its own: everybody comes through SAML, and what it knows of them is written anew at
 * every sign-in.
 */
export class SignIn extends Construct {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;
  readonly domain: UserPoolDomain;
  /** As the load balancer's token names it. */
  readonly issuer: string;
  /** Where signing out ends. */
  readonly domainUrl: string;
  /** What the identity provider is told: where answers go, and for whom they are. */
  readonly samlAnswerUrl: string;
  readonly samlAudience: string;

  constructor(scope: Construct, id: string, props: SignInProps) {
    super(scope, id);
    this.userPool = this.makeUserPool();
    this.issuer = this.userPool.userPoolProviderUrl;
    this.domain = this.makeDomain(props.domain, props.hostedZone);
    this.domainUrl = this.domain.baseUrl();
    this.samlAnswerUrl = `${this.domainUrl}/saml2/idpresponse`;
    this.samlAudience = `urn:amazon:cognito:sp:${this.userPool.userPoolId}`;
    this.client = this.makeClient(props, this.makeProvider(props.identityProvider));
  }

  private makeUserPool(): UserPool {
    const userPool = new UserPool(this, 'UserPool', {
      selfSignUpEnabled: false,
      accountRecovery: AccountRecovery.NONE,
      signInCaseSensitive: false,
      // Not required, any of them: what is can never be changed, and somebody without an e-mail
      // address could not sign in. Mutable, because every sign-in writes them again.
      standardAttributes: {
        email: { required: false, mutable: true },
        fullname: { required: false, mutable: true },
      },
      customAttributes: {
        [groupsAttribute]: new StringAttribute({ mutable: true, maxLen: longestAttribute }),
      },
      // For users that somebody makes by hand, who can sign in nowhere: the client knows SAML alone.
      passwordPolicy: {
        minLength: 16,
        requireDigits: true,
        requireLowercase: true,
        requireSymbols: true,
        requireUppercase: true,
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      featurePlan: FeaturePlan.ESSENTIALS,
      // With the pool would go its id, which the identity provider has been told.
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(userPool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason:
        'What the Plus plan adds guards passwords and sign-ins that Cognito itself checks. Nobody signs in with a password of this pool: its only client admits the SAML provider alone, which has a second factor and a risk assessment of its own. Plus is charged for every person who signs in.',
    });
    return userPool;
  }

  private makeDomain(domain: PrefixDomain | OwnDomain, hostedZone: IHostedZone | null) {
    // The classic pages: where there is one provider they are never seen, and need no branding.
    const managedLoginVersion = ManagedLoginVersion.CLASSIC_HOSTED_UI;
    if (domain.kind === 'prefix') {
      return this.userPool.addDomain('Domain', {
        cognitoDomain: { domainPrefix: domain.prefix },
        managedLoginVersion,
      });
    }
    const own = this.userPool.addDomain('Domain', {
      customDomain: {
        domainName: domain.hostName,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      },
      managedLoginVersion,
    });
    if (hostedZone !== null) {
      new CnameRecord(this, 'Name', {
        zone: hostedZone,
        recordName: `${domain.hostName}.`,
        domainName: own.cloudFrontEndpoint,
      });
    }
    return own;
  }

  private makeProvider({
    kind,
    metadataUrl,
  }: SignInProps['identityProvider']): UserPoolIdentityProviderSaml {
    return new UserPoolIdentityProviderSaml(this, 'Provider', {
      userPool: this.userPool,
      name: providerNames[kind],
      metadata: UserPoolIdentityProviderSamlMetadata.url(metadataUrl),
      attributeMapping: {
        email: ProviderAttribute.other(samlAttributes.email),
        fullname: ProviderAttribute.other(samlAttributes.name),
        custom: { [groupsClaim]: ProviderAttribute.other(samlAttributes.groups) },
      },
      // A sign-in that nobody here asked for could be somebody else's.
      idpInitiated: false,
    });
  }

  private makeClient(props: SignInProps, provider: UserPoolIdentityProviderSaml): UserPoolClient {
    const attributes = new ClientAttributes()
      .withStandardAttributes({ email: true, fullname: true })
      .withCustomAttributes(groupsAttribute);
    const session = Duration.hours(props.sessionHours);
    return this.userPool.addClient('Client', {
      generateSecret: true,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.custom(provider.providerName)],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        // Alone it yields every attribute that the client may read; with `email` beside it, the
        // custom ones are left out. With Cognito's own scope people could write their groups
        // themselves, since the client has to be allowed to write what a sign-in brings.
        scopes: [OAuthScope.OPENID],
        callbackUrls: [`https://${props.hostName}/oauth2/idpresponse`],
        logoutUrls: [`https://${props.hostName}/signed-out`],
      },
      // Renewing is all that the load balancer does with it. Left out, CloudFormation would allow
      // signing in with a password.
      authFlows: { userPassword: false },
      readAttributes: attributes,
      writeAttributes: attributes,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: session,
    });
  }
}
