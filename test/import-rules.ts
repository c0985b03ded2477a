/**
 * Who may know whom. Every file under the folders of `covered` belongs to the first area that names
 * it, and may import what its area names and nothing else: files and folders of this repository by
 * their path, packages by their name.
 */
export interface Area {
  readonly name: string;
  /** A path that ends in `/` stands for everything under it. */
  readonly files: readonly string[];
  readonly may: readonly string[];
  /** Taken out of `may` again. */
  readonly except?: readonly string[];
}

export const covered = ['src', 'scripts/local', 'infra'] as const;

const foundation = ['src/clock.ts', 'src/errors.ts', 'src/log.ts', 'src/shared-reading.ts'];
const domain = [
  'src/vpn/',
  'src/lease/',
  'src/identity/',
  'src/audit/',
  'src/usage/',
  'src/notify/',
];
/** What people do with leases and how totals are made: for those who run it, and nobody beneath. */
const useCases = [
  'src/lease/administration.ts',
  'src/lease/lease-service.ts',
  'src/lease/endpoint-directory.ts',
  'src/audit/audited-leases.ts',
  'src/usage/totals-service.ts',
  'src/usage/usage-reports.ts',
];

export const areas: readonly Area[] = [
  { name: 'foundation', files: foundation, may: foundation },
  {
    name: 'background',
    files: ['src/background.ts', 'src/schedule.ts'],
    may: ['src/background.ts', 'src/log.ts'],
  },
  {
    name: 'event schemas',
    files: ['src/notify/event-schemas.ts'],
    may: ['src/notify/domain-event.ts', 'src/config/event-names.ts', 'zod'],
  },
  {
    name: 'domain',
    files: domain,
    may: [...domain, ...foundation, 'src/config/event-names.ts', 'temporal-polyfill'],
  },
  {
    name: 'reconcile',
    files: ['src/reconcile/'],
    may: ['src/reconcile/', ...domain, ...foundation, 'node:crypto'],
    // A pass writes the history down, and reads none of it.
    except: [...useCases, 'src/usage/usage-store.ts'],
  },
  {
    name: 'connect',
    files: ['src/connect/'],
    may: ['src/connect/', ...domain, ...foundation, 'zod'],
    except: [...useCases, 'src/usage/usage-store.ts'],
  },
  {
    name: 'scheduled work',
    files: ['src/scheduled-work.ts'],
    may: [
      'src/reconcile/reconciler.ts',
      'src/notify/night-watch.ts',
      'src/notify/schedule-watch.ts',
      'src/usage/totals-service.ts',
      'src/vpn/catalogue.ts',
      'src/vpn/policy.ts',
      'src/clock.ts',
    ],
  },
  {
    name: 'metrics',
    files: ['src/metrics/'],
    may: [
      'src/metrics/',
      'src/config/metric-names.ts',
      'src/reconcile/pass-report.ts',
      ...domain,
      ...foundation,
    ],
    except: [...useCases, 'src/usage/usage-store.ts'],
  },
  {
    name: 'aws',
    files: ['src/aws/'],
    may: [
      'src/aws/',
      'src/metrics/metrics.ts',
      'src/config/metric-names.ts',
      'src/config/event-names.ts',
      ...domain,
      ...foundation,
      'node:crypto',
      '@aws-sdk/',
      'aws-jwt-verify',
      'zod',
    ],
    // Ports and types, not the use cases behind which the adapters stand.
    except: [
      ...useCases,
      'src/usage/usage-recorder.ts',
      'src/notify/schedule-watch.ts',
      'src/vpn/client-configurations.ts',
      'src/shared-reading.ts',
    ],
  },
  { name: 'config', files: ['src/config/'], may: ['src/config/', 'src/usage/cost.ts', 'zod'] },
  {
    name: 'csv',
    files: ['src/web/csv.ts', 'src/web/csv-answer.ts'],
    may: ['src/web/', 'express', 'node:stream', 'temporal-polyfill'],
  },
  {
    name: 'web',
    files: ['src/web/'],
    may: [
      'src/web/',
      'src/config/',
      ...domain,
      ...foundation,
      'express',
      'ejs',
      'compression',
      'cookie',
      'helmet',
      'node:crypto',
      'node:fs',
      'node:path',
      'node:zlib',
    ],
    // Pages are built on services, never on what is beneath them.
    except: [
      'src/lease/endpoint-store.ts',
      'src/lease/lease-store.ts',
      'src/audit/audited-leases.ts',
      'src/usage/totals-service.ts',
      'src/usage/usage-recorder.ts',
      'src/usage/record-usage.ts',
      'src/notify/',
    ],
  },
  {
    name: 'services',
    files: ['src/services.ts', 'src/service-parts.ts'],
    may: [
      'src/service-parts.ts',
      'src/aws/',
      'src/background.ts',
      'src/config/',
      'src/metrics/',
      'src/reconcile/',
      'src/connect/',
      'src/scheduled-work.ts',
      ...domain,
      ...foundation,
      'node:crypto',
      'pino',
    ],
  },
  {
    name: 'entries',
    files: [
      'src/server.ts',
      'src/container.ts',
      'src/portal.lambda.ts',
      'src/reconciler.lambda.ts',
      'src/connect.lambda.ts',
    ],
    may: [
      'src/connect/connect-answer.ts',
      'src/container.ts',
      'src/background.ts',
      'src/schedule.ts',
      'src/services.ts',
      'src/service-parts.ts',
      'src/web/app.ts',
      'src/web/files.ts',
      'src/config/',
      'node:events',
      'node:http',
      'node:net',
      'node:path',
      'node:timers',
      'aws-lambda',
      'serverless-http',
    ],
  },
  {
    name: 'local composition',
    files: [
      'scripts/local/main.ts',
      'scripts/local/portal-host.ts',
      'scripts/local/portal-process.ts',
      'scripts/local/interrupted-calls.ts',
      'scripts/local/dynamodb-table.ts',
    ],
    may: [
      'scripts/local/',
      'src/services.ts',
      'src/web/app.ts',
      'src/web/files.ts',
      'src/config/',
      'src/aws/clients.ts',
      'src/aws/dynamo-table.ts',
      'src/aws/dynamo-endpoint-store.ts',
      ...domain,
      ...foundation,
      'node:http',
      '@aws-sdk/client-dynamodb',
      'zod',
    ],
  },
  {
    name: 'sample history',
    files: ['scripts/local/history/'],
    may: [
      'scripts/local/history/',
      'scripts/local/alb/people.ts',
      'scripts/local/sample-world.ts',
      'src/aws/dynamo-table.ts',
      'src/aws/dynamo-audit-log.ts',
      'src/aws/dynamo-usage-store.ts',
      'src/audit/audit-detail.ts',
      'src/audit/audit-log.ts',
      'src/identity/principal.ts',
      'src/usage/',
      'src/vpn/ids.ts',
      'src/clock.ts',
      '@aws-sdk/client-dynamodb',
    ],
  },
  {
    name: 'infrastructure',
    files: ['infra/'],
    // What the environment is, and nothing of what is made of it.
    may: [
      'infra/',
      'src/config/',
      'aws-cdk-lib',
      'cdk-nag',
      'constructs',
      'node:child_process',
      'node:crypto',
      'node:fs',
      'node:path',
      'node:url',
      'node:util',
      'zod',
    ],
  },
  {
    name: 'stand-ins',
    files: ['scripts/local/'],
    may: [
      'scripts/local/',
      'src/clock.ts',
      'node:child_process',
      'node:crypto',
      'node:fs',
      'node:http',
      'node:path',
      'node:stream',
      'node:timers',
      'node:util',
      '@aws-sdk/client-dynamodb',
      'dynalite',
      'zod',
    ],
  },
];

export interface Import {
  /** The file that imports, from the root of the repository. */
  readonly from: string;
  /** A path from the root of the repository, or the name of a package. */
  readonly to: string;
}

export function areaOf(file: string): Area | null {
  return areas.find((area) => area.files.some((named) => covers(named, file))) ?? null;
}

/** One sentence for each import that the table does not allow, and for each file it does not know. */
export function violations(imports: readonly Import[]): readonly string[] {
  return imports.flatMap(({ from, to }) => {
    const area = areaOf(from);
    if (area === null) return [`${from} is in no area`];
    const allowed =
      area.may.some((named) => covers(named, to)) &&
      !(area.except ?? []).some((named) => covers(named, to));
    return allowed ? [] : [`${from} (${area.name}) must not import ${to}`];
  });
}

/** Whether an import needs what the entry of the table names. */
export function covers(named: string, wanted: string): boolean {
  if (named.endsWith('/')) return wanted.startsWith(named);
  const isPackage = !/\.[a-z]+$/.test(named);
  return wanted === named || (isPackage && wanted.startsWith(`${named}/`));
}
