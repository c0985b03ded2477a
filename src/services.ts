import { randomUUID } from 'node:crypto';

import { pino } from 'pino';

import { fetchKeyFromAws } from './aws/alb-keys.ts';
import type { FetchKey } from './aws/alb-keys.ts';
import { createAlbVerifier } from './aws/alb-verifier.ts';
import { createAwsClients } from './aws/clients.ts';
import type { AwsClients } from './aws/clients.ts';
import { createDynamoAuditLog } from './aws/dynamo-audit-log.ts';
import { createDynamoCatalogueStore } from './aws/dynamo-catalogue-store.ts';
import { createDynamoEndpointStore } from './aws/dynamo-endpoint-store.ts';
import { createDynamoLeaseStore } from './aws/dynamo-lease-store.ts';
import { dynamoTable } from './aws/dynamo-table.ts';
import { createEc2ClientVpn } from './aws/ec2-client-vpn.ts';
import { createBackground } from './background.ts';
import type { Background } from './background.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { PortalEnvironment, ReconcilerEnvironment } from './config/environment.ts';
import type { IdentityVerifier } from './identity/verifier.ts';
import { createAdministration } from './lease/administration.ts';
import type { Administration } from './lease/administration.ts';
import { createEndpointDirectory } from './lease/endpoint-directory.ts';
import type { EndpointDirectory } from './lease/endpoint-directory.ts';
import { createLeaseService } from './lease/lease-service.ts';
import type { LeaseService } from './lease/lease-service.ts';
import type { Log } from './log.ts';
import { createReconciler } from './reconcile/reconciler.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import { createClientConfigurations } from './vpn/client-configurations.ts';
import type { ClientConfigurations } from './vpn/client-configurations.ts';
import type { EndpointId } from './vpn/ids.ts';

/** What the pages are built on. */
export interface PortalServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly verifier: IdentityVerifier;
  readonly directory: EndpointDirectory;
  readonly leases: LeaseService;
  readonly administration: Administration;
  readonly clientConfigurations: ClientConfigurations;
  readonly background: Background;
  /** Rejects when the store does not answer. */
  readonly checkStore: () => Promise<void>;
}

/** What the local stack and the tests put in the place of the world outside. */
export interface Surroundings {
  readonly aws: AwsClients;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the load balancer's public keys come from. */
  readonly fetchKey: FetchKey;
}

/**
 * @param options.level the least that is written
 * @param options.destination a file descriptor; standard output unless given
 */
export function createLog(
  options: { level?: 'info' | 'warn' | 'silent'; destination?: number } = {},
): Log {
  const { destination = 1, level = 'info' } = options;
  return pino(
    {
      base: null,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    pino.destination({ dest: destination, sync: true }),
  );
}

function inTheWorld(): Surroundings {
  return {
    aws: createAwsClients(),
    clock: systemClock,
    log: createLog(),
    fetchKey: fetchKeyFromAws,
  };
}

/** The portal may associate and create routes; it never disassociates anything. */
export function createPortalServices(
  environment: PortalEnvironment,
  { aws, clock, fetchKey, log }: Surroundings = inTheWorld(),
): PortalServices {
  const clientVpn = createEc2ClientVpn(aws.ec2);
  const table = dynamoTable(aws.dynamo, environment.TABLE_NAME);
  const endpoints = createDynamoEndpointStore(table);
  const catalogue = createDynamoCatalogueStore(table);
  const audit = createDynamoAuditLog(table);
  const background = createBackground(log);
  const reconciler = createReconciler({
    clientVpn,
    endpoints,
    catalogue,
    clock,
    log,
    newId: randomUUID,
    audit,
    mode: 'portal',
  });
  const nudge = (endpointId: EndpointId): void => {
    background.run('pass', () => reconciler.pass(endpointId));
  };
  const directory = createEndpointDirectory({
    endpoints,
    catalogue,
    clock,
    passIsDue: nudge,
    listingIsDue: () => {
      background.run('listing', () => reconciler.refreshCatalogue());
    },
  });
  return {
    clock,
    log,
    background,
    directory,
    verifier: createAlbVerifier({
      albArn: environment.ALB_ARN,
      clientId: environment.COGNITO_CLIENT_ID,
      issuer: environment.COGNITO_ISSUER,
      groupsClaim: environment.GROUPS_CLAIM,
      roles: {
        adminGroups: environment.ADMIN_GROUPS,
        auditorGroups: environment.AUDITOR_GROUPS,
      },
      // Tokens are of the real world, whatever the clock of the rest.
      clock: systemClock,
      fetchKey,
    }),
    leases: createLeaseService({
      directory,
      endpoints,
      leases: createDynamoLeaseStore(table),
      clock,
      log,
      nudge,
    }),
    administration: createAdministration({
      directory,
      endpoints,
      audit,
      clock,
      nudge,
    }),
    clientConfigurations: createClientConfigurations({ clientVpn, clock }),
    checkStore: async () => {
      await catalogue.get();
    },
  };
}

/** The schedule's reconciler, the only one that may disassociate. */
export function createReconcilerServices(
  environment: Pick<ReconcilerEnvironment, 'TABLE_NAME' | 'RECONCILER_DRY_RUN'>,
  { aws, clock, log }: Pick<Surroundings, 'aws' | 'clock' | 'log'> = inTheWorld(),
): { readonly reconciler: Reconciler } {
  const table = dynamoTable(aws.dynamo, environment.TABLE_NAME);
  return {
    reconciler: createReconciler({
      clientVpn: createEc2ClientVpn(aws.ec2),
      endpoints: createDynamoEndpointStore(table),
      catalogue: createDynamoCatalogueStore(table),
      clock,
      log,
      newId: randomUUID,
      audit: createDynamoAuditLog(table),
      mode: environment.RECONCILER_DRY_RUN ? 'dry-run' : 'schedule',
    }),
  };
}
