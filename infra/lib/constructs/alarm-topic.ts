import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** Who is told. Each of them has to confirm the subscription once. */
  readonly emails: readonly string[];
}

/**
 * Where alarms go: encrypted, over TLS, and open to the account's own alarms alone. The key is the
 * deployment's, because CloudWatch cannot use the one that AWS keeps for SNS, and alarms would be
 * lost without a word.
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { emails }: AlarmTopicProps) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    const ownAccount = { StringEquals: { 'aws:SourceAccount': account } };
    const key = new Key(this, 'Key', {
      description: 'Client VPN On Demand: messages of alarms',
      enableKeyRotation: true,
      // It protects messages on their way, and nothing that lasts.
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: ownAccount,
      }),
    );
    this.topic = new Topic(this, 'Topic', {
      displayName: 'Client VPN On Demand',
      masterKey: key,
      enforceSSL: true,
    });
    // A topic with a policy of its own has lost the one that lets the account's alarms in.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          ...ownAccount,
          ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
        },
      }),
    );
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }
}
