import { describe, expect, it } from '@jest/globals';

import { judgeIdentityProviders, judgeSignInClient } from '../../scripts/doctor/sign-in.ts';
import { client, onlyOf, outcomesOf, provider } from './doctor-samples.ts';

const expected = { clientId: 'client', portalUrl: 'https://vpn.example.com' };
const groupsClaim = 'custom:groups';

describe('the client with which people sign in', () => {
  it('is right when it leads back and has what a load balancer needs', () => {
    expect(outcomesOf(judgeSignInClient(client(), expected))).toEqual(['ok']);
  });

  it('may lead to other places besides', () => {
    const more = client({
      callbackUrls: ['https://other.example.com/', 'https://vpn.example.com/oauth2/idpresponse'],
    });
    expect(outcomesOf(judgeSignInClient(more, expected))).toEqual(['ok']);
  });

  it.each([
    ['is not there', null, 'no client client'],
    [
      'leads back to another place',
      client({ callbackUrls: ['https://vpn.example.com/'] }),
      'does not allow https://vpn.example.com/oauth2/idpresponse as a callback',
    ],
    ['leads nowhere back', client({ callbackUrls: [] }), 'It allows none.'],
    [
      'leads elsewhere after signing out',
      client({ logoutUrls: ['https://vpn.example.com/signed-out/'] }),
      'does not allow https://vpn.example.com/signed-out after signing out',
    ],
    ['has no secret', client({ hasSecret: false }), 'no secret'],
    ['has another flow', client({ flows: ['implicit'] }), 'authorization code grant'],
    ['has no openid', client({ scopes: ['email'] }), 'scope openid'],
  ])('is wrong when it %s', (_what, found, words) => {
    const wrong = onlyOf(judgeSignInClient(found, expected));
    expect(wrong.outcome).toBe('problem');
    expect(wrong.sentence).toContain(words);
    expect(wrong.fix).not.toBeNull();
  });
});

describe('what people sign in with', () => {
  it('is right when the provider maps the groups', () => {
    expect(outcomesOf(judgeIdentityProviders(client(), [provider()], groupsClaim))).toEqual(['ok']);
  });

  it('is right when the client may read everything', () => {
    const all = client({ readableAttributes: null });
    expect(outcomesOf(judgeIdentityProviders(all, [provider()], groupsClaim))).toEqual(['ok']);
  });

  it.each([
    ['no provider is named', client({ identityProviders: [] }), [], 'names none'],
    ['the pool does not know it', client(), [], 'does not know'],
    [
      'the groups are not mapped',
      client(),
      [provider({ attributeMapping: new Map([['email', 'email']]) })],
      'does not map custom:groups',
    ],
    [
      'the client may not read them',
      client({ readableAttributes: ['email'] }),
      [provider()],
      'may not read custom:groups',
    ],
  ])('is wrong when %s', (_what, named, providers, words) => {
    const wrong = onlyOf(judgeIdentityProviders(named, providers, groupsClaim));
    expect(wrong.outcome).toBe('problem');
    expect(wrong.sentence).toContain(words);
  });

  it("is worth a warning when users of the pool's own get in beside", () => {
    const both = client({ identityProviders: ['Okta', 'COGNITO'] });
    const { outcome, sentence } = onlyOf(judgeIdentityProviders(both, [provider()], groupsClaim));
    expect(outcome).toBe('warning');
    expect(sentence).toContain('past the identity provider');
  });

  it('looks for the claim that is configured', () => {
    const other = provider({ attributeMapping: new Map([['custom:teams', 'teams']]) });
    const all = client({ readableAttributes: null });
    expect(outcomesOf(judgeIdentityProviders(all, [other], 'custom:teams'))).toEqual(['ok']);
  });
});
