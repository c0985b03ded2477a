import { orOk, verdict } from './finding.ts';
import type { Verdict } from './finding.ts';
import { possibleActions } from './listener-rules.ts';
import type { ListenerRule, Probe, RuleActions } from './listener-rules.ts';

export interface Listener {
  readonly arn: string;
  /** `HTTPS` or `HTTP`. */
  readonly protocol: string;
  readonly port: number;
  readonly certificateArns: readonly string[];
  /** In the order in which they are tried; the last is the default. */
  readonly rules: readonly ListenerRule[];
}

export interface TargetGroup {
  readonly arn: string;
  /** `lambda`, `ip` or `instance`. */
  readonly targetType: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Who is to have signed the people in. */
export interface ExpectedSignIn {
  readonly host: string;
  readonly userPoolId: string;
  readonly clientId: string;
}

/** Pages that people see without having signed in, and what the health check asks for. */
const openPaths = ['/healthz', '/signed-out', '/assets/portal.css'];
const fragmentPaths = ['/fragments/home', '/fragments/endpoints/cvpn-endpoint-0123456789abcdef0'];
/** Everything else; the odd ones are what a careless pattern lets through. */
const closedPaths = [
  '/',
  '/history',
  '/admin',
  '/admin/audit.csv',
  '/endpoints/cvpn-endpoint-0123456789abcdef0',
  '/healthz/x',
  '/signed-out/x',
  '/x/healthz',
  '/x/assets/portal.css',
];

/** Any name that is not the portal's; so do requests to the bare address look. */
const elsewhere = 'elsewhere.example.com';

/** Longer than anybody works: whoever leaves the company stays signed in for so long. */
const longestSessionSeconds = 24 * 3600;

const where =
  'EC2 › Load Balancers › Listeners and rules. Deploying again puts the rules back: npx cdk deploy';

export function judgeListenerRules(
  listeners: readonly Listener[],
  expected: ExpectedSignIn,
): readonly Verdict[] {
  const secure = listeners.filter(({ protocol }) => protocol === 'HTTPS');
  const wrong = [
    ...(secure.length === 0
      ? [verdict.problem('The load balancer has no listener for HTTPS.', where)]
      : []),
    ...listeners
      .filter(({ protocol }) => protocol !== 'HTTPS')
      .filter(({ rules }) => rules.some(({ actions }) => actions.targetGroupArns.length > 0))
      .map(({ port, protocol }) =>
        verdict.problem(
          `The listener at port ${port} speaks ${protocol} and leads to the portal: whoever reads along has the session.`,
          where,
        ),
      ),
    ...secure.flatMap(({ port, rules }) => judgeRules(port, rules, expected)),
  ];
  return orOk(
    wrong,
    'Three open paths, a refusal for fragments without a session, and signing in for all the rest.',
  );
}

function judgeRules(
  port: number,
  rules: readonly ListenerRule[],
  expected: ExpectedSignIn,
): readonly Verdict[] {
  const at = (path: string): readonly RuleActions[] =>
    possibleActions(rules, { host: expected.host, path } satisfies Probe);
  const authenticating = [...fragmentPaths, ...closedPaths]
    .flatMap(at)
    .map(({ authentication }) => authentication)
    .filter((authentication) => authentication !== null);
  return [
    ...openPaths
      .filter((path) => at(path).some(({ authentication }) => authentication !== null))
      .map((path) =>
        verdict.problem(
          `Port ${port}: ${path} asks people to sign in. It has to be open${path === '/healthz' ? ' for whoever looks whether the portal lives' : ', or the page after signing out signs them in again'}.`,
          where,
        ),
      ),
    ...openPaths
      .filter((path) => at(path).some(({ targetGroupArns }) => targetGroupArns.length === 0))
      .map((path) => verdict.problem(`Port ${port}: ${path} does not lead to the portal.`, where)),
    ...[...fragmentPaths, ...closedPaths]
      .filter((path) => at(path).some(letsInWithoutSignIn))
      .map((path) =>
        verdict.problem(`Port ${port}: ${path} reaches the portal without signing in.`, where),
      ),
    ...([...fragmentPaths, ...closedPaths].some((path) =>
      possibleActions(rules, { host: elsewhere, path }).some(letsInWithoutSignIn),
    )
      ? [
          verdict.problem(
            `Port ${port}: whoever asks for another host than ${expected.host} reaches the portal without signing in.`,
            where,
          ),
        ]
      : []),
    ...fragmentPaths
      .filter(
        (path) => !at(path).some(({ authentication }) => authentication?.otherwise === 'deny'),
      )
      .map((path) =>
        verdict.problem(
          `Port ${port}: ${path} leads a script to the sign-in page when the session has ended. It has to be refused, so that the page can say so.`,
          where,
        ),
      ),
    ...closedPaths
      .filter((path) => at(path).at(-1)?.authentication?.otherwise === 'deny')
      .map((path) =>
        verdict.problem(
          `Port ${port}: ${path} is refused to whoever has not signed in, instead of leading there.`,
          where,
        ),
      ),
    ...judgeSignIn(port, authenticating, expected),
  ];
}

function letsInWithoutSignIn({ authentication, targetGroupArns }: RuleActions): boolean {
  return (
    targetGroupArns.length > 0 && (authentication === null || authentication.otherwise === 'allow')
  );
}

function judgeSignIn(
  port: number,
  authentications: readonly NonNullable<RuleActions['authentication']>[],
  expected: ExpectedSignIn,
): readonly Verdict[] {
  const wrong: Verdict[] = [];
  const stranger = authentications.find(
    ({ clientId, userPoolId }) =>
      clientId !== expected.clientId || userPoolId !== expected.userPoolId,
  );
  if (stranger !== undefined) {
    wrong.push(
      verdict.problem(
        `Port ${port}: people sign in with the client ${stranger.clientId} of ${stranger.userPoolId}, and the portal believes the client ${expected.clientId} of ${expected.userPoolId} alone.`,
        where,
      ),
    );
  }
  if (authentications.some(({ scopes }) => !scopes.includes('openid'))) {
    wrong.push(
      verdict.problem(
        `Port ${port}: people sign in without the scope openid, and stay unknown.`,
        where,
      ),
    );
  } else if (authentications.some(({ scopes }) => leavesOutGroups(scopes))) {
    wrong.push(
      verdict.problem(
        `Port ${port}: people sign in with scopes that leave out their groups.`,
        `${where}: the scope has to be openid, and nothing beside it.`,
      ),
    );
  }
  const longest = Math.max(0, ...authentications.map(({ sessionSeconds }) => sessionSeconds));
  if (longest > longestSessionSeconds) {
    wrong.push(
      verdict.warning(
        `Port ${port}: a session lasts ${Math.round(longest / 3600)} hours. Whoever has left the company, or a group, is let in until it ends.`,
        'Choose at most 24 hours for signIn.sessionHours in the settings, and deploy.',
      ),
    );
  }
  return wrong;
}

/**
 * Alone, `openid` yields every attribute that the client may read. Beside others it yields what
 * those name, and only `profile` has custom attributes. Source: Amazon Cognito Developer Guide, "The
 * user attributes endpoint".
 */
function leavesOutGroups(scopes: readonly string[]): boolean {
  return scopes.length > 1 && !scopes.includes('profile');
}

/** The groups to which some rule leads. */
export function targetGroupArnsOf(listeners: readonly Listener[]): readonly string[] {
  const all = listeners.flatMap(({ rules }) =>
    rules.flatMap(({ actions }) => actions.targetGroupArns),
  );
  return [...new Set(all)];
}

/** With multi-value headers off, a function's second `Set-Cookie` is lost, and nobody signs out. */
export function judgeTargetGroups(groups: readonly TargetGroup[]): readonly Verdict[] {
  if (groups.length === 0) {
    return [verdict.problem('No rule of the load balancer leads to a target group.', where)];
  }
  return groups.map(({ arn, attributes, targetType }) => {
    const name = arn.split('/')[1] ?? arn;
    if (targetType !== 'lambda') {
      return verdict.ok(`The target group ${name} is no function, and takes headers as they are.`);
    }
    return attributes.get('lambda.multi_value_headers.enabled') === 'true'
      ? verdict.ok(`The target group ${name} has multi-value headers on.`)
      : verdict.problem(
          `The target group ${name} has multi-value headers off: signing out leaves half of the session's cookies.`,
          `aws elbv2 modify-target-group-attributes --target-group-arn ${arn} --attributes Key=lambda.multi_value_headers.enabled,Value=true`,
        );
  });
}
