import type { Clock } from '../../src/clock.ts';
import { judgeCertificate } from './certificate.ts';
import type { Deployment } from './deployment.ts';
import type { Check } from './examination.ts';
import { NotKnown } from './examination.ts';
import { verdict } from './finding.ts';
import type { CheckName, Verdict } from './finding.ts';
import { judgeListenerRules, judgeTargetGroups, targetGroupArnsOf } from './load-balancer.ts';
import type { Listener } from './load-balancer.ts';
import type { DoctorPorts } from './ports.ts';
import { judgePrices } from './prices.ts';
import { remembered } from './remembered.ts';
import { judgeLastRun, judgeScheduleRule } from './schedule.ts';
import { judgeIdentityProviders, judgeSignInClient, ownUsers } from './sign-in.ts';

/** What there is one of in a deployment, whatever the endpoints. */
export function checksOfThePortal(
  deployment: Deployment,
  region: string,
  { clock, ports }: { readonly clock: Clock; readonly ports: DoctorPorts },
): readonly Check[] {
  const listeners = remembered(async () => {
    const albArn = known(deployment.albArn, 'ALB_ARN');
    return { albArn, found: await ports.listListeners(albArn) };
  });
  const signInClient = remembered(() =>
    ports.findSignInClient(
      known(deployment.userPoolId, 'COGNITO_ISSUER'),
      known(deployment.clientId, 'COGNITO_CLIENT_ID'),
    ),
  );

  /** @param judge what the listeners come to, where there is a load balancer */
  async function withListeners(
    judge: (listeners: readonly Listener[]) => Promise<readonly Verdict[]> | readonly Verdict[],
  ): Promise<readonly Verdict[]> {
    const { albArn, found } = await listeners();
    if (found !== null) return judge(found);
    const sentence = `There is no load balancer ${albArn}.`;
    return [verdict.problem(sentence, 'Deploy again: npx cdk deploy. Is it the right Region?')];
  }

  const check = (name: CheckName, look: Check['look']): Check => ({
    name,
    subject: 'portal',
    look,
  });

  return [
    check('listener-rules', () =>
      withListeners((found) =>
        judgeListenerRules(found, {
          host: hostOf(known(deployment.portalUrl, 'PORTAL_URL')),
          userPoolId: known(deployment.userPoolId, 'COGNITO_ISSUER'),
          clientId: known(deployment.clientId, 'COGNITO_CLIENT_ID'),
        }),
      ),
    ),
    check('listener-certificate', () =>
      withListeners(async (found) => {
        const host = hostOf(known(deployment.portalUrl, 'PORTAL_URL'));
        const arns = [...new Set(found.flatMap(({ certificateArns }) => certificateArns))];
        if (arns.length === 0) {
          const sentence = 'No listener of the load balancer has a certificate.';
          return [verdict.problem(sentence, 'Deploy again: npx cdk deploy')];
        }
        const verdicts = await Promise.all(
          arns.map(async (arn) =>
            judgeCertificate(arn, await ports.findCertificate(arn), host, clock.now()),
          ),
        );
        return verdicts.flat();
      }),
    ),
    check('target-group', () =>
      withListeners(async (found) => {
        const groups = await Promise.all(
          targetGroupArnsOf(found).map((arn) => ports.findTargetGroup(arn)),
        );
        return judgeTargetGroups(groups.filter((group) => group !== null));
      }),
    ),
    check('sign-in-client', async () =>
      judgeSignInClient(await signInClient(), {
        clientId: known(deployment.clientId, 'COGNITO_CLIENT_ID'),
        portalUrl: known(deployment.portalUrl, 'PORTAL_URL'),
      }),
    ),
    check('identity-providers', async () => {
      const client = await signInClient();
      const userPoolId = known(deployment.userPoolId, 'COGNITO_ISSUER');
      if (client === null) {
        const sentence = 'Without the client nobody can say with what people sign in.';
        return [verdict.notChecked(sentence, 'See to the client first.')];
      }
      const names = client.identityProviders.filter((name) => name !== ownUsers);
      const found = await Promise.all(
        names.map((name) => ports.findIdentityProvider(userPoolId, name)),
      );
      const providers = found.filter((provider) => provider !== null);
      return judgeIdentityProviders(client, providers, deployment.groupsClaim);
    }),
    check('schedule-rule', async () => {
      const name = known(deployment.ruleName, 'RECONCILER_RULE_NAME');
      return judgeScheduleRule(name, await ports.ruleState(name));
    }),
    check('last-run', async () => {
      const tableName = known(deployment.tableName, 'TABLE_NAME');
      const catalogue = await ports.readCatalogue(tableName);
      if (catalogue === 'no-table') {
        const sentence = `There is no table ${tableName}.`;
        return [verdict.problem(sentence, 'Deploy again: npx cdk deploy. Is it the right Region?')];
      }
      return judgeLastRun(catalogue?.schedule ?? null, clock.now());
    }),
    check('prices', () => Promise.resolve(judgePrices(deployment, region))),
  ];
}

function known(value: string | null, name: string): string {
  if (value === null) throw new NotKnown(name);
  return value;
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}
