import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleEndpoints, sampleSubnets } from '../../scripts/local/sample-world.ts';
import { startLocalStack } from '../../scripts/local/stack.ts';
import type { LocalStack } from '../../scripts/local/stack.ts';
import type { WorldState } from '../../scripts/local/world-state.ts';
import { startEchoPortal } from './local-stack-echo-portal.ts';

let stack: LocalStack;
let reconciliations = 0;

beforeAll(async () => {
  stack = await startLocalStack({
    albPort: 0,
    awsPort: 0,
    dynamodbPort: 0,
    dataFolder: 'memory',
    secondsToAssociate: 60,
    secondsToRoute: 60,
    secondsToDisassociate: 60,
    portal: async (...start) => ({
      ...(await startEchoPortal(...start)),
      reconcile() {
        reconciliations += 1;
        return Promise.resolve();
      },
    }),
    log: () => undefined,
  });
});

beforeEach(() => {
  stack.faults.clear();
});

afterAll(async () => {
  await stack.stop();
});

interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
  readonly body: unknown;
}

async function send(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isForm = body instanceof URLSearchParams;
  const answer = await fetch(`${stack.url}${path}`, {
    method,
    redirect: 'manual',
    headers:
      body === undefined || isForm ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    text,
    body: isJson ? JSON.parse(text) : null,
  };
}

async function state(): Promise<WorldState> {
  return (await send('GET', '/local/state')).body as WorldState;
}

async function endpointState(endpointId: string): Promise<WorldState['endpoints'][number]> {
  const endpoint = (await state()).endpoints.find((one) => one.endpointId === endpointId);
  if (endpoint === undefined) throw new Error(`no endpoint ${endpointId}`);
  return endpoint;
}

/** Through the controls alone: associates and waits, in simulated time, until it is up. */
async function turnOn(endpointId: string, subnetId: string): Promise<void> {
  const { associations } = await endpointState(endpointId);
  if (!associations.some((one) => one.subnetId === subnetId && one.status === 'associated')) {
    await send('POST', '/local/associations', { endpointId, subnetId });
    await send('POST', '/local/clock', { advanceMinutes: 1 });
  }
}

const { tokyoOffice, osakaLab, buildNetwork, nagoyaPlant } = sampleEndpoints;
const alice = 'alice@example.com';

describe('the sample world', () => {
  it('has three well-tagged endpoints and one that is tagged wrongly, all of them off', async () => {
    const { endpoints, subnets } = await state();
    expect(endpoints.map(({ endpointId, name }) => ({ endpointId, name }))).toEqual([
      { endpointId: tokyoOffice, name: 'Tokyo office' },
      { endpointId: osakaLab, name: 'Osaka lab' },
      { endpointId: buildNetwork, name: 'Build network' },
      { endpointId: nagoyaPlant, name: 'Nagoya plant' },
    ]);
    expect(subnets.map((subnet) => subnet.subnetId)).toEqual(Object.values(sampleSubnets));
    const [nagoya] = stack.clientVpn.describeClientVpnEndpoints({
      clientVpnEndpointIds: [nagoyaPlant],
    });
    expect(nagoya?.tags).toMatchObject({ 'vpn-portal:off-at': '22:00 Asia/Tokyo' });
    expect(nagoya?.authenticationOptions.map(({ type }) => type)).toEqual([
      'certificate-authentication',
    ]);
    const zones = subnets.slice(0, 2).map((subnet) => subnet.availabilityZone);
    expect(new Set(zones).size).toBe(2);
  });
});

describe('connections', () => {
  it('cannot be made while the endpoint is off, and the sentence of AWS says so', async () => {
    const answer = await send('POST', '/local/connections', {
      endpointId: buildNetwork,
      username: alice,
    });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ error: expect.stringMatching(/pending-associate/) });
  });

  it('are made and ended, and stay listed', async () => {
    await turnOn(tokyoOffice, sampleSubnets.tokyoA);
    const made = await send('POST', '/local/connections', {
      endpointId: tokyoOffice,
      username: alice,
    });
    expect(made.status).toBe(201);
    const { connectionId } = made.body as { connectionId: string };
    expect(connectionId).toMatch(/^cvpn-connection-[0-9a-f]{17}$/);
    expect((await endpointState(tokyoOffice)).connections).toContainEqual(
      expect.objectContaining({ connectionId, username: alice, status: 'active', endedAt: null }),
    );

    const ended = await send('DELETE', `/local/connections/${connectionId}`);
    expect(ended.status).toBe(204);
    expect(ended.text).toBe('');
    expect((await endpointState(tokyoOffice)).connections).toContainEqual(
      expect.objectContaining({ connectionId, status: 'terminated' }),
    );
    expect((await send('DELETE', `/local/connections/${connectionId}`)).status).toBe(404);
  });

  it('go silent, move again from where they stood, and say so on the page', async () => {
    await turnOn(tokyoOffice, sampleSubnets.tokyoA);
    const connectionId = stack.clientVpn.connect(tokyoOffice, alice);
    const silence = `/local/connections/${connectionId}/silence`;
    const bytesAfterAnHour = async (): Promise<number> => {
      await send('POST', '/local/clock', { advanceMinutes: 60 });
      const row = stack.clientVpn
        .describeClientVpnConnections({ clientVpnEndpointId: tokyoOffice })
        .find((connection) => connection.connectionId === connectionId);
      return Number(row?.ingressBytes);
    };
    const silentSince = async (): Promise<string | null | undefined> =>
      (await endpointState(tokyoOffice)).connections.find(
        (connection) => connection.connectionId === connectionId,
      )?.silentSince;

    const moving = await bytesAfterAnHour();
    expect(await silentSince()).toBeNull();
    const now = stack.clock.now().getTime();
    expect(await send('POST', silence)).toMatchObject({ status: 204, text: '' });
    const since = (await silentSince()) ?? '';
    expect(Date.parse(since) - now).toBeLessThan(10_000);
    expect((await send('GET', '/local')).text).toContain(`action="${silence}/delete"`);

    const silent = await bytesAfterAnHour();
    expect(silent - moving).toBeLessThan(20_000);
    // To be told twice changes nothing.
    await send('POST', silence, new URLSearchParams());
    expect(await silentSince()).toBe(since);
    expect(await bytesAfterAnHour()).toBe(silent);

    const back = await send('POST', `${silence}/delete`, new URLSearchParams());
    expect(back).toMatchObject({ status: 303, location: '/local' });
    expect(await silentSince()).toBeNull();
    expect((await send('GET', '/local')).text).toContain(`action="${silence}"`);
    const again = await bytesAfterAnHour();
    expect(again - silent).toBeGreaterThan(3600 * 800);
    expect(again - silent).toBeLessThan(3700 * 900);
  });

  it('do not go silent when they are gone', async () => {
    await turnOn(tokyoOffice, sampleSubnets.tokyoA);
    const connectionId = stack.clientVpn.connect(tokyoOffice, alice);
    stack.clientVpn.disconnect(connectionId);
    for (const id of [connectionId, 'cvpn-connection-00000000000000000']) {
      for (const method of ['POST', 'DELETE'] as const) {
        const answer = await send(method, `/local/connections/${id}/silence`);
        expect(answer).toMatchObject({
          status: 404,
          body: { error: `There is no live connection ${id}.` },
        });
      }
    }
  });

  it('need an endpoint that exists', async () => {
    const answer = await send('POST', '/local/connections', {
      endpointId: 'cvpn-endpoint-00000000000000000',
      username: alice,
    });
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'InvalidClientVpnEndpointId.NotFound' });
  });
});

describe('the clock', () => {
  it('moves forward for everybody and lets the schedule catch up', async () => {
    const before = Date.parse((await state()).now);
    const reconciledBefore = reconciliations;
    const answer = await send('POST', '/local/clock', { advanceMinutes: 90 });
    expect(answer.status).toBe(200);
    const { now } = answer.body as { now: string };
    expect(Date.parse(now) - before).toBeGreaterThanOrEqual(90 * 60_000);
    expect(Math.abs(stack.clock.now().getTime() - Date.parse(now))).toBeLessThan(60_000);
    expect(reconciliations).toBe(reconciledBefore + 1);
  });

  it.each([[-1], [0], ['soon'], [null], [1e9], [true]])('does not move by %j', async (minutes) => {
    const offset = stack.clock.offsetMs();
    const answer = await send('POST', '/local/clock', { advanceMinutes: minutes });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      error: expect.stringMatching(/^The field "advanceMinutes" .+\.$/),
    });
    expect(stack.clock.offsetMs()).toBe(offset);
  });
});

describe('faults', () => {
  const fault = {
    service: 'ec2',
    action: 'DescribeSubnets',
    code: 'InternalError',
    status: 500,
    times: 2,
  };

  it('are planned, shown and cleared', async () => {
    const answer = await send('POST', '/local/faults', fault);
    expect(answer.status).toBe(201);
    expect((await state()).faults).toEqual([{ ...fault, effect: 'before' }]);
    expect((await send('DELETE', '/local/faults')).status).toBe(204);
    expect((await state()).faults).toEqual([]);
  });

  it('can be planned for EventBridge under its long name too', async () => {
    await send('POST', '/local/faults', { ...fault, service: 'eventbridge' });
    expect(stack.faults.pending()).toEqual([{ ...fault, service: 'events', effect: 'before' }]);
  });

  it.each([
    ['service', { ...fault, service: 's3' }],
    ['action', { ...fault, action: '' }],
    ['code', { ...fault, code: '<b>' }],
    ['status', { ...fault, status: 200 }],
    ['times', { ...fault, times: 0 }],
    ['effect', { ...fault, effect: 'never' }],
  ])('are refused with a sentence about a wrong %s', async (field, wrong) => {
    const answer = await send('POST', '/local/faults', wrong);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      error: expect.stringMatching(new RegExp(`^The field "${field}" is not right: .+\\.$`)),
    });
    expect(stack.faults.pending()).toEqual([]);
  });
});

describe('the console', () => {
  it('associates, adds a route and disassociates', async () => {
    await turnOn(osakaLab, sampleSubnets.osakaA);
    const added = await send('POST', '/local/routes', {
      endpointId: osakaLab,
      subnetId: sampleSubnets.osakaA,
      destinationCidr: '192.168.0.0/16',
      description: 'Lab <1>',
    });
    expect(added.status).toBe(201);
    const { associations, routes } = await endpointState(osakaLab);
    expect(routes).toContainEqual(
      expect.objectContaining({ destinationCidr: '192.168.0.0/16', origin: 'add-route' }),
    );

    const id = associations[0]?.associationId ?? '';
    expect((await send('DELETE', `/local/associations/${id}`)).status).toBe(204);
    expect((await endpointState(osakaLab)).associations).toEqual([
      expect.objectContaining({ associationId: id, status: 'disassociating' }),
    ]);
    await send('POST', '/local/clock', { advanceMinutes: 1 });
    expect((await endpointState(osakaLab)).associations).toEqual([]);
    expect((await send('DELETE', `/local/associations/${id}`)).status).toBe(404);
  });

  it('lets the next association fail', async () => {
    await send('POST', '/local/failed-associations', {
      subnetId: sampleSubnets.osakaA,
      message: 'No addresses left.',
    });
    await turnOn(osakaLab, sampleSubnets.osakaA);
    expect((await endpointState(osakaLab)).associations).toEqual([
      expect.objectContaining({ status: 'association-failed', message: 'No addresses left.' }),
    ]);
  });

  it('ends every session', async () => {
    const signedIn = await fetch(`${stack.url}/local/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ person: 'alice' }),
    });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await send('GET', '/', undefined, { cookie })).status).toBe(200);
    expect((await send('GET', '/local', undefined, { cookie })).text).toContain(
      'Signed in as Alice',
    );
    expect((await send('DELETE', '/local/sessions')).status).toBe(204);
    expect((await send('GET', '/', undefined, { cookie })).status).toBe(302);
  });
});

describe('the page', () => {
  it('shows the world without a script or an inline style, with everything escaped', async () => {
    await turnOn(tokyoOffice, sampleSubnets.tokyoA);
    await send('POST', '/local/connections', { endpointId: tokyoOffice, username: '<img src=x>' });
    const { status, text } = await send('GET', '/local');
    expect(status).toBe(200);
    expect(text).toContain('Tokyo office');
    expect(text).toContain('&lt;img src=x&gt;');
    expect(text).not.toMatch(/<img|<script|style=|\[object/);
    expect(text).toContain('Nobody is signed in.');
  });

  it('has its style sheet', async () => {
    expect((await send('GET', '/local/style.css')).text).toContain('color-scheme: light dark');
  });

  it('does by forms what programs do with JSON, and comes back', async () => {
    await turnOn(tokyoOffice, sampleSubnets.tokyoA);
    const form = (fields: Record<string, string>): URLSearchParams => new URLSearchParams(fields);
    const back = { status: 303, location: '/local' };

    const connect = form({ endpointId: tokyoOffice, username: 'form@example.com' });
    expect(await send('POST', '/local/connections', connect)).toMatchObject(back);
    const live = (await endpointState(tokyoOffice)).connections.find(
      ({ username }) => username === 'form@example.com',
    );
    expect(live?.status).toBe('active');
    const disconnect = `/local/connections/${live?.connectionId ?? ''}/delete`;
    expect(await send('POST', disconnect, form({}))).toMatchObject(back);

    const offset = stack.clock.offsetMs();
    expect(await send('POST', '/local/clock', form({ advanceMinutes: '10' }))).toMatchObject(back);
    expect(stack.clock.offsetMs()).toBe(offset + 600_000);

    const fault = form({ service: 'ec2', action: '*', code: 'X', status: '503', times: '3' });
    expect(await send('POST', '/local/faults', fault)).toMatchObject(back);
    expect(stack.faults.pending()).toMatchObject([{ status: 503, times: 3 }]);
    expect(await send('POST', '/local/faults/delete', form({}))).toMatchObject(back);
    expect(stack.faults.pending()).toEqual([]);
  });

  it('says on a page what is wrong with a form', async () => {
    const answer = await send(
      'POST',
      '/local/connections',
      new URLSearchParams({ endpointId: buildNetwork, username: alice }),
    );
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('pending-associate');
    expect(answer.text).toContain('href="/local"');
  });
});

describe('what is refused', () => {
  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
  ])('a change sent by another site: %j', async (headers: Record<string, string>) => {
    const offset = stack.clock.offsetMs();
    const fields = { advanceMinutes: '10' };
    expect((await send('POST', '/local/clock', new URLSearchParams(fields), headers)).status).toBe(
      403,
    );
    expect((await send('POST', '/local/clock', fields, headers)).status).toBe(403);
    expect((await send('DELETE', '/local/faults', undefined, headers)).status).toBe(403);
    expect(stack.clock.offsetMs()).toBe(offset);
  });

  it('a change from the page itself is not', async () => {
    const answers = [
      await send('DELETE', '/local/faults', undefined, { 'sec-fetch-site': 'same-origin' }),
      await send('DELETE', '/local/faults', undefined, { origin: stack.url }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  });

  it.each([
    ['a body that is not JSON', 400, 'application/json', '{'],
    ['a body that is no object', 400, 'application/json', '[]'],
    ['another content type', 415, 'text/plain', '{}'],
    ['a body that is too large', 413, 'application/json', 'x'.repeat(70_000)],
  ])('%s: %i', async (_what, status, contentType, body) => {
    const answer = await fetch(`${stack.url}/local/clock`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(/\.$/) });
  });

  it('a control that does not exist, and one used with the wrong method', async () => {
    expect((await send('POST', '/local/everything', {})).status).toBe(404);
    expect((await send('PUT', '/local/clock', {})).status).toBe(405);
    expect((await send('GET', '/local/nowhere')).status).toBe(404);
  });
});
