import { AssetHashType, FileSystem, IgnoreMode, RemovalPolicy } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { EventInvokeConfigOptions, IFunction, IVersion } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

const lambdaArchitecture = Architecture.ARM_64;
/** What `process.arch` says where the byte code is of the architecture that the functions run on. */
const nodeArchitecture = 'arm64';

export interface BundledFunctionProps {
  /** Only where somebody else insists on one: a function with a name cannot be replaced by another. */
  readonly functionName?: string;
  readonly description: string;
  /** What `npm run bundle` makes of one entry. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly timeout: Duration;
  readonly reservedConcurrency: number | null;
  readonly logDays: RetentionDays;
  readonly whenInvokedByEvents?: EventInvokeConfigOptions;
}

/** One of the bundles as a function, with a role and a log of its own. */
export class BundledFunction extends Construct {
  readonly function: IFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  private readonly made: LambdaFunction;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    // The function's own, so that the stack's removal removes it, and its age is bounded.
    this.logGroup = new LogGroup(this, 'Log', {
      retention: props.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Not AWS's managed policy: that one allows writing to every log there is.
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    this.logGroup.grantWrite(this.role);
    this.made = new LambdaFunction(this, 'Function', {
      ...(props.functionName === undefined ? {} : { functionName: props.functionName }),
      description: props.description,
      code: codeIn(props.folder),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: lambdaArchitecture,
      role: this.role,
      logGroup: this.logGroup,
      environment: { NODE_ENV: 'production', ...props.environment },
      memorySize: props.memoryMegabytes,
      timeout: props.timeout,
      ...(props.reservedConcurrency === null
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...props.whenInvokedByEvents,
    });
    this.function = this.made;
  }

  /** Of the function as it is here: a new one with every change. Made when it is asked for. */
  get version(): IVersion {
    // The CDK declares optional members in a way that does not know `exactOptionalPropertyTypes`.
    return this.made.currentVersion as IVersion;
  }
}

/**
 * Byte code differs from one bundling to the next, and fits one architecture and one version of V8. So
 * the asset is known by the rest of it: what has not changed is not deployed again. Where it was made
 * on another architecture, it stays at home: the function would never read it.
 */
function codeIn(folder: string): Code {
  const fits = process.arch === nodeArchitecture;
  const withoutByteCode = { exclude: ['*.cache'], ignoreMode: IgnoreMode.GLOB };
  const hash = FileSystem.fingerprint(folder, {
    ...withoutByteCode,
    extraHash: fits ? 'with byte code' : 'without byte code',
  });
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.CUSTOM,
    assetHash: hash,
    ...(fits ? {} : withoutByteCode),
  });
}
