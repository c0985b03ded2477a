import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../src/clock.ts';
import {
  administratorAccessKeyId,
  localSecretAccessKey,
  portalAccessKeyId,
  rolesWith,
} from './access-keys.ts';
import type { RolePolicies } from './access-keys.ts';
import { sampleGroups, samplePeople } from './alb/people.ts';
import type { SamplePerson } from './alb/people.ts';
import type { FetchPublicKey } from './alb/public-keys.ts';
import { createAlbStandIn } from './alb/stand-in.ts';
import type { AlbStandIn } from './alb/stand-in.ts';
import { createAwsServer } from './aws-server.ts';
import type { SimulatedClientVpn } from './client-vpn/simulated-client-vpn.ts';
import { createMovableClock } from './clock.ts';
import type { MovableClock } from './clock.ts';
import { createControls } from './controls.ts';
import { takeDataFolder } from './data-folder.ts';
import { createLocalDeployment } from './deployment.ts';
import type { LocalDeployment } from './deployment.ts';
import { createDescribedServices } from './described-services.ts';
import { createTable, partitionKeys } from './dynamodb-table.ts';
import { createDynamoDbStandIn } from './dynamodb.ts';
import type { DynamoDbStandIn } from './dynamodb.ts';
import { createEc2StandIn } from './ec2/ec2-stand-in.ts';
import type { Ec2StandIn, RecordedCall } from './ec2/ec2-stand-in.ts';
import { createEventBridgeStandIn } from './eventbridge/event-bridge-stand-in.ts';
import type { EventBridgeStandIn } from './eventbridge/event-bridge-stand-in.ts';
import { createFaults } from './faults.ts';
import type { Faults } from './faults.ts';
import { createAccessControl } from './iam/access-control.ts';
import type { Decision } from './iam/access-control.ts';
import { listen, stopListening } from './listen.ts';
import { portalStack, sampleDeployment } from './sample-deployment.ts';
import { sampleRoleArns, sampleRoles } from './sample-roles.ts';
import { sampleAccountId, sampleRegion } from './sample-world.ts';
import { openWorld } from './saved-world.ts';
import type { LocalSettings } from './settings.ts';

/** The portal with its reconciler, as something that can be started: the stack starts whichever it is given. */
export type PortalHost = (
  environment: Readonly<Record<string, string>>,
  overrides: { readonly clock: Clock; readonly fetchAlbPublicKey: FetchPublicKey },
) => Promise<RunningPortal>;

export interface RunningPortal {
  readonly url: URL;
  /** One run of the schedule. */
  reconcile(): Promise<void>;
  stop(): Promise<void>;
}

export interface LocalStackOptions extends LocalSettings {
  readonly portal: PortalHost;
  /** What the deployed roles may do; everybody may do everything unless given. */
  readonly policies?: RolePolicies;
  /** Hears of everything that is asked of the policies. */
  readonly onDecision?: (decision: Decision) => void;
  /** Fills the portal's table when it has just been made. */
  readonly seedTable?: (client: DynamoDBClient, tableName: string) => Promise<void>;
  /** Of the whole world, the tokens of the load balancer included; its own unless given. */
  readonly clock?: MovableClock;
  /** What goes wrong with the calls; what the controls ask for unless given. */
  readonly faults?: Faults;
  /** Who can sign in; the sample people unless given. */
  readonly people?: readonly SamplePerson[];
  /** Hears of each call to EC2, when it has had its effect and before it is answered. */
  readonly onEc2Call?: (call: RecordedCall) => void;
  readonly log: (line: string) => void;
}

export interface LocalStack {
  /** Where one opens the portal, such as http://127.0.0.1:8080. */
  readonly url: string;
  /** What the portal was started with; another process can be started with it too. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clientVpn: SimulatedClientVpn;
  readonly ec2: Ec2StandIn;
  readonly dynamoDb: DynamoDbStandIn;
  readonly eventBridge: EventBridgeStandIn;
  readonly faults: Faults;
  readonly clock: MovableClock;
  readonly alb: AlbStandIn;
  /** What around the portal AWS would describe. */
  readonly deployment: LocalDeployment;
  /** Ends what runs and saves the world. A second call waits for the first. */
  stop(): Promise<void>;
}

export const localTableName = 'vpn-portal';
export const localRuleName = 'vpn-portal-reconciler';
export const localBusName = 'vpn-portal';

const albConfig = {
  albArn: `arn:aws:elasticloadbalancing:${sampleRegion}:${sampleAccountId}:loadbalancer/app/vpn-portal/0a1b2c3d4e5f6789`,
  clientId: '1localclientid2localclient',
  issuer: `https://cognito-idp.${sampleRegion}.amazonaws.com/${sampleRegion}_localpool`,
  region: sampleRegion,
} as const;

const credentials = {
  accessKeyId: administratorAccessKeyId,
  secretAccessKey: localSecretAccessKey,
} as const;

/** Often enough that a killed process loses little. */
const saveEveryMs = 2000;
/** How long a stop waits for what is under way, which may have been told to get no answer. */
const politeStopMs = 3000;

/**
 * Starts the stand-ins, then the portal in front of them.
 *
 * @throws {LocalStackError} for a port that is taken and for data that cannot be used; whatever was
 *   started by then is stopped again
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const cleanUps: (() => Promise<void> | void)[] = [];
  const cleanUp = async (): Promise<void> => {
    const errors: unknown[] = [];
    for (const step of cleanUps.reverse()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'stopping the local stack');
  };
  try {
    const stack = await start(options, cleanUps);
    let stopped: Promise<void> | null = null;
    return { ...stack, stop: () => (stopped ??= cleanUp()) };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

async function start(
  options: LocalStackOptions,
  cleanUps: (() => Promise<void> | void)[],
): Promise<Omit<LocalStack, 'stop'>> {
  const { log } = options;
  const folder = options.dataFolder === 'memory' ? null : takeDataFolder(options.dataFolder);
  cleanUps.push(() => folder?.release());

  const clock =
    options.clock ?? createMovableClock(folder === null ? {} : { file: folder.clockFile });
  const faults = options.faults ?? createFaults();
  const timings = {
    associateSeconds: options.secondsToAssociate,
    routeSeconds: options.secondsToRoute,
    disassociateSeconds: options.secondsToDisassociate,
  };
  const world = openWorld(clock, timings, folder?.worldFile ?? null);
  const { clientVpn } = world;

  const access =
    options.policies === undefined
      ? undefined
      : createAccessControl({
          roles: rolesWith(options.policies),
          region: sampleRegion,
          accountId: sampleAccountId,
          onDecision: options.onDecision,
        });
  let portal: RunningPortal | null = null;
  const ec2 = createEc2StandIn({ clientVpn, faults, access, log: options.onEc2Call });
  const eventBridge = createEventBridgeStandIn({
    clock,
    faults,
    region: sampleRegion,
    accountId: sampleAccountId,
    access,
    rules: [
      {
        name: localRuleName,
        scheduleExpression: 'rate(1 minute)',
        fire: async () => portal?.reconcile(),
      },
    ],
    onTargetError: (ruleName, error) => {
      log(`The target of the rule ${ruleName} failed: ${String(error)}`);
    },
  });
  const alb = createAlbStandIn({
    target: () => portal?.url ?? null,
    people: options.people ?? samplePeople,
    config: albConfig,
    clock: options.clock,
    local: createControls({
      clientVpn,
      faults,
      clock,
      events: () => eventBridge.events(),
      fireDue: () => eventBridge.fireDue(),
      expireSessions: () => {
        alb.expireSessions();
      },
      styleSheet: readFileSync(new URL('style.css', import.meta.url), 'utf8'),
    }),
  });

  await alb.listen(options.albPort);
  cleanUps.push(() => alb.stop());
  const deployment = createLocalDeployment(
    sampleDeployment({ ...albConfig, url: alb.origin(), now: clock.now() }),
  );
  const others = createDescribedServices({ deployment, clientVpn, faults });
  const awsServer = createAwsServer({ ec2, eventBridge, others });
  const awsPort = await listen(awsServer, options.awsPort, 'LOCAL_AWS_PORT');
  cleanUps.push(() => stopListening(awsServer));
  const dynamoDb = createDynamoDbStandIn({
    folder: folder?.dynamoDbFolder ?? 'memory',
    faults,
    access: access === undefined ? undefined : { control: access, partitionKeys },
  });
  const dynamoDbPort = await dynamoDb.listen(options.dynamodbPort);
  cleanUps.push(() => dynamoDb.stop());

  const dynamoDbUrl = `http://127.0.0.1:${dynamoDbPort}`;
  await prepareTable(dynamoDbUrl, options.seedTable);

  const saving = setInterval(() => {
    try {
      world.save();
    } catch (error) {
      log(`The world could not be saved: ${String(error)}`);
    }
  }, saveEveryMs).unref();
  cleanUps.push(() => {
    clearInterval(saving);
    world.save();
  });

  const environment = {
    AWS_REGION: sampleRegion,
    AWS_ACCESS_KEY_ID: portalAccessKeyId,
    AWS_SECRET_ACCESS_KEY: localSecretAccessKey,
    AWS_ENDPOINT_URL_EC2: `http://127.0.0.1:${awsPort}`,
    AWS_ENDPOINT_URL_EVENTBRIDGE: `http://127.0.0.1:${awsPort}`,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl,
    TABLE_NAME: localTableName,
    ALB_ARN: albConfig.albArn,
    COGNITO_CLIENT_ID: albConfig.clientId,
    COGNITO_ISSUER: albConfig.issuer,
    COGNITO_DOMAIN: `${alb.origin()}/local`,
    PORTAL_URL: alb.origin(),
    ADMIN_GROUPS: sampleGroups.administrators,
    AUDITOR_GROUPS: sampleGroups.auditors,
    TIME_ZONE: 'Asia/Tokyo',
    // Of the sample Region; what the portal costs is made up.
    PRICE_ASSOCIATION_HOUR: '0.15',
    PRICE_CONNECTION_HOUR: '0.05',
    PORTAL_COST_PER_MONTH: '25',
    HOST: '127.0.0.1',
    PORT: '0',
    RECONCILER_DRY_RUN: String(options.dryRun ?? false),
    RECONCILER_RULE_NAME: localRuleName,
    EVENT_BUS_NAME: localBusName,
  };
  const policies = options.policies ?? sampleRoles;
  deployment.change({
    stacks: [portalStack(environment)],
    roles: new Map([
      [sampleRoleArns.portal, policies.portal],
      [sampleRoleArns.reconciler, policies.reconciler],
    ]),
  });
  const running = await options.portal(environment, {
    clock,
    fetchAlbPublicKey: alb.fetchPublicKey,
  });
  portal = running;
  eventBridge.start();
  cleanUps.push(async () => {
    // First nothing new comes in, then what is under way ends, and only then what it talks to.
    await alb.stop();
    const ended = Promise.all([eventBridge.stop(), running.stop()]);
    await Promise.race([ended, delay(politeStopMs, undefined, { ref: false })]);
  });

  return {
    url: alb.origin(),
    environment,
    clientVpn,
    ec2,
    dynamoDb,
    eventBridge,
    faults,
    clock,
    alb,
    deployment,
  };
}

async function prepareTable(
  endpoint: string,
  seedTable: LocalStackOptions['seedTable'],
): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region: sampleRegion, credentials });
  try {
    const isNew = await createTable(client, localTableName);
    if (isNew) await seedTable?.(client, localTableName);
  } finally {
    client.destroy();
  }
}
