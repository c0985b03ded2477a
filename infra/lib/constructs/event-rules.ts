import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { EventBus, IRuleTarget } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { NotificationSettings } from '../../settings-telling.ts';
import { caseNames, eventCase, isOfAnEndpoint } from '../event-cases.ts';
import type { CaseName } from '../event-cases.ts';
import { emailInput } from '../event-input.ts';
import type { Notice } from '../event-input.ts';
import { detailTypes, eventSource } from '../../../src/config/event-names.ts';
import { messagesIn } from '../messages/catalogues.ts';
import { runbookPlace } from '../runbook.ts';
import { runbookAlarm } from './runbook-alarm.ts';
import type { AlarmSurroundings } from './runbook-alarm.ts';
import { Webhook } from './webhook.ts';

/** Its topic is that of the alarms: those who get them get the e-mail. */
export interface EventRulesProps extends AlarmSurroundings {
  readonly bus: EventBus;
  readonly notifications: NotificationSettings;
  readonly portalUrl: string;
}

/** What is an hour late is no news; until then a receiver that is away is asked again and again. */
const retryPolicy = {
  maximumEventAgeInSeconds: Duration.hours(1).toSeconds(),
  maximumRetryAttempts: 60,
};

/** Tells people what is published on the bus: a rule for each sentence that there is, and no code. */
export class EventRules extends Construct {
  /** What could not be delivered. */
  readonly deadLetters: Queue;
  readonly alarms: readonly Alarm[];
  private readonly props: EventRulesProps;
  private readonly webhook: Webhook | null;

  constructor(scope: Construct, id: string, props: EventRulesProps) {
    super(scope, id);
    this.props = props;
    const { events, webhook } = props.notifications;
    this.deadLetters = this.queue();
    this.webhook = webhook === null ? null : new Webhook(this, 'Webhook', { webhook });
    if (events.email.length > 0) this.letInToTheTopic();
    for (const name of caseNames) this.rule(name);
    const isAnybodyTold = events.email.length > 0 || this.webhook !== null;
    this.alarms = isAnybodyTold ? [this.alarm()] : [];
  }

  private alarm(): Alarm {
    const metric = this.deadLetters.metricNumberOfMessagesSent({
      period: Duration.minutes(15),
      statistic: 'Sum',
    });
    // An alarm reaches the topic by another way: a policy that keeps the rules out does not keep it out.
    const says = `What happens to endpoints could not be told: ${this.webhook === null ? 'the topic does' : 'the topic, or the webhook, does'} not take it.`;
    const threshold = { says, metric, goesOff: { atLeast: 1 } };
    return runbookAlarm(this, 'notificationsLost', threshold, this.props);
  }

  private rule(name: CaseName): void {
    const { bus, notifications, topic } = this.props;
    const { only, type } = eventCase(name);
    const { email, webhook } = notifications.events;
    const notice = this.noticeOf(name);
    const targets: IRuleTarget[] = [];
    if (email.includes(type)) {
      targets.push(
        this.target({ arn: topic.topicArn, input: emailInput(notice), targetResource: topic }),
      );
    }
    if (this.webhook !== null && webhook.includes(type)) {
      const { destination, role } = this.webhook;
      const input = this.webhook.inputOf(notice);
      targets.push(this.target({ arn: destination.apiDestinationArn, input, role }));
    }
    if (targets.length === 0) return;
    new Rule(this, name, {
      description: `Client VPN On Demand: ${detailTypes[type]} (${name})`,
      eventBus: bus,
      eventPattern: {
        source: [eventSource],
        detailType: [detailTypes[type]],
        ...(only === undefined ? {} : { detail: only }),
      },
      targets,
    });
  }

  private noticeOf(name: CaseName): Notice {
    const { notifications, portalUrl, runbookUrl } = this.props;
    const messages = messagesIn[notifications.language];
    const its = eventCase(name);
    const topic = its.runbook;
    return {
      ...messages.of[name],
      ...(isOfAnEndpoint(its)
        ? { link: `${portalUrl}/endpoints/{endpointId}`, linkLabel: messages.openEndpoint }
        : { link: `${portalUrl}/admin`, linkLabel: messages.openOverview }),
      runbook:
        topic === undefined ? null : `${messages.runbook} ${runbookPlace(topic, runbookUrl)}`,
      at: messages.at,
    };
  }

  /** The CDK's own targets would give the queue and the topic a statement for each rule: SQS takes 20. */
  private target(config: Omit<ReturnType<IRuleTarget['bind']>, 'retryPolicy'>): IRuleTarget {
    const deadLetterConfig = { arn: this.deadLetters.queueArn };
    return { bind: () => ({ ...config, deadLetterConfig, retryPolicy }) };
  }

  private queue(): Queue {
    const queue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'It is the dead-letter queue itself, of rules: the check knows only those of other queues.',
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NotDelivered',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': this.rulesOfTheBus() } },
      }),
    );
    return queue;
  }

  private rulesOfTheBus(): string {
    const { eventBusName } = this.props.bus;
    return Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${eventBusName}/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  /**
   * EventBridge says nothing of the rule when it publishes to a topic, so that a condition on it would
   * keep it out without a word. Source: EventBridge User Guide, "Using resource-based policies".
   */
  private letInToTheTopic(): void {
    const { topic } = this.props;
    const principals = [new ServicePrincipal('events.amazonaws.com')];
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RulesOfEventBridge',
        principals,
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
      }),
    );
    topic.masterKey?.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
  }
}
