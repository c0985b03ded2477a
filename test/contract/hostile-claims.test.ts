import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createAlbVerifier } from '../../src/aws/alb-verifier.ts';
import { systemClock } from '../../src/clock.ts';
import { maySee } from '../../src/identity/principal.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { IdentityError } from '../../src/identity/verifier.ts';
import { languages } from '../../src/web/locales/index.ts';
import { compileTemplates } from '../../src/web/templates.ts';
import { homeView } from '../../src/web/view-models/home-view.ts';
import { frameInput } from '../builders/frame-input.ts';
import { hostileText, hostileValue, reflectedMarkup } from '../builders/hostile-text.ts';

/*
 * The load balancer signs what the user pool says of somebody, and the user pool what the identity
 * provider says: whoever can change a name or a group there can put anything into a token that is
 * good in every other way.
 */

const albArn =
  'arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:loadbalancer/app/portal/50dc6c495c0c9188';
const clientId = 'theclientid';
const issuer = 'https://cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_pool';
const kid = randomUUID();
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const exp = Math.floor(systemClock.now().getTime() / 1000) + 120;

const verifier = createAlbVerifier({
  albArn,
  clientId,
  issuer,
  groupsClaim: 'custom:groups',
  roles: { adminGroups: ['admins'], auditorGroups: ['auditors'] },
  clock: systemClock,
  fetchKey: () => Promise.resolve(new TextEncoder().encode(pem).buffer),
});
const render = compileTemplates(path.join(import.meta.dirname, '../../views'));

function signed(claims: Readonly<Record<string, unknown>>): string {
  const encode = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = { typ: 'JWT', kid, alg: 'ES256', iss: issuer, client: clientId, signer: albArn };
  const content = `${encode({ ...header, exp })}.${encode({ exp, iss: issuer, ...claims })}`;
  const signature = sign('sha256', Buffer.from(content), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${content}.${signature.toString('base64url')}`;
}

async function principalOf(claims: Readonly<Record<string, unknown>>): Promise<Principal | null> {
  try {
    return await verifier.verify(signed(claims));
  } catch (error) {
    expect(error).toBeInstanceOf(IdentityError);
    return null;
  }
}

const someClaims = fc.record(
  {
    sub: fc.oneof(fc.constantFrom('subject-1', 'subject-2'), hostileValue),
    email: fc.oneof(hostileText, hostileValue),
    username: hostileValue,
    'custom:groups': fc.oneof(
      hostileText,
      fc.array(hostileText, { maxLength: 4 }).map((groups) => `[${groups.join(', ')}]`),
      hostileValue,
    ),
    'cognito:groups': fc.constant(['admins']),
    groups: fc.constant('[admins]'),
    capabilities: fc.constant(['endpoint:stop']),
  },
  { requiredKeys: [] },
);

describe('the claims of a token that is good in every other way', () => {
  it('make a person of texts, or nobody', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(someClaims, async (claims) => {
        const person = await principalOf(claims);
        if (person === null) {
          refused += 1;
          return;
        }
        expect(person.id).toBe(claims.sub);
        expect(person.id).not.toBe('');
        expect(person.name).not.toBe('');
        for (const group of person.groups) {
          expect(typeof group).toBe('string');
          expect(group).toBe(group.trim());
          expect(group).not.toBe('');
        }
      }),
      { numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(100);
    expect(refused).toBeLessThan(500);
  });

  it('make an administrator of nobody whose groups do not name that group', async () => {
    await fc.assert(
      fc.asyncProperty(someClaims, async (claims) => {
        const person = await principalOf({ ...claims, sub: 'subject-1', email: 'a@example.com' });
        if (person === null) return;
        expect(person.groups).not.toContain('admins');
        expect(person.capabilities).toEqual(new Set(['endpoint:use']));
        expect(maySee(person, ['admins'])).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('are text on a page, in every language', async () => {
    const names = fc.tuple(hostileText, fc.constantFrom(...languages));
    await fc.assert(
      fc.asyncProperty(names, async ([email, language]) => {
        const person = await principalOf({ sub: 'subject-1', email, 'custom:groups': email });
        if (person === null) return;
        const home = { endpoints: [], readAt: null, schedule: null };
        const html = render('layouts/page', homeView({ ...frameInput(person, language), ...home }));
        expect(reflectedMarkup.exec(html)).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  it('pollute no prototype', async () => {
    const hostile = JSON.parse(
      '{"sub":"subject-1","__proto__":{"polluted":"x"},"custom:groups":"__proto__"}',
    ) as Record<string, unknown>;
    expect(await principalOf(hostile)).toMatchObject({ id: 'subject-1', groups: ['__proto__'] });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
