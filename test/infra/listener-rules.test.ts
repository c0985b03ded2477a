import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { listenerActionFor } from '../../scripts/local/alb/listener-rules.ts';
import { hostName, withEntrance } from './entrance-under-test.ts';

const action = z.looseObject({
  Type: z.string(),
  AuthenticateCognitoConfig: z
    .object({
      OnUnauthenticatedRequest: z.string(),
      Scope: z.string(),
      SessionTimeout: z.number(),
      UserPoolArn: z.unknown(),
      UserPoolClientId: z.unknown(),
      UserPoolDomain: z.unknown(),
    })
    .optional(),
});

const listenerRule = z.object({
  Priority: z.number(),
  Actions: z.array(action),
  Conditions: z.array(
    z.discriminatedUnion('Field', [
      z.object({
        Field: z.literal('host-header'),
        HostHeaderConfig: z.object({ Values: z.array(z.string()) }),
      }),
      z.object({
        Field: z.literal('path-pattern'),
        PathPatternConfig: z.object({ Values: z.array(z.string()) }),
      }),
    ]),
  ),
});

const entrance = withEntrance();
const rules = entrance
  .ofType('AWS::ElasticLoadBalancingV2::ListenerRule')
  .map(({ Properties }) => listenerRule.parse(Properties))
  .sort((a, b) => a.Priority - b.Priority);

/** What a load balancer would do by the template: `*` is any text, and `?` one character. */
function templateActionFor(path: string): string {
  const rule = rules.find(({ Conditions }) =>
    Conditions.every((condition) =>
      condition.Field === 'path-pattern'
        ? condition.PathPatternConfig.Values.some((pattern) => fits(pattern, path))
        : true,
    ),
  );
  if (rule === undefined) return 'default';
  const [first, last, ...others] = rule.Actions;
  if (others.length > 0) throw new Error('there are more actions than two');
  if (last === undefined) return first?.Type === 'forward' ? 'pass' : 'not forwarded';
  if (first?.AuthenticateCognitoConfig === undefined || last.Type !== 'forward') return 'unknown';
  return first.AuthenticateCognitoConfig.OnUnauthenticatedRequest;
}

function fits(pattern: string, path: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(path);
}

describe('what is let through', () => {
  it.each([
    ['/healthz', 'pass'],
    ['/signed-out', 'pass'],
    ['/assets/portal.0123abcd.css', 'pass'],
    ['/fragments/home', 'deny'],
    ['/fragments/endpoints/cvpn-endpoint-0123456789abcdef0', 'deny'],
    ['/', 'authenticate'],
    ['/endpoints/cvpn-endpoint-0123456789abcdef0/lease', 'authenticate'],
    ['/usage.csv', 'authenticate'],
    ['/sign-out', 'authenticate'],
    ['/oauth2/idpresponse', 'authenticate'],
    ['/admin/', 'authenticate'],
  ])('%s: %s', (path, expected) => {
    expect(templateActionFor(path)).toBe(expected);
  });

  it.each([
    '/healthz/',
    '/Healthz',
    '/signed-out/../usage',
    '/assets',
    '/Assets/portal.css',
    '//assets/portal.css',
    '/%61ssets/portal.css',
    '/usage/assets/',
  ])('not without a sign-in: %s', (path) => {
    expect(templateActionFor(path)).toBe('authenticate');
  });

  it('is what the local stack lets through, whatever the path', () => {
    const words = ['healthz', 'signed-out', 'assets', 'fragments', 'usage', '..', '', 'HEALTHZ'];
    const segment = fc.oneof(fc.constantFrom(...words), fc.webSegment());
    const path = fc
      .array(segment, { minLength: 1, maxLength: 4 })
      .map((all) => `/${all.join('/')}`);
    fc.assert(
      fc.property(path, (asked) => {
        // The pages of the stand-in itself are nothing that AWS would have.
        fc.pre(listenerActionFor(asked) !== 'stand-in');
        expect(templateActionFor(asked)).toBe(listenerActionFor(asked));
      }),
    );
  });

  it('is let through under the name of the portal alone', () => {
    const hosts = rules.map(({ Conditions }) =>
      Conditions.flatMap((each) =>
        each.Field === 'host-header' ? each.HostHeaderConfig.Values : [],
      ),
    );
    expect(hosts).toEqual(rules.map(() => [hostName]));
  });

  it('goes nowhere where no rule fits', () => {
    const https = entrance
      .ofType('AWS::ElasticLoadBalancingV2::Listener')
      .find(({ Properties }) => Properties['Port'] === 443);
    expect(https?.Properties['DefaultActions']).toEqual([
      expect.objectContaining({ Type: 'fixed-response' }),
    ]);
  });

  it('reaches the portal unasked by one rule, for three kinds of paths, and by no other', () => {
    const unasked = rules.filter(({ Actions }) => Actions[0]?.Type === 'forward');
    expect(unasked).toHaveLength(1);
    const paths = unasked[0]?.Conditions.flatMap((each) =>
      each.Field === 'path-pattern' ? each.PathPatternConfig.Values : [],
    );
    expect(paths).toEqual(['/healthz', '/signed-out', '/assets/*']);
  });

  it('does not exceed what AWS allows in a rule', () => {
    for (const { Conditions } of rules) {
      const values = Conditions.map((each) =>
        each.Field === 'host-header' ? each.HostHeaderConfig.Values : each.PathPatternConfig.Values,
      );
      expect(Math.max(...values.map(({ length }) => length))).toBeLessThanOrEqual(3);
      expect(values.flat().length).toBeLessThanOrEqual(5);
    }
  });
});

describe('signing in', () => {
  const configs = rules.flatMap(({ Actions }) =>
    Actions.flatMap((each) => each.AuthenticateCognitoConfig ?? []),
  );

  it('lasts a working day, not the week that a load balancer would give', () => {
    expect(configs.map(({ SessionTimeout }) => SessionTimeout)).toEqual([32_400, 32_400]);
  });

  it('lasts as long as the setting says', () => {
    const template = JSON.stringify(withEntrance({ sessionHours: 2 }).resources);
    expect([...template.matchAll(/"SessionTimeout":(\d+)/g)].map(([, each]) => each)).toEqual([
      '7200',
      '7200',
    ]);
  });

  it('asks for the one scope that brings the groups along', () => {
    expect(configs.map(({ Scope }) => Scope)).toEqual(['openid', 'openid']);
  });

  it('is the same for pages and fragments but for what strangers get, so that they share a session', () => {
    const [fragments, pages] = configs;
    expect({ ...fragments, OnUnauthenticatedRequest: '' }).toEqual({
      ...pages,
      OnUnauthenticatedRequest: '',
    });
  });
});
