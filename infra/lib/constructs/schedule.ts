import { Duration, Validations } from 'aws-cdk-lib';
import { Rule, Schedule as RuleSchedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { reconcilerEnvironment } from '../../../src/config/environment.ts';
import { variablesOf } from '../environment-of.ts';
import type { EnvironmentOf } from '../environment-of.ts';
import { BundledFunction } from './bundled-function.ts';

/**
 * A run takes seconds. Where AWS answers slowly, four endpoints at a time take up to half a minute
 * each; a run that hangs is ended before many of its kind come together. A pass that dies with it is
 * claimed for half a minute, and the next run does it again.
 */
const timeout = Duration.minutes(2);

export interface ScheduleProps {
  readonly folder: string;
  readonly environment: EnvironmentOf<typeof reconcilerEnvironment>;
  /** Runs that overlap do no harm: passes are claimed in the table. */
  readonly reservedConcurrency: number | null;
  readonly logDays: RetentionDays;
}

/** The reconciler, every minute. It runs as a function whatever the portal's host is. */
export class Schedule extends Construct {
  readonly function: IFunction;
  readonly role: Role;
  readonly logGroup: ILogGroup;
  readonly rule: Rule;
  /** Events that did not reach the function, and runs that failed. */
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'It is the dead-letter queue itself, of a rule and of a function: the check knows only those of other queues.',
    });
    // The next minute does all that was to be done, so a run is not tried again; and an event that
    // has waited for a minute has been overtaken by another one.
    const nextOneComes = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
    const bundled = new BundledFunction(this, 'Reconciler', {
      description: 'Client VPN reconciler: makes endpoints what the leases say',
      folder: props.folder,
      environment: variablesOf(props.environment),
      memoryMegabytes: 512,
      timeout,
      reservedConcurrency: props.reservedConcurrency,
      logDays: props.logDays,
      whenInvokedByEvents: {
        ...nextOneComes,
        onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
      },
    });
    this.function = bundled.function;
    this.role = bundled.role;
    this.logGroup = bundled.logGroup;
    // Lambda sends it in the name of the function's role.
    bundled.role.addToPolicy(
      new PolicyStatement({
        sid: 'ToldByLambda',
        actions: ['sqs:SendMessage'],
        resources: [deadLetters.queueArn],
      }),
    );
    this.deadLetters = deadLetters;
    this.rule = new Rule(this, 'EveryMinute', {
      description: 'Runs the Client VPN reconciler. Disabled, nothing is turned off any more.',
      schedule: RuleSchedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(bundled.function, {
          deadLetterQueue: deadLetters,
          // Lambda takes an event in within milliseconds; what it refuses once, as while its
          // permission is being changed, is offered twice more within the minute.
          retryAttempts: 2,
          maxEventAge: Duration.minutes(1),
        }),
      ],
    });
  }
}
