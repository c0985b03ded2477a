import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import type { EC2ClientConfig } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';

/*
 * Region, credentials and addresses come from the environment, by the SDK's own rules
 * (`AWS_ENDPOINT_URL_EC2` and the like): what runs against the local stack is what runs in AWS.
 */

/** The clients of a process, shared by everything in it, so that connections are kept alive. */
export interface AwsClients {
  readonly ec2: EC2Client;
  readonly dynamo: DynamoDBClient;
  readonly eventBridge: EventBridgeClient;
}

const mostSockets = 200;

/** @param connection where the environment does not say it: in tests that run several stacks */
export function createAwsClients(
  connection: {
    ec2?: EC2ClientConfig;
    dynamo?: DynamoDBClientConfig;
    eventBridge?: EventBridgeClientConfig;
  } = {},
): AwsClients {
  return {
    // A call that hangs must not outlast the pass that makes it: the SDK tries up to three times.
    // Without `throwOnRequestTimeout` it writes a warning and goes on waiting for ever.
    // Adaptive: EC2's limit is the account's, and whoever runs into it runs others into it. Once
    // refused, the client asks as fast as EC2 answers; by its retries alone it would ask a third
    // more than it needs, and leave some endpoints unread. `npm run bench -- passes` shows it.
    ec2: new EC2Client({
      maxAttempts: 3,
      retryMode: 'adaptive',
      requestHandler: {
        connectionTimeout: 2_000,
        requestTimeout: 5_000,
        throwOnRequestTimeout: true,
      },
      ...connection.ec2,
    }),
    // DynamoDB answers in milliseconds or not at all; the rest is for a process that is busy. Many
    // requests at once are what a Monday morning is, and must not wait for each other's sockets.
    dynamo: new DynamoDBClient({
      maxAttempts: 4,
      requestHandler: {
        connectionTimeout: 3_000,
        requestTimeout: 5_000,
        throwOnRequestTimeout: true,
        httpAgent: { maxSockets: mostSockets },
        httpsAgent: { maxSockets: mostSockets },
      },
      ...connection.dynamo,
    }),
    // Whoever asks has two seconds, so that a try that hangs must leave room for another one.
    eventBridge: new EventBridgeClient({
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: 900,
        requestTimeout: 900,
        throwOnRequestTimeout: true,
      },
      ...connection.eventBridge,
    }),
  };
}
