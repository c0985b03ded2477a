import { createMemoryStores } from '../fakes/memory-stores.ts';
import { describeCatalogueStore } from './catalogue-store-contract.ts';
import { describeEndpointOrders } from './endpoint-orders-contract.ts';
import { describeEndpointStore } from './endpoint-store-contract.ts';
import { describeLeaseStore } from './lease-store-contract.ts';
import type { TableUnderTest } from './store-under-test.ts';

const memory: TableUnderTest = {
  start: () => Promise.resolve(createMemoryStores()),
  stop: () => Promise.resolve(),
};

describeEndpointStore('in memory', memory);
describeEndpointOrders('in memory', memory);
describeLeaseStore('in memory', memory);
describeCatalogueStore('in memory', memory);
