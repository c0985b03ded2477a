import { describe, expect, it } from '@jest/globals';

import { listenerRules } from '../../infra/lib/constructs/listener-rules.ts';
import {
  judgeListenerRules,
  judgeTargetGroups,
  targetGroupArnsOf,
} from '../../scripts/doctor/load-balancer.ts';
import { possibleActions } from '../../scripts/doctor/listener-rules.ts';
import type { ListenerRule, RuleActions } from '../../scripts/doctor/listener-rules.ts';
import { listenerActionFor } from '../../scripts/local/alb/listener-rules.ts';
import { localListenerRules } from '../../scripts/local/deployment.ts';
import {
  answer,
  authentication,
  expectedSignIn,
  forward,
  goodRules,
  listener,
  onlyOf,
  outcomesOf,
  paths,
  refuse,
  signIn,
  targetGroup,
  targetGroupArn,
} from './doctor-samples.ts';

function judge(rules: readonly ListenerRule[]) {
  return judgeListenerRules([listener(rules)], expectedSignIn);
}

/** What is said of `path`, in the words of the sentence. */
function saysOf(rules: readonly ListenerRule[], path: string): string {
  return judge(rules)
    .map(({ sentence }) => sentence)
    .filter((sentence) => sentence.includes(` ${path} `))
    .join('\n');
}

const rest: ListenerRule = { conditions: [], actions: signIn };
const open = paths(['/healthz', '/signed-out', '/assets/*'], forward);
const fragments = paths(['/fragments/*'], refuse);

describe('the rules of the listener', () => {
  it('are right with three open paths, refused fragments, and signing in for the rest', () => {
    expect(outcomesOf(judge(goodRules))).toEqual(['ok']);
  });

  it('are right as the infrastructure has them, for the one name and no other', () => {
    const does = { pass: forward, deny: refuse, authenticate: signIn } as const;
    const deployed: readonly ListenerRule[] = [
      ...listenerRules.map(({ action, paths: patterns }) => ({
        conditions: [
          { field: 'host-header', patterns: [expectedSignIn.host] },
          { field: 'path-pattern', patterns },
        ],
        actions: does[action],
      })),
      { conditions: [], actions: answer },
    ];
    expect(outcomesOf(judge(deployed))).toEqual(['ok']);
  });

  it('are missing without a listener for HTTPS', () => {
    const { sentence } = onlyOf(judgeListenerRules([], expectedSignIn));
    expect(sentence).toContain('no listener for HTTPS');
  });

  it('may lead from HTTP to HTTPS, and not to the portal', () => {
    const http = (actions: RuleActions) =>
      listener([{ conditions: [], actions }], { protocol: 'HTTP', port: 80 });
    const secure = listener(goodRules);
    expect(outcomesOf(judgeListenerRules([secure, http(answer)], expectedSignIn))).toEqual(['ok']);
    const { outcome, sentence } = onlyOf(
      judgeListenerRules([secure, http(signIn)], expectedSignIn),
    );
    expect(outcome).toBe('problem');
    expect(sentence).toContain('port 80');
  });

  it.each(['/healthz', '/signed-out', '/assets/portal.css'])('have to leave %s open', (path) => {
    const others = ['/healthz', '/signed-out', '/assets/*'].filter(
      (pattern) => pattern !== path && !path.startsWith(pattern.replace('*', '')),
    );
    expect(saysOf([paths(others, forward), fragments, rest], path)).toContain(
      'asks people to sign in',
    );
  });

  it('have to lead the open paths to the portal', () => {
    const rules = [paths(['/healthz'], answer), open, fragments, rest];
    expect(saysOf(rules, '/healthz')).toContain('does not lead to the portal');
  });

  it('have to refuse fragments, not to lead a script to the sign-in page', () => {
    expect(saysOf([open, rest], '/fragments/home')).toContain('has to be refused');
  });

  it('may not refuse pages, from which one signs in', () => {
    const rules = [open, { conditions: [], actions: refuse }];
    expect(saysOf(rules, '/history')).toContain('is refused');
  });

  it.each([
    ['a default that forwards', [open, fragments, { conditions: [], actions: forward }], '/admin'],
    ['a pattern that is too wide', [paths(['*/healthz'], forward), ...goodRules], '/x/healthz'],
    [
      'a pattern without its end',
      [paths(['/signed-out*'], forward), ...goodRules],
      '/signed-out/x',
    ],
    [
      'a fragment that is open',
      [paths(['/fragments/*'], forward), ...goodRules],
      '/fragments/home',
    ],
  ])('let nobody in by %s', (_what, rules, path) => {
    expect(saysOf(rules, path)).toContain('reaches the portal without signing in');
  });

  it('let nobody in by a rule that asks and admits all the same', () => {
    const lenient = { ...signIn, authentication: { ...authentication, otherwise: 'allow' } };
    const rules = [open, fragments, { conditions: [], actions: lenient }];
    expect(saysOf(rules, '/admin')).toContain('without signing in');
  });

  it('let nobody in by a condition that is not evaluated here', () => {
    const byHeader: ListenerRule = {
      conditions: [{ field: 'http-header', patterns: null }],
      actions: forward,
    };
    expect(saysOf([byHeader, ...goodRules], '/admin')).toContain('without signing in');
  });

  it('let nobody in under another name', () => {
    const named = goodRules.map(({ actions, conditions }) => ({
      actions,
      conditions: [...conditions, { field: 'host-header', patterns: [expectedSignIn.host] }],
    }));
    const { sentence } = onlyOf(judge([...named, { conditions: [], actions: forward }]));
    expect(sentence).toContain('another host than vpn.example.com');
    expect(outcomesOf(judge([...named, { conditions: [], actions: answer }]))).toEqual(['ok']);
    const administration = [{ field: 'path-pattern', patterns: ['/admin*'] }];
    const hole = { conditions: administration, actions: forward };
    const closed = judge([...named, hole, { conditions: [], actions: answer }]);
    expect(onlyOf(closed).sentence).toContain('another host than vpn.example.com');
  });

  it.each([
    ['another client', { clientId: 'stranger' }, 'problem', 'stranger'],
    [
      'another user pool',
      { userPoolId: 'ap-northeast-1_Other' },
      'problem',
      'ap-northeast-1_Other',
    ],
    ['no openid', { scopes: ['profile'] }, 'problem', 'without the scope openid'],
    ['a scope that has no groups', { scopes: ['openid', 'email'] }, 'problem', 'leave out'],
    ['a session of a week', { sessionSeconds: 604_800 }, 'warning', '168 hours'],
  ] as const)('do not sign in with %s', (_what, changed, outcome, words) => {
    const other = { ...signIn, authentication: { ...authentication, ...changed } };
    const found = onlyOf(judge([open, fragments, { conditions: [], actions: other }]));
    expect(found).toMatchObject({ outcome });
    expect(found.sentence).toContain(words);
    expect(found.fix).not.toBe('');
  });

  it('may sign in with the scope that has custom attributes, too', () => {
    const other = {
      ...signIn,
      authentication: { ...authentication, scopes: ['openid', 'profile'] },
    };
    expect(outcomesOf(judge([open, fragments, { conditions: [], actions: other }]))).toEqual([
      'ok',
    ]);
  });
});

describe('what may become of a request', () => {
  const of = (rules: readonly ListenerRule[], path: string) =>
    possibleActions(rules, { host: 'VPN.example.com', path });

  it('is what the first rule says that fits', () => {
    expect(of(goodRules, '/healthz')).toEqual([forward]);
    expect(of(goodRules, '/')).toEqual([signIn]);
  });

  it('follows a pattern as AWS does: a star, a question mark, and capitals', () => {
    const rules = (pattern: string) => [paths([pattern], forward), rest];
    expect(of(rules('/a?c'), '/abc')).toEqual([forward]);
    expect(of(rules('/a?c'), '/ac')).toEqual([signIn]);
    expect(of(rules('/a*c'), '/a/b/c')).toEqual([forward]);
    expect(of(rules('/A'), '/a')).toEqual([signIn]);
    expect(of(rules('/a.c'), '/abc')).toEqual([signIn]);
  });

  it('takes a host in capitals for the same, and another for another', () => {
    const rules = (host: string): readonly ListenerRule[] => [
      { conditions: [{ field: 'host-header', patterns: [host] }], actions: forward },
      rest,
    ];
    expect(of(rules('vpn.example.com'), '/')).toEqual([forward]);
    expect(of(rules('*.example.com'), '/')).toEqual([forward]);
    expect(of(rules('other.example.com'), '/')).toEqual([signIn]);
  });

  it('is open where a condition cannot be told, but not where another one fails', () => {
    const unknown = { field: 'source-ip', patterns: null };
    const path = { field: 'path-pattern', patterns: ['/x'] };
    const rules = [{ conditions: [unknown, path], actions: forward }, rest];
    expect(of(rules, '/x')).toEqual([forward, signIn]);
    expect(of(rules, '/y')).toEqual([signIn]);
  });
});

describe('the rules that the local stack describes', () => {
  const described: readonly ListenerRule[] = localListenerRules.map(
    ({ does, paths: patterns }) => ({
      conditions: patterns === null ? [] : [{ field: 'path-pattern', patterns }],
      actions: { forward, deny: refuse, authenticate: signIn }[does],
    }),
  );

  it.each([
    '/',
    '/healthz',
    '/healthz/',
    '/HEALTHZ',
    '/signed-out',
    '/signed-out/x',
    '/assets/portal.css',
    '/assets',
    '/fragments/home',
    '/fragments',
    '/admin/usage.csv',
    '/x/assets/y',
  ])('are what its load balancer does with %s', (path) => {
    const act = { pass: forward, deny: refuse, authenticate: signIn, 'stand-in': null };
    expect(possibleActions(described, { host: 'x', path })).toEqual([act[listenerActionFor(path)]]);
  });
});

describe('the target group', () => {
  it('is found in the rules, once', () => {
    expect(targetGroupArnsOf([listener(goodRules), listener([rest])])).toEqual([targetGroupArn]);
  });

  it('is right with multi-value headers', () => {
    expect(outcomesOf(judgeTargetGroups([targetGroup()]))).toEqual(['ok']);
  });

  it.each([['false'], [undefined]])('is wrong with %s for them', (value) => {
    const attributes = new Map(
      value === undefined ? [] : [['lambda.multi_value_headers.enabled', value]],
    );
    const { fix, outcome } = onlyOf(judgeTargetGroups([targetGroup({ attributes })]));
    expect(outcome).toBe('problem');
    expect(fix).toContain(`--target-group-arn ${targetGroupArn}`);
  });

  it('needs none for a container', () => {
    const container = targetGroup({ targetType: 'ip', attributes: new Map() });
    expect(outcomesOf(judgeTargetGroups([container]))).toEqual(['ok']);
  });

  it('has to be there', () => {
    expect(outcomesOf(judgeTargetGroups([]))).toEqual(['problem']);
  });
});
