import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

const personIndex = 'byPerson';

/** All that lasts, apart from what can be made again: it outlives the portal's stack, and itself. */
export class DataStack extends Stack {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, { ...props, terminationProtection: true });
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      // A table that is asked little, and by everybody at nine in the morning.
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      // Who used what, and who did what, is not thrown away with a stack.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    table.addGlobalSecondaryIndex({
      indexName: personIndex,
      partitionKey: { name: 'personKey', type: AttributeType.STRING },
      sortKey: { name: 'personSort', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.table = table;
  }
}

/** Of an index, which IAM knows as a resource of its own. */
export function personIndexArn(table: Table): string {
  return `${table.tableArn}/index/${personIndex}`;
}
