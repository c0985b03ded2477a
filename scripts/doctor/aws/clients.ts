import { ACMClient } from '@aws-sdk/client-acm';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';

export interface DoctorClients {
  readonly acm: ACMClient;
  readonly cloudFormation: CloudFormationClient;
  readonly cognito: CognitoIdentityProviderClient;
  readonly dynamo: DynamoDBClient;
  readonly ec2: EC2Client;
  readonly eventBridge: EventBridgeClient;
  readonly iam: IAMClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
}

/** Where the SDK's own rules do not say it. */
export interface Connection {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly endpoint?: string;
  readonly dynamoEndpoint?: string;
}

/** Somebody is waiting, and a call that hangs says nothing. */
const common = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    throwOnRequestTimeout: true,
  },
};

export function createDoctorClients({ dynamoEndpoint, ...connection }: Connection): DoctorClients {
  const settings = { ...common, ...connection };
  return {
    acm: new ACMClient(settings),
    cloudFormation: new CloudFormationClient(settings),
    cognito: new CognitoIdentityProviderClient(settings),
    dynamo: new DynamoDBClient({
      ...settings,
      ...(dynamoEndpoint === undefined ? {} : { endpoint: dynamoEndpoint }),
    }),
    ec2: new EC2Client(settings),
    eventBridge: new EventBridgeClient(settings),
    iam: new IAMClient(settings),
    loadBalancing: new ElasticLoadBalancingV2Client(settings),
  };
}
