import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ALBEvent, ALBResult } from 'aws-lambda';
import type { LocalStack } from '../../scripts/local/stack.ts';
import { bareRequest, startBundle, startEchoStack, tokenOf } from './bundle-process.ts';
import type { BundleProcess } from './bundle-process.ts';

const root = path.join(import.meta.dirname, '..', '..');
let folder = '';
let stack: LocalStack;
let token = '';
/** By the folder and the name: a process takes a while to start, and serves one test like another. */
const bundles = new Map<string, BundleProcess>();

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  await promisify(execFile)(process.execPath, [path.join(root, 'scripts/bundle.ts'), folder], {
    cwd: root,
  });
  stack = await startEchoStack();
  token = await tokenOf(stack, 'alice');
});

afterAll(async () => {
  for (const bundle of bundles.values()) await bundle.kill();
  await stack.stop();
  rmSync(folder, { recursive: true });
});

/** A bundle in a process that knows nothing but its environment. */
function start(name: 'portal' | 'reconciler', from = folder): (event: unknown) => Promise<unknown> {
  const index = path.join(from, name, 'index.cjs');
  const bundle =
    bundles.get(index) ??
    startBundle(index, { ...stack.environment, KEYS_URL: `${stack.url}/local/public-keys/` });
  bundles.set(index, bundle);
  return bundle.send;
}

function startPortal(from = folder): (event: Partial<ALBEvent>) => Promise<ALBResult> {
  const send = start('portal', from);
  return async (event) => (await send({ ...bareRequest, ...event })) as ALBResult;
}

function signedIn(more: Record<string, string[]> = {}): ALBEvent['multiValueHeaders'] {
  return {
    host: ['vpn.example.com'],
    'x-forwarded-for': ['203.0.113.7'],
    'x-forwarded-proto': ['https'],
    'x-amzn-oidc-data': [token],
    ...more,
  };
}

describe('the bundled portal', () => {
  it('answers a health check, which has no host and no identity', async () => {
    const ask = startPortal();
    const answer = await ask({
      path: '/healthz',
      multiValueHeaders: { 'user-agent': ['ELB-HealthChecker/2.0'] },
    });
    expect(answer).toMatchObject({ statusCode: 200, body: 'ok\n' });
  });

  it('answers a HEAD without a body', async () => {
    const ask = startPortal();
    const answer = await ask({ httpMethod: 'HEAD', multiValueHeaders: signedIn() });
    expect(answer).toMatchObject({ statusCode: 200, body: '' });
  });

  it('does not show a page to somebody whose identity is not signed', async () => {
    const ask = startPortal();
    const answer = await ask({});
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain('</html>');
  });

  it('answers 404 with a page for an address that is none', async () => {
    const ask = startPortal();
    const answer = await ask({ path: '/nowhere', multiValueHeaders: signedIn() });
    expect(answer.statusCode).toBe(404);
    expect(answer.multiValueHeaders?.['content-type']).toEqual(['text/html; charset=utf-8']);
  });

  it('reads every crumb of a cookie that arrives in pieces, and one that arrives whole', async () => {
    const ask = startPortal();
    const opening = '<html lang="ja" data-time-zone="America/New_York">';
    for (const cookie of [
      ['language=ja', 'time-zone=America/New_York'],
      ['time-zone=America/New_York', 'other=1', 'language=ja'],
      ['language=ja; time-zone=America/New_York'],
    ]) {
      const answer = await ask({ path: '/signed-out', multiValueHeaders: { cookie } });
      expect(answer.body).toContain(opening);
    }
  });

  it('takes no crumb from a request without cookies', async () => {
    const answer = await startPortal()({ path: '/signed-out' });
    expect(answer.body).toContain('<html lang="en"');
    expect(answer.body).not.toContain('America/New_York');
  });

  it('expires every cookie of the session on signing out, each in a header of its own', async () => {
    const ask = startPortal();
    const answer = await ask({
      httpMethod: 'POST',
      path: '/sign-out',
      multiValueHeaders: signedIn({ 'sec-fetch-site': ['same-origin'] }),
    });
    expect(answer.statusCode).toBe(303);
    const names = answer.multiValueHeaders?.['set-cookie']?.map(
      (cookie) => String(cookie).split('=')[0],
    );
    expect(names).toEqual([0, 1, 2, 3].map((shard) => `AWSELBAuthSessionCookie-${shard}`));
  });

  it('compresses a page for a browser that asks for it, and says that it is base64', async () => {
    const ask = startPortal();
    const headers = { 'accept-encoding': ['gzip'] };
    const answer = await ask({ multiValueHeaders: signedIn(headers) });
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    const page = await new Response(
      new Blob([Buffer.from(answer.body ?? '', 'base64')])
        .stream()
        .pipeThrough(new DecompressionStream('gzip')),
    ).text();
    expect(page).toContain('</html>');
  });

  it('serves the stylesheet and the scripts that its pages name', async () => {
    const ask = startPortal();
    const { body = '' } = await ask({ path: '/signed-out' });
    const assets = [...body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, url]) => url);
    const folderOfAssets = path.dirname(assets[0] ?? '');
    expect(assets.length).toBeGreaterThan(1);
    expect(assets.map((asset) => path.dirname(asset ?? ''))).toEqual(
      assets.map(() => folderOfAssets),
    );
    const names = [...readdirSync(path.join(folder, 'portal/views/assets')), 'idiomorph.js'];
    const types = new Map([
      ['.css', 'text/css; charset=utf-8'],
      ['.js', 'text/javascript; charset=utf-8'],
      ['.svg', 'image/svg+xml'],
    ]);
    for (const name of names) {
      const { multiValueHeaders, statusCode } = await ask({ path: `${folderOfAssets}/${name}` });
      const expected = [name, 200, types.get(path.extname(name))];
      expect([name, statusCode, multiValueHeaders?.['content-type']?.[0]]).toEqual(expected);
    }
  });

  it('takes a form in UTF-8, and none in a character set that it has no table of', async () => {
    const ask = startPortal();
    const post = (charset: string) =>
      ask({
        httpMethod: 'POST',
        path: '/admin/schedule/pause',
        multiValueHeaders: signedIn({
          'sec-fetch-site': ['same-origin'],
          'content-type': [`application/x-www-form-urlencoded; charset=${charset}`],
          'content-length': ['10'],
        }),
        body: 'minutes=60',
      });
    // Alice is no administrator: it is not for the form that she is refused.
    expect((await post('utf-8')).statusCode).toBe(403);
    expect((await post('shift_jis')).statusCode).toBe(415);
  });

  it('runs without its code cache as well', async () => {
    const bare = mkdtempSync(path.join(tmpdir(), 'bundle-without-cache-'));
    try {
      cpSync(folder, bare, { recursive: true, filter: (source) => !source.endsWith('.cache') });
      const answer = await startPortal(bare)({ path: '/healthz' });
      expect(answer.statusCode).toBe(200);
    } finally {
      rmSync(bare, { recursive: true });
    }
  });
});

describe('the bundled reconciler', () => {
  it('passes the managed endpoints, and answers nothing', async () => {
    const before = stack.ec2.calls().length;
    expect(await start('reconciler')({})).toBeUndefined();
    const calls = stack.ec2.calls().slice(before);
    expect(calls.map(({ action }) => action)).toContain('DescribeClientVpnEndpoints');
    expect(calls.filter(({ outcome }) => outcome !== 'succeeded')).toEqual([]);
  });

  it('fails where AWS does, so that alarms fire', async () => {
    const run = start('reconciler');
    stack.faults.add({
      service: 'ec2',
      action: 'DescribeClientVpnEndpoints',
      code: 'UnauthorizedOperation',
      status: 403,
      times: 1,
      effect: 'before',
    });
    await expect(run({})).rejects.toThrow(/ClientVpnError/);
  });
});

describe('the bundle as a whole', () => {
  it.each(['portal', 'reconciler'])('has byte code of the %s that V8 accepts', async (name) => {
    const index = JSON.stringify(path.join(folder, name, 'index.cjs'));
    const program = `
      globalThis.codeCacheRequested = ({ cachedDataRejected }) => {
        process.stderr.write(String(cachedDataRejected));
        process.exit(0);
      };
      require(${index});`;
    const run = promisify(execFile)(process.execPath, ['--eval', program], {
      env: stack.environment,
    });
    expect((await run).stderr).toBe('false');
  });

  it('carries everything: it requires nothing but what Node has', () => {
    for (const name of ['portal', 'reconciler']) {
      const code = readFileSync(path.join(folder, name, 'code.cjs'), 'utf8');
      const required = [...code.matchAll(/(?<![\w$.])require\("([^"]+)"\)/g)].map(([, id]) => id);
      const foreign = required.filter((id = '') => !isBuiltin(id));
      // An extra of the SDK for signing with several regions, tried for and done without.
      expect(new Set(foreign)).toEqual(new Set(['@aws-sdk/signature-v4-crt']));
    }
  });

  it('leaves declarations and settings of editors at home', () => {
    const assets = path.join(folder, 'portal/views/assets');
    expect(existsSync(path.join(assets, 'portal.css'))).toBe(true);
    expect(readdirSync(assets).filter((name) => /\.d\.ts$|tsconfig/.test(name))).toEqual([]);
  });
});
