import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';

import { catalogueOf } from '../../src/web/locales/index.ts';
import { textOf } from './page-text.ts';
import { startPortal } from './portal-under-test.ts';
import type { PortalUnderTest } from './portal-under-test.ts';

const settings = {
  PORTAL_URL: 'https://vpn.example.com',
  COGNITO_DOMAIN: 'https://sign-in.example.com/',
  SIGN_IN_ORIGINS: 'https://idp.example.com',
};

let portal: PortalUnderTest;

beforeAll(async () => {
  portal = await startPortal({ variables: settings });
});

afterAll(() => portal.stop());

describe('signing out', () => {
  it('ends every part of the session of the load balancer, then the one of Cognito', async () => {
    const answer = await portal.as('alice').post('/sign-out');
    expect(answer.status).toBe(303);
    const target = new URL(String(answer.headers['location']));
    expect(`${target.origin}${target.pathname}`).toBe('https://sign-in.example.com/logout');
    expect(Object.fromEntries(target.searchParams)).toEqual({
      client_id: portal.stack.environment['COGNITO_CLIENT_ID'],
      logout_uri: 'https://vpn.example.com/signed-out',
    });
    const cookies = [answer.headers['set-cookie']].flat().map(String);
    expect(cookies).toEqual(
      [0, 1, 2, 3].map(
        (shard) =>
          `AWSELBAuthSessionCookie-${shard}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure`,
      ),
    );
  });

  it('is not to be had by a link', async () => {
    const answer = await portal.as('alice').get('/sign-out');
    expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('may lead where the sign-in is, by the policy of the pages', async () => {
    const { headers } = await portal.as('alice').get('/');
    expect(String(headers['content-security-policy'])).toContain(
      "form-action 'self' https://sign-in.example.com https://idp.example.com;",
    );
  });

  it.each(['en', 'ja'] as const)(
    'ends on a page that needs no identity, in %s',
    async (language) => {
      const answer = await request(portal.url).get('/signed-out').set('accept-language', language);
      expect(answer.status).toBe(200);
      expect(textOf(answer.text)).toContain(catalogueOf(language).frame.signedOut.happened);
      expect(answer.text).not.toContain('<form');
      expect(answer.text).toMatch(/<a[^>]* href="\/"/);
    },
  );

  it('lets the language be chosen on that page, with a cookie that HTTPS protects', async () => {
    const answer = await request(portal.url).get('/signed-out?lang=ja');
    expect(answer.text).toContain('<html lang="ja"');
    expect(String(answer.headers['set-cookie'])).toMatch(/Secure/);
  });
});
