import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';

import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import { createApp } from '../../src/web/app.ts';
import { sourceFiles } from '../../src/web/files.ts';
import { personOf, startPortal } from './portal-under-test.ts';
import type { PortalUnderTest } from './portal-under-test.ts';

const tokyo = `/endpoints/${sampleEndpoints.tokyoOffice}`;
let portal: PortalUnderTest;
let busy: Express;

beforeAll(async () => {
  portal = await startPortal({ stack: { secondsToAssociate: 600 } });
  const environment = readEnvironment(serverEnvironment, portal.stack.environment);
  busy = createApp(portal.services, environment, sourceFiles(), {
    longestAnswerBytes: null,
    activity: () => 1,
  });
  await portal.schedule();
  portal.later(6);
  const pressed = await portal.as('alice').post(`${tokyo}/lease`, { minutes: '60' });
  expect(pressed.status).toBe(303);
  await portal.settled();
  // Readings are shared for a second.
  portal.later(2);
});

afterAll(() => portal.stop());

/** After how many seconds the page at this address is to be looked at again. */
async function secondsUntilNextLook(app: Express, address: string): Promise<string | undefined> {
  const identity = portal.signer.signIdentity(personOf('alice'));
  const { text } = await request(app).get(address).set('x-amzn-oidc-data', identity);
  return /data-live-every="(\d+)"/.exec(text)?.[1];
}

describe.each([tokyo, `/fragments${tokyo}`, '/', '/fragments/home'])(
  'an open tab of %s',
  (address) => {
    it('looks every three seconds while an endpoint starts', async () => {
      expect(await secondsUntilNextLook(portal.app, address)).toBe('3');
    });

    it('is told to look less often by a process that is busy', async () => {
      expect(await secondsUntilNextLook(busy, address)).toBe('6');
    });
  },
);
