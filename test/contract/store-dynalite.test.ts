import { describeCatalogueStore } from './catalogue-store-contract.ts';
import { describeEndpointOrders } from './endpoint-orders-contract.ts';
import { describeEndpointStore } from './endpoint-store-contract.ts';
import { describeLeaseStore } from './lease-store-contract.ts';
import { createDynaliteTable } from './store-under-test.ts';

describeEndpointStore('on DynamoDB', createDynaliteTable());
describeEndpointOrders('on DynamoDB', createDynaliteTable());
describeLeaseStore('on DynamoDB', createDynaliteTable());
describeCatalogueStore('on DynamoDB', createDynaliteTable());
