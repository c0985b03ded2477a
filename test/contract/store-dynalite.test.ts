import { describeCatalogueStore } from './catalogue-store-contract.ts';
import { createDynamoScheduleTrouble } from '../../src/aws/dynamo-schedule-trouble.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { describeEndpointEvents } from './endpoint-events-contract.ts';
import { describeEndpointAttempts } from './endpoint-attempts-contract.ts';
import { describeEndpointOrders } from './endpoint-orders-contract.ts';
import { describeEndpointStore } from './endpoint-store-contract.ts';
import { describeLeaseStore } from './lease-store-contract.ts';
import { describePauseStore } from './pause-store-contract.ts';
import { describeScheduleTrouble } from './schedule-trouble-contract.ts';
import { createDynaliteTable, tableName } from './store-under-test.ts';

describeEndpointStore('on DynamoDB', createDynaliteTable());
describeEndpointOrders('on DynamoDB', createDynaliteTable());
describeEndpointAttempts('on DynamoDB', createDynaliteTable());
describeEndpointEvents('on DynamoDB', createDynaliteTable());
describeLeaseStore('on DynamoDB', createDynaliteTable());
describeCatalogueStore('on DynamoDB', createDynaliteTable());
describePauseStore('on DynamoDB', createDynaliteTable());

const forTheSchedule = createDynaliteTable();
describeScheduleTrouble('on DynamoDB', forTheSchedule, () =>
  createDynamoScheduleTrouble(dynamoTable(forTheSchedule.client(), tableName)),
);
