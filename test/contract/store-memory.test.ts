import { createMemoryScheduleTrouble } from '../fakes/memory-schedule-trouble.ts';
import { createMemoryStores } from '../fakes/memory-stores.ts';
import { describeCatalogueStore } from './catalogue-store-contract.ts';
import { describeEndpointEvents } from './endpoint-events-contract.ts';
import { describeEndpointAttempts } from './endpoint-attempts-contract.ts';
import { describeEndpointOrders } from './endpoint-orders-contract.ts';
import { describeEndpointStore } from './endpoint-store-contract.ts';
import { describeLeaseStore } from './lease-store-contract.ts';
import { describePauseStore } from './pause-store-contract.ts';
import { describeScheduleTrouble } from './schedule-trouble-contract.ts';
import type { TableUnderTest } from './store-under-test.ts';

const memory: TableUnderTest = {
  start: () => Promise.resolve(createMemoryStores()),
  stop: () => Promise.resolve(),
};

describeEndpointStore('in memory', memory);
describeEndpointOrders('in memory', memory);
describeEndpointAttempts('in memory', memory);
describeEndpointEvents('in memory', memory);
describeLeaseStore('in memory', memory);
describeCatalogueStore('in memory', memory);
describePauseStore('in memory', memory);
describeScheduleTrouble('in memory', memory, ({ catalogue }) =>
  createMemoryScheduleTrouble(catalogue),
);
