import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  paginateDescribeListeners,
  DescribeRulesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type {
  Action,
  ElasticLoadBalancingV2Client,
  Rule,
  RuleCondition as AwsCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';

import type { ListenerRule, RuleActions, RuleCondition } from '../listener-rules.ts';
import type { DoctorPorts } from '../ports.ts';
import { calling, finding } from './calling.ts';

const missing = /^(?:LoadBalancer|Listener|TargetGroup)NotFound(?:Exception)?$/;

export function createLoadBalancers(
  client: ElasticLoadBalancingV2Client,
): Pick<DoctorPorts, 'listListeners' | 'findTargetGroup'> {
  async function rulesOf(ListenerArn: string): Promise<readonly ListenerRule[]> {
    const rules: Rule[] = [];
    let Marker: string | undefined;
    do {
      const from = Marker === undefined ? {} : { Marker };
      const page = await calling('elasticloadbalancing:DescribeRules', () =>
        client.send(new DescribeRulesCommand({ ListenerArn, ...from })),
      );
      rules.push(...(page.Rules ?? []));
      Marker = page.NextMarker;
    } while (Marker !== undefined && Marker !== '');
    // `default` is no number: it is tried last.
    const rank = ({ IsDefault, Priority }: Rule): number =>
      IsDefault === true ? Infinity : Number(Priority);
    return rules
      .sort((one, other) => (rank(one) < rank(other) ? -1 : 1))
      .map(({ Actions, Conditions }) => ({
        actions: readActions(Actions ?? []),
        conditions: (Conditions ?? []).map(readCondition),
      }));
  }

  return {
    async listListeners(LoadBalancerArn) {
      const pages = await finding('elasticloadbalancing:DescribeListeners', missing, async () => {
        const found = [];
        for await (const page of paginateDescribeListeners({ client }, { LoadBalancerArn })) {
          found.push(page);
        }
        return found;
      });
      if (pages === null) return null;
      return Promise.all(
        pages
          .flatMap(({ Listeners }) => Listeners ?? [])
          .map(async ({ Certificates, ListenerArn: arn = '', Port, Protocol }) => ({
            arn,
            protocol: Protocol ?? '',
            port: Port ?? 0,
            certificateArns: (Certificates ?? [])
              .map(({ CertificateArn }) => CertificateArn)
              .filter((one) => one !== undefined),
            rules: await rulesOf(arn),
          })),
      );
    },

    async findTargetGroup(arn) {
      const answer = await finding('elasticloadbalancing:DescribeTargetGroups', missing, () =>
        client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })),
      );
      const group = answer?.TargetGroups?.[0];
      if (group === undefined) return null;
      const { Attributes } = await calling(
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        () => client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
      );
      return {
        arn,
        targetType: group.TargetType ?? '',
        attributes: new Map((Attributes ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
      };
    },
  };
}

function readCondition(condition: AwsCondition): RuleCondition {
  const { Field: field = '', HostHeaderConfig, PathPatternConfig, Values } = condition;
  const config = field === 'path-pattern' ? PathPatternConfig : HostHeaderConfig;
  const evaluated = field === 'path-pattern' || field === 'host-header';
  // AWS gives the patterns in both places for old conditions, in one for new ones. A regular
  // expression is not evaluated here.
  const patterns = config?.Values ?? Values ?? [];
  return { field, patterns: evaluated && patterns.length > 0 ? patterns : null };
}

function readActions(actions: readonly Action[]): RuleActions {
  const cognito = actions.find(({ Type }) => Type === 'authenticate-cognito');
  const config = cognito?.AuthenticateCognitoConfig;
  const groups = actions.flatMap(({ ForwardConfig, TargetGroupArn }) => [
    TargetGroupArn,
    ...(ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn),
  ]);
  return {
    authentication:
      config === undefined
        ? null
        : {
            userPoolId: config.UserPoolArn?.split('/').at(-1) ?? '',
            clientId: config.UserPoolClientId ?? '',
            // The rest is what AWS does where the rule does not say. Source: ELB API Reference.
            scopes: (config.Scope ?? 'openid').split(' '),
            otherwise: config.OnUnauthenticatedRequest ?? 'authenticate',
            sessionSeconds: config.SessionTimeout ?? 604_800,
          },
    targetGroupArns: [...new Set(groups.filter((arn) => arn !== undefined))],
  };
}
