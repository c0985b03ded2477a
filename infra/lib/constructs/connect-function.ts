import { Duration } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import type { connectEnvironment } from '../../../src/config/environment.ts';
import { variablesOf } from '../environment-of.ts';
import type { EnvironmentOf } from '../environment-of.ts';
import { BundledFunction } from './bundled-function.ts';

/**
 * The Client VPN service calls no function that is called otherwise: its service-linked role may
 * invoke those, by any qualifier. So the function needs no policy of its own.
 * Source: AWS managed policy `ClientVPNServiceConnectionsRolePolicy`.
 */
const requiredPrefix = 'AWSClientVPN-';

/** It answers within five; what has not after ten never will. The service waits for thirty. */
const timeout = Duration.seconds(10);

export interface ConnectFunctionProps {
  /** Of the deployment. */
  readonly name: string;
  readonly folder: string;
  readonly environment: EnvironmentOf<typeof connectEnvironment>;
  /** How many environments are kept ready; `null`: none. */
  readonly provisionedConcurrency: number | null;
  readonly logDays: RetentionDays;
}

/** The client connect handler: what AWS asks before it lets a client in. */
export class ConnectFunction extends Construct {
  /** For its metrics: endpoints take the alias. */
  readonly function: IFunction;
  readonly role: Role;
  /** What an endpoint is attached to. It stays the same, whatever becomes of versions and settings. */
  readonly handlerArn: string;

  constructor(scope: Construct, id: string, props: ConnectFunctionProps) {
    super(scope, id);
    const bundled = new BundledFunction(this, 'Connect', {
      functionName: `${requiredPrefix}${props.name}`,
      description: 'Client VPN connect handler: lets clients in, or says why not',
      folder: props.folder,
      environment: variablesOf(props.environment),
      // Of processing power, too: people wait for a cold start at the sign-in of their VPN client.
      memoryMegabytes: 1_024,
      timeout,
      reservedConcurrency: null,
      logDays: props.logDays,
    });
    const alias = new Alias(this, 'Live', {
      aliasName: 'live',
      version: bundled.version,
      ...(props.provisionedConcurrency === null
        ? {}
        : { provisionedConcurrentExecutions: props.provisionedConcurrency }),
    });
    this.function = bundled.function;
    this.role = bundled.role;
    this.handlerArn = alias.functionArn;
  }
}
