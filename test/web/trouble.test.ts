import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';

import type { Fault } from '../../scripts/local/faults.ts';
import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { textOf } from './page-text.ts';
import { noticeIn, startPortal } from './portal-under-test.ts';
import type { PortalUnderTest } from './portal-under-test.ts';

const tokyo = `/endpoints/${sampleEndpoints.tokyoOffice}`;

let portal: PortalUnderTest;

beforeAll(async () => {
  portal = await startPortal();
  await portal.schedule();
  portal.later(2);
});

afterEach(async () => {
  portal.stack.faults.clear();
  // What a look at a page has set going is not the next test's.
  await portal.settled();
});

afterAll(() => portal.stop());

function fail(fault: Partial<Fault> & Pick<Fault, 'service'>): void {
  portal.stack.faults.add({
    action: '*',
    code: 'InternalError',
    status: 500,
    times: 1000,
    effect: 'before',
    ...fault,
  });
}

const refused: Partial<Fault> = { code: 'UnauthorizedOperation', status: 403 };

describe('while AWS does not answer', () => {
  it('the download says so, and the log names what failed', async () => {
    fail({ service: 'ec2', action: 'ExportClientVpnClientConfiguration' });
    await portal.takeLog();
    const answer = await portal.as('alice').get(`${tokyo}/client-configuration`);
    expect(answer.status).toBe(503);
    expect(answer.headers['content-disposition']).toBeUndefined();
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(textOf(answer.text)).toContain('AWS does not answer at the moment');
    expect((await portal.takeLog()).lines).toContainEqual(
      expect.objectContaining({ msg: 'request failed', status: 503, reason: 'aws-unavailable' }),
    );
  });

  it('the failure is nobody else’s: the next download works', async () => {
    fail({ service: 'ec2', action: 'ExportClientVpnClientConfiguration', times: 1, ...refused });
    expect((await portal.as('alice').get(`${tokyo}/client-configuration`)).status).toBe(503);
    expect((await portal.as('alice').get(`${tokyo}/client-configuration`)).status).toBe(200);
  });

  it('a call that it never answers is given up, and made again', async () => {
    fail({
      service: 'ec2',
      action: 'ExportClientVpnClientConfiguration',
      code: 'Timeout',
      times: 1,
    });
    portal.later(60);
    const answer = await portal.as('alice').get(`${tokyo}/client-configuration`).timeout(12_000);
    expect(answer.status).toBe(200);
  });

  it('every page is still there, and tells what was last known', async () => {
    fail({ service: 'ec2', ...refused });
    for (const address of ['/', tokyo, '/fragments/home']) {
      const answer = await portal.as('alice').get(address);
      expect(answer.status).toBe(200);
      expect(textOf(answer.text)).toContain('Tokyo office');
    }
  });

  it('a request is taken, and the page that follows is true', async () => {
    fail({ service: 'ec2', ...refused });
    const answer = await portal.as('alice').post(`${tokyo}/lease`, { minutes: '60' });
    expect(answer.status).toBe(303);
    await portal.settled();
    expect(textOf((await portal.as('alice').get(String(answer.headers['location']))).text)).toMatch(
      /Starting/,
    );
  });

  it('the page says that AWS could not be read, and it goes on by itself afterwards', async () => {
    fail({ service: 'ec2', ...refused });
    portal.later(60);
    await portal.as('alice').get(tokyo);
    await portal.settled();
    portal.later(2);
    const told = textOf((await portal.as('alice').get(tokyo)).text);
    expect(told).toContain('The portal could not read everything');
    portal.stack.faults.clear();
    portal.later(60);
    await portal.as('alice').get(tokyo);
    await portal.settled();
    expect(portal.stack.ec2.calls().map(({ action }) => action)).toContain(
      'AssociateClientVpnTargetNetwork',
    );
  });
});

describe('while the store does not answer', () => {
  it.each([
    ['en', '/'],
    ['ja', '/'],
    ['en', tokyo],
    ['en', `${tokyo}/client-configuration`],
  ] as const)('a page says so in %s: %s', async (language, address) => {
    portal.later(2);
    fail({ service: 'dynamodb', code: 'AccessDeniedException', status: 400 });
    await portal.takeLog();
    const answer = await portal.as('alice').get(address).set('accept-language', language);
    expect(answer.status).toBe(503);
    const notice = noticeIn(language, { code: 'store-unavailable' });
    expect(textOf(answer.text)).toContain(notice.happened);
    expect(textOf(answer.text)).toContain(notice.next);
    expect((await portal.takeLog()).lines).toContainEqual(
      expect.objectContaining({ status: 503, reason: 'store-unavailable' }),
    );
  });

  it('nobody is told yes', async () => {
    fail({
      service: 'dynamodb',
      action: 'UpdateItem',
      code: 'AccessDeniedException',
      status: 400,
    });
    const answer = await portal.as('alice').post(`${tokyo}/lease`, { minutes: '60' });
    expect(answer.status).toBe(503);
  });

  it('rides out what passes within a moment', async () => {
    portal.later(2);
    fail({ service: 'dynamodb', code: 'InternalServerError', status: 500, times: 2 });
    expect((await portal.as('alice').get('/')).status).toBe(200);
  });

  it('is not ready, and says so without any identity', async () => {
    await request(portal.url).get('/readyz').expect(200, 'ready\n');
    // It is looked for once a second, however often somebody asks.
    portal.later(2);
    fail({ service: 'dynamodb', code: 'AccessDeniedException', status: 400 });
    const answer = await request(portal.url).get('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.text).toBe('the store cannot be reached\n');
    portal.stack.faults.clear();
    expect((await request(portal.url).get('/readyz')).status).toBe(200);
  });

  it('is healthy all the same, and calls nothing to find that out', async () => {
    fail({ service: 'dynamodb', code: 'ConnectionReset' });
    fail({ service: 'ec2', code: 'ConnectionReset' });
    const before = portal.stack.faults.pending().map(({ times }) => times);
    for (const method of ['get', 'head'] as const) {
      const answer = await request(portal.url)[method]('/healthz');
      expect(answer.status).toBe(200);
    }
    expect(portal.stack.faults.pending().map(({ times }) => times)).toEqual(before);
  });

  it('keeps health checks out of the log', async () => {
    await portal.takeLog();
    await request(portal.url).get('/healthz');
    expect((await portal.takeLog()).text).toBe('');
  });
});

describe('while the audit cannot be written', () => {
  it('nothing is asked for, and the person is told', async () => {
    const nagoya = `/endpoints/${sampleEndpoints.nagoyaPlant}`;
    const networks = () =>
      portal.stack.clientVpn.describeClientVpnTargetNetworks({
        clientVpnEndpointId: sampleEndpoints.nagoyaPlant,
      });
    const before = networks();
    fail({ service: 'dynamodb', action: 'ExecuteStatement' });
    const answer = await portal.as('carol').post(`${nagoya}/lease`, { minutes: '60' });
    expect(answer.status).toBe(503);
    portal.stack.faults.clear();
    await portal.settled();
    expect(networks()).toEqual(before);
    const { text } = await portal.as('carol').get(nagoya);
    expect(text).toContain(`action="${nagoya}/lease"`);
    expect(text).not.toContain(`action="${nagoya}/lease/release"`);
  });
});
