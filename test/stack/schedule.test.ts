import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { localTableName } from '../../scripts/local/stack.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { createDynamoEndpointStore } from '../../src/aws/dynamo-endpoint-store.ts';
import { createDynamoLeaseStore } from '../../src/aws/dynamo-lease-store.ts';
import { dynamoTable } from '../../src/aws/dynamo-table.ts';
import { minutesAfter } from '../../src/clock.ts';
import { atOnce, clientsFor } from '../web/portal-under-test.ts';
import { startReconciler } from './reconciler-process.ts';
import type { ReconcilerProcess } from './reconciler-process.ts';
import { addOffice, auditOf, changesOf, networksOf, soon, startBareStack } from './world.ts';
import type { BareStack, OfficeEndpoint } from './world.ts';

/* The function that the schedule invokes, in processes of its own, as Lambda runs it. */

let stack: BareStack;
let aws: AwsClients;
let processes: ReconcilerProcess[] = [];
let offices = 0;

beforeAll(async () => {
  stack = await startBareStack(atOnce);
  aws = clientsFor(stack.environment);
});

beforeEach(() => {
  for (const { clientVpnEndpointId } of stack.clientVpn.describeClientVpnEndpoints()) {
    stack.clientVpn.setTags(clientVpnEndpointId, {});
  }
  stack.ec2.resetCalls();
});

afterEach(async () => {
  stack.faults.clear();
  await Promise.all(processes.map((process) => process.stop()));
  processes = [];
});

afterAll(async () => {
  aws.ec2.destroy();
  aws.dynamo.destroy();
  await stack.stop();
});

/** On, and needed by nobody for an hour. */
function idleOffice(): Promise<OfficeEndpoint> {
  offices += 1;
  return addOffice(stack, aws, offices, { onSince: minutesAfter(stack.clock.now(), -60) });
}

function start(variables: Readonly<Record<string, string>> = {}): ReconcilerProcess {
  const process = startReconciler({ ...stack.environment, ...variables });
  processes.push(process);
  return process;
}

async function failureOf(run: Promise<void>): Promise<string> {
  return run.then(
    () => 'no failure',
    (error: unknown) => String(error),
  );
}

const disassociate = 'DisassociateClientVpnTargetNetwork';

/** The associations that were asked to go, each as often as it was asked. */
function disassociated({ id }: OfficeEndpoint): readonly (string | undefined)[] {
  return stack.ec2
    .calls()
    .filter(
      ({ action, parameters }) =>
        action === disassociate && parameters['ClientVpnEndpointId'] === id,
    )
    .map(({ parameters }) => parameters['AssociationId']);
}

describe('a dry run of the schedule', () => {
  it('says what it would do, and asks AWS to change nothing', async () => {
    const idle = await idleOffice();
    offices += 1;
    const wanted = await addOffice(stack, aws, offices);
    const now = stack.clock.now();
    const table = dynamoTable(aws.dynamo, localTableName);
    const person = { personId: 'alice', personName: 'alice@example.com' };
    await createDynamoLeaseStore(table).extend(
      {
        endpointId: wanted.id,
        ...person,
        requestedAt: now,
        askedAt: now,
        until: minutesAfter(now, 60),
      },
      null,
    );
    const before = await createDynamoEndpointStore(table).load(idle.id);

    const reconciler = start({ RECONCILER_DRY_RUN: 'true' });
    await reconciler.invoke();
    await reconciler.invoke();

    expect([...changesOf(stack, idle), ...changesOf(stack, wanted)]).toEqual([]);
    expect(networksOf(stack, idle)).toEqual(['associated', 'associated']);
    expect(networksOf(stack, wanted)).toEqual([]);
    const said = reconciler.logged().filter(({ msg }) => msg === 'pass, as it would be');
    expect(said).toHaveLength(4);
    expect(said).toContainEqual(
      expect.objectContaining({
        endpointId: idle.id,
        action: 'disassociate',
        because: 'idle',
        reason: 'idle',
        outcome: 'dry-run',
      }),
    );
    expect(said).toContainEqual(
      expect.objectContaining({
        endpointId: wanted.id,
        action: 'associate',
        reason: 'lease-held',
        outcome: 'dry-run',
      }),
    );
    expect(await createDynamoEndpointStore(table).load(idle.id)).toEqual(before);
    expect(await auditOf(aws, idle.id)).toEqual([]);
  });

  it('fails where AWS does, as the real one would', async () => {
    await idleOffice();
    stack.faults.add({
      service: 'ec2',
      action: 'DescribeClientVpnConnections',
      code: 'UnauthorizedOperation',
      status: 403,
      times: 1,
      effect: 'before',
    });
    const failure = await failureOf(start({ RECONCILER_DRY_RUN: 'true' }).invoke());
    expect(failure).toContain('1 endpoints could not be passed');
  });
});

describe('a run of the schedule', () => {
  it('passes the others when one endpoint fails, and fails in the end with all that failed', async () => {
    const all = [await idleOffice(), await idleOffice(), await idleOffice(), await idleOffice()];
    stack.faults.add({
      service: 'ec2',
      action: 'DescribeClientVpnTargetNetworks',
      code: 'UnauthorizedOperation',
      status: 403,
      times: 2,
      effect: 'before',
    });
    const reconciler = start();
    expect(await failureOf(reconciler.invoke())).toContain('2 endpoints could not be passed');
    const left = all.filter((office) => networksOf(stack, office).length > 0);
    expect(left).toHaveLength(2);
    // The alarm says how many; which and why is in the log.
    const [failed] = reconciler.logged().filter(({ msg }) => msg === 'schedule failed');
    expect(failed).toMatchObject({ level: 50 });
    for (const { id } of left) {
      expect(JSON.stringify(failed)).toContain(
        `passing the endpoint ${id}: DescribeClientVpnTargetNetworks: UnauthorizedOperation`,
      );
    }
  });

  it('that cannot store what it does for one endpoint does it for the others', async () => {
    const all = [await idleOffice(), await idleOffice(), await idleOffice()];
    stack.faults.add({
      service: 'dynamodb',
      action: 'Query',
      code: 'AccessDeniedException',
      status: 400,
      times: 1,
      effect: 'before',
    });
    expect(await failureOf(start().invoke())).toContain('1 endpoints could not be passed');
    expect(all.filter((office) => networksOf(stack, office).length > 0)).toHaveLength(1);
  });

  it('that is delivered twice, at once and one after the other, stops each network once', async () => {
    const all = [await idleOffice(), await idleOffice(), await idleOffice()];
    const [one, other] = [start(), start()];
    await Promise.all([one.invoke(), other.invoke()]);
    await Promise.all([one.invoke(), other.invoke()]);
    await other.invoke();
    for (const office of all) {
      const asked = disassociated(office);
      expect(asked).toHaveLength(2);
      expect(new Set(asked).size).toBe(2);
      expect(networksOf(stack, office)).toEqual([]);
      expect(await auditOf(aws, office.id)).toMatchObject([
        { action: 'disassociate', outcome: 'begun' },
        { action: 'disassociate', outcome: 'done' },
      ]);
    }
    const passes = processes.flatMap((process) =>
      process.logged().filter(({ msg }) => msg === 'pass'),
    );
    expect(passes).toHaveLength(all.length);
  });

  it('that overlaps with one that is still waiting for AWS leaves its endpoint alone', async () => {
    const office = await idleOffice();
    // AWS does not answer the first call to take a network away.
    stack.faults.add({
      service: 'ec2',
      action: disassociate,
      code: 'Timeout',
      status: 500,
      times: 1,
      effect: 'after',
    });
    const [one, other] = [start(), start()];
    const first = failureOf(one.invoke());
    await soon(() => disassociated(office).length > 0);
    await other.invoke();
    expect(disassociated(office)).toHaveLength(1);
    // The one that waited goes on by itself: AWS had done what it did not answer.
    expect(await first).toBe('no failure');
    expect(networksOf(stack, office)).toEqual([]);
  });
});
