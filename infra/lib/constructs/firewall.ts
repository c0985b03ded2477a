import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

export interface FirewallProps {
  readonly loadBalancerArn: string;
}

/**
 * Of one address, in five minutes. An open page asks some ten times in a minute while an endpoint
 * starts, and a whole office may come from one address.
 */
const mostRequests = 5_000;

const commonRules = 'AWSManagedRulesCommonRuleSet';

const managedGroups = [
  'AWSManagedRulesAmazonIpReputationList',
  commonRules,
  'AWSManagedRulesKnownBadInputsRuleSet',
] as const;

/**
 * Of the common rules, those that are counted and block nothing. The session that the load balancer
 * keeps in cookies takes up to 16 KB, and these rules block what is above 10 KB; what Cognito sends
 * people back with may be longer than the 2 KB that they allow an address.
 */
const onlyCounted = ['SizeRestrictions_Cookie_HEADER', 'SizeRestrictions_QUERYSTRING'] as const;

/** A web ACL: AWS's own lists, and a limit for each address. Looks at requests before the sign-in. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibleAs('portal'),
      rules: [
        {
          name: 'rate',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { limit: mostRequests, aggregateKeyType: 'IP' } },
          visibilityConfig: visibleAs('rate'),
        },
        ...managedGroups.map((name, at) => ({
          name,
          priority: at + 1,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name,
              ...(name === commonRules ? { ruleActionOverrides: onlyCounted.map(countOnly) } : {}),
            },
          },
          visibilityConfig: visibleAs(name),
        })),
      ],
    });
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: props.loadBalancerArn,
      webAclArn: acl.attrArn,
    });
  }
}

function countOnly(name: string) {
  return { name, actionToUse: { count: {} } };
}

/** Counted by CloudWatch; no request is kept as a sample, because some carry a session. */
function visibleAs(metricName: string) {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName };
}
