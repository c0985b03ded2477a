import { createHash } from 'node:crypto';

import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface PortalBudgetProps {
  /** Of the deployment. */
  readonly name: string;
  readonly monthlyUsd: number;
  readonly emails: readonly string[];
}

/** What AWS Budgets takes for one notification. */
const mostEmails = 10;

/**
 * Under this name Client VPN is on the bill, with the rest of Amazon VPC: associations, connections,
 * and public addresses. What the portal itself costs is much the same every month, and stands under
 * the names of its services.
 */
const service = 'Amazon Virtual Private Cloud';

/**
 * Tells by e-mail when the month's cost is near, at, or about to go beyond the budget. Not through the
 * topic of the alarms: this is what is left when that one's messages are not confirmed, or lost.
 */
export class PortalBudget extends Construct {
  /** @throws where more are to be told than AWS takes */
  constructor(scope: Construct, id: string, { emails, monthlyUsd, name }: PortalBudgetProps) {
    super(scope, id);
    if (emails.length > mostEmails) {
      throw new Error(
        `A budget tells at most ${mostEmails} e-mail addresses, and ${emails.length} are named: name a mailing list.`,
      );
    }
    const subscribers = emails.map((address) => ({ subscriptionType: 'EMAIL', address }));
    const notification = (notificationType: 'ACTUAL' | 'FORECASTED', percent: number) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold: percent,
        thresholdType: 'PERCENTAGE',
      },
      subscribers,
    });
    const notifications = [
      notification('ACTUAL', 80),
      notification('ACTUAL', 100),
      notification('FORECASTED', 100),
    ];
    new CfnBudget(this, 'Monthly', {
      budget: {
        budgetName: `${name}-monthly-budget-${shortHash(notifications)}`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyUsd, unit: 'USD' },
        costFilters: { Service: [service] },
      },
      notificationsWithSubscribers: notifications,
    });
  }
}

/**
 * CloudFormation cannot change who is told: it makes another budget, and then deletes this one. Under
 * the same name the deployment would fail, because that one is there already.
 */
function shortHash(notifications: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(notifications)).digest('hex').slice(0, 6);
}
