import type { SettingsInput } from './settings.ts';

/*
 * Copy this file to settings.local.ts, which stays out of version control, and say there what is
 * yours. What is left out has the default that infra/settings.ts names. docs/deploy.md goes through
 * it step by step.
 */
export const settings: SettingsInput = {
  name: 'vpn-portal',
  account: '111122223333',
  region: 'ap-northeast-1',

  // 'lambda' costs nothing while nobody looks; 'container' is the image of the Dockerfile on Fargate.
  host: 'lambda',

  address: {
    hostName: 'vpn.example.com',
    hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'example.com' },
    // The ARN of a certificate that is there already, or null to have one made.
    certificateArn: null,
  },

  // Or { kind: 'existing', vpcId: 'vpc-…', publicSubnetIds: ['subnet-…', 'subnet-…'] }.
  network: { kind: 'own', cidr: '10.82.0.0/24' },

  signIn: {
    identityProvider: {
      // Or 'okta'.
      kind: 'identity-center',
      metadataUrl:
        'https://portal.sso.ap-northeast-1.amazonaws.com/saml/metadata/MTExMTIyMjIzMzMzX2lucy0wMDAwMDAwMDAwMDAwMDAw',
      // Where browsers go to sign in.
      origins: ['https://portal.sso.ap-northeast-1.amazonaws.com', 'https://example.awsapps.com'],
    },
    // Or { kind: 'own', hostName: 'sign-in.example.com', certificateArn: 'arn:aws:acm:us-east-1:…' }.
    domain: { kind: 'prefix', prefix: 'example-vpn' },
    sessionHours: 9,
  },

  people: {
    // As the identity provider sends them: ids from IAM Identity Center, names from Okta.
    adminGroups: ['9a67d1c0-1111-2222-3333-444455556666'],
    auditorGroups: [],
    timeZone: 'Asia/Tokyo',
  },

  // Empty lists: whatever carries the tag vpn-portal:managed, in the subnets that its tags name.
  endpoints: { onlyArns: [], onlySubnetIds: [] },

  // List prices in US dollars. Look up those of your Region: there is no default.
  prices: {
    byRegion: {
      'ap-northeast-1': { associationHour: 0.15, connectionHour: 0.05 },
      'us-east-1': { associationHour: 0.1, connectionHour: 0.05 },
    },
    currency: 'USD',
    billing: 'pro-rated',
    // As docs/deploy.md reckons it for Tokyo.
    portalPerMonth: 34,
  },

  schedule: {
    // true: says what it would do, in the log and on the pages, and changes nothing.
    dryRun: false,
    reservedConcurrency: null,
  },

  retention: { usageDays: 400, totalsDays: 1_100, auditDays: 400, logDays: 90 },

  accessLogs: false,
  firewall: false,

  alarms: {
    emails: ['vpn-operators@example.com'],
    onTooLongHours: 14,
    monthlyBudgetUsd: 100,
    runbookUrl: null,
  },

  // To those who get the alarms. 'ja' for Japanese; events.email and events.webhook choose what is told.
  // Or webhook: { kind: 'slack', channel: 'C0123456789', secret: 'vpn-portal/slack' }.
  notifications: { language: 'en', webhook: null },

  // Or { enabled: true, onFailure: 'deny', provisionedConcurrency: 1 }; 'deny' and 'allow' differ when
  // the table does not answer, and either is wrong for somebody.
  connect: { enabled: false },
};
