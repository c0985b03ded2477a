import { Agent, createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../src/clock.ts';
import { systemClock } from '../../../src/clock.ts';
import { answerSentence } from '../answer.ts';
import { listen, stopListening } from '../listen.ts';
import { forward } from './forward.ts';
import { listenerActionFor } from './listener-rules.ts';
import type { SamplePerson } from './people.ts';
import { requestHeaders } from './proxied-headers.ts';
import type { RawHeaders } from './proxied-headers.ts';
import { createPublicKeyFetcher } from './public-keys.ts';
import type { FetchPublicKey } from './public-keys.ts';
import { createSessions } from './sessions.ts';
import type { Session } from './sessions.ts';
import { createSignIn, signInPath } from './sign-in.ts';
import { handleSignOut, signOutPath } from './sign-out.ts';
import { answerAsLoadBalancer } from './status-page.ts';
import { createTokenSigner } from './token-signer.ts';

export interface AlbConfig {
  readonly albArn: string;
  readonly clientId: string;
  /** The user pool's address. */
  readonly issuer: string;
  readonly region: string;
}

/** Answers what is under `/local` and is not the load balancer's own. */
export type LocalHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  signedIn: SamplePerson | null,
) => Promise<void>;

/** An Application Load Balancer with authenticate-cognito rules, on plain HTTP and the loopback. */
export interface AlbStandIn {
  /** @param setting what to change when the port is taken */
  listen(port: number, setting?: string): Promise<void>;
  /** Where it listens, such as http://127.0.0.1:8080; throws before it does. */
  origin(): string;
  /** For the portal's verifier, in place of AWS's key server. */
  readonly fetchPublicKey: FetchPublicKey;
  /** Signs with a new key from now on, as AWS does now and then. */
  rotateKey(): void;
  /** Ends every session, as if its time were over. */
  expireSessions(): void;
  stop(): Promise<void>;
}

export interface AlbOptions {
  /** Where the portal listens; `null` while there is none, which is answered with 503. */
  readonly target: () => URL | null;
  readonly people: readonly SamplePerson[];
  readonly config: AlbConfig;
  readonly local?: LocalHandler;
  /** Of the tokens. The wall clock unless a test says otherwise. */
  readonly clock?: Clock | undefined;
  /** 60, as in AWS, unless a test says otherwise. */
  readonly idleTimeoutSeconds?: number;
}

const publicKeysPath = '/local/public-keys/';

export function createAlbStandIn(options: AlbOptions): AlbStandIn {
  const { config, people, target } = options;
  const clock = options.clock ?? systemClock;
  const signer = createTokenSigner(config, clock);
  const sessions = createSessions();
  const signIn = createSignIn({ people, sessions, signer });
  const agent = new Agent({ keepAlive: true });
  const forwardOptions = { agent, idleTimeoutSeconds: options.idleTimeoutSeconds ?? 60 };
  let port: number | null = null;

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A body cut off by its sender ends up here; there is nobody left to answer.
      if (response.headersSent || request.destroyed) response.destroy();
      else answerSentence(response, 500, String(error), { href: '/local', label: 'Back' });
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathAndQuery(request.url ?? '/');
    if (path === null) {
      answerAsLoadBalancer(response, 400);
      return;
    }
    const session = sessions.find(request.headers.cookie);
    const action = listenerActionFor(path.split('?', 1)[0] ?? '');
    if (action === 'stand-in') {
      await answerLocally(request, response, new URL(path, origin()), session);
    } else if (action === 'pass' || session !== null) {
      forwardTo(target(), request, response, path, action === 'pass' ? [] : identityOf(session));
    } else if (action === 'deny') {
      answerAsLoadBalancer(response, 401);
    } else {
      // Whatever the method was: after signing in AWS comes back to the same address with GET.
      response.writeHead(302, {
        location: `${signInPath}?return=${encodeURIComponent(path)}`,
        'cache-control': 'no-store',
        'content-length': 0,
      });
      response.end();
    }
  }

  async function answerLocally(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    session: Session | null,
  ): Promise<void> {
    if (url.pathname === signInPath) {
      await signIn.handle(request, response, url);
    } else if (url.pathname === signOutPath) {
      handleSignOut(request, response, url, {
        clientId: config.clientId,
        logoutUri: `${origin()}/signed-out`,
      });
    } else if (url.pathname.startsWith(publicKeysPath)) {
      answerPublicKey(response, url.pathname.slice(publicKeysPath.length));
    } else if (options.local !== undefined) {
      await options.local(request, response, url, session?.person ?? null);
    } else {
      answerAsLoadBalancer(response, 404);
    }
  }

  function answerPublicKey(response: ServerResponse, keyId: string): void {
    const key = signer.publicKey(keyId);
    if (key === null) {
      answerAsLoadBalancer(response, 404);
      return;
    }
    response.writeHead(200, { 'content-type': 'binary/octet-stream' });
    response.end(key);
  }

  function forwardTo(
    targetUrl: URL | null,
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    identity: RawHeaders,
  ): void {
    if (targetUrl === null || port === null) {
      answerAsLoadBalancer(response, 503);
      return;
    }
    const headers = requestHeaders(request, port, identity, clock.now());
    forward(request, response, targetUrl, path, headers, forwardOptions);
  }

  function identityOf(session: Session | null): RawHeaders {
    if (session === null) return [];
    if (session.accessToken.expiresAt <= clock.now()) {
      session.accessToken = signer.signAccessToken(session.person);
    }
    return [
      'x-amzn-oidc-accesstoken',
      session.accessToken.token,
      'x-amzn-oidc-identity',
      session.person.subject,
      'x-amzn-oidc-data',
      signer.signIdentity(session.person),
    ];
  }

  function origin(): string {
    if (port === null) throw new Error('the load balancer is not listening yet');
    return `http://127.0.0.1:${port}`;
  }

  return {
    async listen(wantedPort, setting = 'LOCAL_PORT') {
      port = await listen(server, wantedPort, setting);
    },
    origin,
    fetchPublicKey: createPublicKeyFetcher(() => new URL(publicKeysPath, origin()), config.region),
    rotateKey: () => {
      signer.rotateKey();
    },
    expireSessions: () => {
      sessions.expireAll();
    },
    async stop() {
      await stopListening(server);
      agent.destroy();
    },
  };
}

/** The target of the request line; `null` where it is no address on this server. */
function pathAndQuery(requestTarget: string): string | null {
  if (requestTarget.startsWith('/')) return requestTarget;
  if (!/^https?:\/\//i.test(requestTarget) || !URL.canParse(requestTarget)) return null;
  const url = new URL(requestTarget);
  return `${url.pathname}${url.search}`;
}
