import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Express } from 'express';
import request from 'supertest';
import type { Test } from 'supertest';

import {
  administratorAccessKeyId,
  localSecretAccessKey,
  portalAccessKeyId,
  reconcilerAccessKeyId,
} from '../../scripts/local/access-keys.ts';
import { samplePeople } from '../../scripts/local/alb/people.ts';
import type { SamplePerson } from '../../scripts/local/alb/people.ts';
import { createTokenSigner } from '../../scripts/local/alb/token-signer.ts';
import type { TokenSigner } from '../../scripts/local/alb/token-signer.ts';
import { listen, stopListening } from '../../scripts/local/listen.ts';
import { rememberSampleRoutes } from '../../scripts/local/portal-host.ts';
import { startLocalStack } from '../../scripts/local/stack.ts';
import type { LocalStack, LocalStackOptions, PortalHost } from '../../scripts/local/stack.ts';
import { createAwsClients } from '../../src/aws/clients.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import type { Clock } from '../../src/clock.ts';
import { systemClock } from '../../src/clock.ts';
import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import { createLog, createPortalServices, createScheduleServices } from '../../src/services.ts';
import type { PortalServices } from '../../src/services.ts';
import { createApp } from '../../src/web/app.ts';
import { sourceFiles } from '../../src/web/files.ts';
import type { ErrorProblem } from '../../src/web/locales/error-problem.ts';
import { catalogueOf, createFormat } from '../../src/web/locales/index.ts';
import type { Language, Notice } from '../../src/web/locales/index.ts';

/** The real app with its real adapters, over the stand-ins, without a load balancer before it. */
export interface PortalUnderTest {
  readonly stack: LocalStack;
  /** Of the app itself: whoever asks here has to bring the signed identity along. */
  readonly url: string;
  readonly app: Express;
  readonly services: PortalServices;
  /** Whose tokens the portal believes. */
  readonly signer: TokenSigner;
  /** A browser in which this person is signed in. */
  as(person: PersonKey | SamplePerson): Browser;
  /** One run of the schedule, without the figures that every fifteenth minute makes. */
  schedule(): Promise<void>;
  /** One run of the schedule with all that belongs to it at this minute. */
  scheduledRun(): Promise<void>;
  /** Resolves when no pass is under way any more. */
  settled(): Promise<void>;
  /** Moves the time of the simulated world. */
  later(seconds: number): void;
  /** What was logged since the start, or the last time it was asked for. */
  takeLog(): Promise<{ readonly text: string; readonly lines: readonly LogLine[] }>;
  stop(): Promise<void>;
}

export type LogLine = Readonly<Record<string, unknown>>;
export type PersonKey = 'alice' | 'bob' | 'carol' | 'dave';

/** Sends what a browser would send from one of the portal's own pages. */
export interface Browser {
  get(address: string): Test;
  head(address: string): Test;
  post(address: string, form?: Readonly<Record<string, string>>): Test;
}

export function personOf(key: PersonKey): SamplePerson {
  const person = samplePeople.find((candidate) => candidate.key === key);
  if (person === undefined) throw new Error(`there is no ${key}`);
  return person;
}

/** For the SDK, where the process's own environment is not the stack's. */
export function clientsFor(
  environment: Readonly<Record<string, string>>,
  accessKeyId: string = administratorAccessKeyId,
): AwsClients {
  const common = {
    region: environment['AWS_REGION'] ?? '',
    credentials: { accessKeyId, secretAccessKey: localSecretAccessKey },
  };
  return createAwsClients({
    ec2: { ...common, endpoint: environment['AWS_ENDPOINT_URL_EC2'] ?? '' },
    dynamo: { ...common, endpoint: environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '' },
    eventBridge: { ...common, endpoint: environment['AWS_ENDPOINT_URL_EVENTBRIDGE'] ?? '' },
  });
}

export function issueOf(environment: Readonly<Record<string, string>>) {
  return {
    albArn: environment['ALB_ARN'] ?? '',
    clientId: environment['COGNITO_CLIENT_ID'] ?? '',
    issuer: environment['COGNITO_ISSUER'] ?? '',
  };
}

/** For a stack in which AWS takes no time at all. */
export const atOnce = {
  secondsToAssociate: 0,
  secondsToRoute: 0,
  secondsToDisassociate: 0,
} as const satisfies Partial<LocalStackOptions>;

export const quickStack = {
  albPort: 0,
  awsPort: 0,
  dynamodbPort: 0,
  dataFolder: 'memory',
  secondsToAssociate: 10,
  secondsToRoute: 4,
  secondsToDisassociate: 10,
  seedTable: rememberSampleRoutes,
  log: () => undefined,
} as const satisfies Omit<LocalStackOptions, 'portal'>;

/**
 * @param options.variables in place of the stack's own, in the portal's environment
 * @param options.tokenClock of the signer; the wall clock unless given
 */
export async function startPortal(
  options: {
    readonly variables?: Readonly<Record<string, string>>;
    readonly stack?: Partial<LocalStackOptions>;
  } = {},
): Promise<PortalUnderTest> {
  const folder = mkdtempSync(path.join(tmpdir(), 'portal-log-'));
  const logFile = path.join(folder, 'log');
  const logDescriptor = openSync(logFile, 'w');
  let parts: PortalParts | undefined;
  const host: PortalHost = async (environment, { clock, fetchAlbPublicKey }) => {
    const log = createLog({ destination: logDescriptor });
    const variables = { ...environment, ...options.variables };
    parts = await compose(variables, clock, log, fetchAlbPublicKey);
    // The schedule comes when the test says so, and only then: the rule of the stack, whose timer runs
    // on the wall clock, would now and then take a pass and still be at it when the test goes on.
    return { ...parts, reconcile: () => Promise.resolve() };
  };
  const stack = await startLocalStack({ ...quickStack, ...options.stack, portal: host });
  if (parts === undefined) throw new Error('the stack has started no portal');
  const { app, reconcile, scheduledRun, services, signer, url } = parts;
  let logRead = 0;

  return {
    stack,
    url: url.origin,
    app,
    services,
    signer,
    as: (person) =>
      browserWith(url.origin, () =>
        signer.signIdentity(typeof person === 'string' ? personOf(person) : person),
      ),
    schedule: reconcile,
    scheduledRun,
    settled: () => services.background.idle(),
    later: (seconds) => {
      stack.clock.advance(seconds / 60);
    },
    takeLog: async () => {
      // A client may have its answer a moment before the server has noticed that it is sent.
      await delay(10);
      const all = readFileSync(logFile, 'utf8');
      const text = all.slice(logRead);
      logRead = all.length;
      const lines = text.split('\n').filter((line) => line !== '');
      return { text, lines: lines.map((line) => JSON.parse(line) as LogLine) };
    },
    stop: async () => {
      await stack.stop();
      closeSync(logDescriptor);
      rmSync(folder, { recursive: true });
    },
  };
}

interface PortalParts {
  readonly url: URL;
  readonly app: Express;
  readonly services: PortalServices;
  readonly signer: TokenSigner;
  readonly reconcile: () => Promise<void>;
  readonly scheduledRun: () => Promise<void>;
  stop(): Promise<void>;
}

async function compose(
  variables: Readonly<Record<string, string>>,
  clock: Clock,
  log: ReturnType<typeof createLog>,
  fetchAlbPublicKey: (url: string) => Promise<ArrayBuffer>,
): Promise<PortalParts> {
  const signer = createTokenSigner(issueOf(variables), systemClock);
  const fetchKey = (url: string): Promise<ArrayBuffer> => {
    const own = signer.publicKey(url.slice(url.lastIndexOf('/') + 1));
    if (own === null) return fetchAlbPublicKey(url);
    return Promise.resolve(new TextEncoder().encode(own).buffer);
  };
  const environment = readEnvironment(serverEnvironment, variables);
  // Two roles, two keys, as in the deployment.
  const aws = clientsFor(variables, portalAccessKeyId);
  const reconcilerAws = clientsFor(variables, reconcilerAccessKeyId);
  const services = createPortalServices(environment, { aws, clock, log, fetchKey });
  const { reconciler, scheduled } = createScheduleServices(environment, {
    aws: reconcilerAws,
    clock,
    log,
  });
  const app = createApp(services, environment, sourceFiles());
  const server = createServer(app);
  const port = await listen(server, 0, 'PORT');
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    app,
    services,
    signer,
    reconcile: () => reconciler.passAll(),
    scheduledRun: () => scheduled.run(),
    stop: async () => {
      await stopListening(server);
      await services.background.idle();
      for (const clients of [aws, reconcilerAws]) {
        clients.ec2.destroy();
        clients.dynamo.destroy();
        clients.eventBridge.destroy();
      }
    },
  };
}

function browserWith(url: string, token: () => string): Browser {
  const fromOurPage = (test: Test): Test =>
    test.set({ 'x-amzn-oidc-data': token(), 'sec-fetch-site': 'same-origin' }).redirects(0);
  return {
    get: (address) => fromOurPage(request(url).get(address)),
    head: (address) => fromOurPage(request(url).head(address)),
    post: (address, form = {}) => fromOurPage(request(url).post(address)).type('form').send(form),
  };
}

/** The sentences of an error page. */
export function noticeIn(language: Language, problem: ErrorProblem): Notice {
  const { errors, frame } = catalogueOf(language);
  const format = createFormat({
    language,
    timeZone: 'UTC',
    now: new Date(),
    joinDay: frame.joinDay,
  });
  return errors.notice(problem, format);
}
