import { SecretValue } from 'aws-cdk-lib';
import { ApiDestination, Authorization, Connection, HttpParameter } from 'aws-cdk-lib/aws-events';
import type { ConnectionProps, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

import type { WebhookSettings } from '../../settings-telling.ts';
import { plainInput, slackInput, teamsInput } from '../event-input.ts';
import type { Notice } from '../event-input.ts';

export interface WebhookProps {
  readonly webhook: WebhookSettings;
}

/**
 * Slack, Teams or another address, told by EventBridge itself. The secret is in Secrets Manager: the
 * template has its name, and CloudFormation hands it over to the connection, which keeps its own copy.
 */
export class Webhook extends Construct {
  readonly destination: ApiDestination;
  /** With which EventBridge calls it. */
  readonly role: Role;
  private readonly webhook: WebhookSettings;

  constructor(scope: Construct, id: string, { webhook }: WebhookProps) {
    super(scope, id);
    this.webhook = webhook;
    const { endpoint, perSecond, ...authorized } = callOf(webhook);
    const connection = new Connection(this, 'Connection', {
      description: 'Client VPN On Demand: how notifications are authorized',
      ...authorized,
    });
    const destination = new ApiDestination(this, 'Destination', {
      description: 'Client VPN On Demand: where notifications go',
      connection,
      endpoint,
      rateLimitPerSecond: perSecond,
    });
    this.destination = destination;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
      description: 'Client VPN notifications: calls the webhook',
    });
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'CallTheWebhook',
        actions: ['events:InvokeApiDestination'],
        resources: [destination.apiDestinationArn],
      }),
    );
  }

  inputOf(notice: Notice): RuleTargetInput {
    switch (this.webhook.kind) {
      case 'slack':
        return slackInput(this.webhook.channel, notice);
      case 'teams':
        return teamsInput(notice);
      case 'other':
        return plainInput(notice);
    }
  }
}

type Call = Pick<ConnectionProps, 'authorization' | 'queryStringParameters'> & {
  readonly endpoint: string;
  /** What is more waits, and is sent when there is room. */
  readonly perSecond: number;
};

function callOf(webhook: WebhookSettings): Call {
  const secret = SecretValue.secretsManager(webhook.secret);
  switch (webhook.kind) {
    case 'slack':
      return {
        endpoint: 'https://slack.com/api/chat.postMessage',
        authorization: Authorization.apiKey('Authorization', secret),
        // Slack takes about one message a second for a channel.
        perSecond: 1,
      };
    case 'teams':
      return { ...signedAddress(webhook.url, secret), perSecond: 2 };
    case 'other':
      return {
        endpoint: webhook.url,
        authorization: Authorization.apiKey(webhook.header, secret),
        perSecond: 5,
      };
  }
}

/** The address of a workflow is signed in its query, so the signature is put there by the connection. */
function signedAddress(address: string, signature: SecretValue): Omit<Call, 'perSecond'> {
  const url = new URL(address);
  const open = [...url.searchParams].map(
    ([name, value]) => [name, HttpParameter.fromString(value)] as const,
  );
  return {
    endpoint: `${url.origin}${url.pathname}`,
    queryStringParameters: {
      ...Object.fromEntries(open),
      sig: HttpParameter.fromSecret(signature),
    },
    // A connection has to have a header for this; nobody reads it, and it is no secret.
    authorization: Authorization.apiKey(
      'X-Notifications-Of',
      SecretValue.unsafePlainText('client-vpn-portal'),
    ),
  };
}
