import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import type { Fault } from '../../scripts/local/faults.ts';
import { textOf } from '../web/page-text.ts';
import { clientsFor, startPortal } from '../web/portal-under-test.ts';
import type { PortalUnderTest } from '../web/portal-under-test.ts';
import { activeRoutesOf, addOffice, associationsOf, wantedRoutesOf } from './world.ts';
import type { OfficeEndpoint } from './world.ts';

const minute = 60;
const stepSeconds = 6;

let portal: PortalUnderTest;
let offices = 0;

beforeAll(async () => {
  portal = await startPortal({ stack: { secondsToAssociate: 10, secondsToRoute: 4 } });
});

/** What the runs of the schedule have failed with, so that an alarm fires. */
let alarms: string[] = [];

afterEach(() => {
  portal.stack.faults.clear();
  alarms = [];
});

afterAll(() => portal.stop());

/** A new endpoint, known to be off; the others are out of the portal's hands. */
async function prepare(): Promise<OfficeEndpoint> {
  const { clientVpn } = portal.stack;
  for (const { clientVpnEndpointId } of clientVpn.describeClientVpnEndpoints()) {
    clientVpn.setTags(clientVpnEndpointId, {});
  }
  offices += 1;
  const aws = clientsFor(portal.stack.environment);
  const office = await addOffice(portal.stack, aws, offices);
  aws.dynamo.destroy();
  portal.later(minute);
  await portal.schedule();
  portal.later(stepSeconds);
  portal.stack.ec2.resetCalls();
  return office;
}

async function schedule(): Promise<void> {
  try {
    await portal.schedule();
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    alarms.push(...error.errors.map(String));
  }
}

/** @returns the page that it leads to */
async function press(office: OfficeEndpoint): Promise<Page> {
  const answer = await portal.as('alice').post(`/endpoints/${office.id}/lease`, { minutes: '480' });
  expect(answer.status).toBe(303);
  await portal.settled();
  return pageAt(String(answer.headers['location']));
}

interface Page {
  readonly state: string;
  readonly text: string;
}

const look = (office: OfficeEndpoint): Promise<Page> => pageAt(`/endpoints/${office.id}`);

async function pageAt(address: string): Promise<Page> {
  const { text } = await portal.as('alice').get(`/fragments${address}`);
  return { state: /data-state="([a-z-]+)"/.exec(text)?.[1] ?? '', text: textOf(text) };
}

/**
 * Somebody keeps the page open, and the schedule comes once a minute. What takes longer than ten
 * minutes is looked at, by both, once in five minutes only.
 *
 * @returns what the page said, each different text once
 */
async function watch(office: OfficeEndpoint, seconds: number, until = 'on'): Promise<string> {
  const said = new Set<string>();
  const step = seconds > 10 * minute ? 5 * minute : stepSeconds;
  for (let passed = 0; passed < seconds; passed += step) {
    portal.later(step);
    if (passed % minute === 0) await schedule();
    const { state, text } = await look(office);
    said.add(text);
    if (state === until) break;
    await portal.settled();
  }
  return [...said].join('\n');
}

function fail(action: string, code: string, times: number, more: Partial<Fault> = {}): void {
  const fault = { service: 'ec2', action, code, times, status: 400, effect: 'before' } as const;
  portal.stack.faults.add({ ...fault, ...more });
}

function callsOf(action: string): number {
  return portal.stack.ec2.calls().filter((call) => call.action === action).length;
}

async function expectOn(office: OfficeEndpoint): Promise<void> {
  expect((await look(office)).state).toBe('on');
  expect(activeRoutesOf(portal.stack, office)).toEqual(wantedRoutesOf(office));
}

const associate = 'AssociateClientVpnTargetNetwork';
const createRoute = 'CreateClientVpnRoute';

describe('a start that AWS', () => {
  it.each([
    ['throttles', 'RequestLimitExceeded', 6, 503, 'AWS is busy with another change'],
    ['answers with 500', 'InternalError', 6, 500, 'AWS does not answer'],
    ['cuts the connection of', 'ConnectionReset', 6, 500, 'AWS does not answer'],
    ['is too busy for', 'ConcurrentMutationLimitExceeded', 2, 400, 'AWS is busy'],
    ['finds in the wrong state', 'IncorrectState', 2, 400, 'AWS is busy with another change'],
    ['refuses for an unknown reason', 'SomethingNew', 2, 400, 'SomethingNew'],
  ])(
    '%s goes on by itself, and the page says why it waits',
    async (_what, code, times, status, said) => {
      const office = await prepare();
      fail(associate, code, times, { status });
      const first = await press(office);
      expect(first.state).toBe('starting');
      const story = await watch(office, 5 * minute);
      expect(`${first.text}\n${story}`).toContain(said);
      await expectOn(office);
      // However often it was tried, it was one request per network.
      expect(associationsOf(portal.stack, office)).toEqual([
        { made: 1, tokens: 1 },
        { made: 1, tokens: 1 },
      ]);
    },
  );

  it.each([
    ['InternalError', 500],
    ['ConnectionReset', 500],
    ['InvalidClientVpnDuplicateAssociationException', 400],
    ['ClientVpnEndpointAssociationExists', 400],
    ['ConcurrentMutationLimitExceeded', 400],
  ])('takes, and then answers %s, is not asked for twice', async (code, status) => {
    const office = await prepare();
    fail(associate, code, 1, { status, effect: 'after' });
    await press(office);
    await watch(office, 5 * minute);
    await expectOn(office);
    expect(associationsOf(portal.stack, office)).toMatchObject([{ made: 1 }, { made: 1 }]);
  });

  it.each([
    ['RequestLimitExceeded', 503, 6],
    ['InvalidClientVpnActiveAssociationNotFound', 400, 2],
    ['InvalidClientVpnDuplicateRoute', 400, 1],
  ])(
    'does not let have its routes at first (%s) has all of them in the end',
    async (code, status, times) => {
      const office = await prepare();
      const effect = code.includes('Duplicate') ? 'after' : 'before';
      fail(createRoute, code, times, { status, effect });
      await press(office);
      await watch(office, 5 * minute);
      await expectOn(office);
    },
  );

  it('lets fail once is tried again, with AWS’s message on the page meanwhile', async () => {
    const office = await prepare();
    const [first = ''] = office.subnets;
    portal.stack.clientVpn.failNextAssociation(first, 'No network interface could be made.');
    await press(office);
    const story = await watch(office, 10 * minute);
    expect(story).toContain('No network interface could be made.');
    await expectOn(office);
    expect(associationsOf(portal.stack, office)).toEqual([
      { made: 2, tokens: 2 },
      { made: 1, tokens: 1 },
    ]);
  });

  it('takes half an hour for is waited for, and the page says that this is slow', async () => {
    const office = await prepare();
    const [first = ''] = office.subnets;
    portal.stack.clientVpn.delayNextAssociation(first, 32 * minute);
    await press(office);
    const told: string[] = [];
    for (const minutes of [2, 14, 10, 5]) {
      portal.later(minutes * minute);
      await schedule();
      await look(office);
      await portal.settled();
      portal.later(2);
      const { state, text } = await look(office);
      expect(state).toBe('starting');
      told.push(text);
    }
    const slow = 'This is slower than usual';
    expect(told.map((text) => text.includes(slow))).toEqual([false, true, true, false]);
    expect(told.at(-1)).toContain('Ask an administrator to have a look');
    await watch(office, 5 * minute);
    await expectOn(office);
    expect(callsOf(associate)).toBe(2);
  });
});

describe('a start that never works', () => {
  it.each([
    ['a missing permission', 'UnauthorizedOperation', 403, 3, 'lacks the permission for'],
    ['a wrong set-up', 'InvalidClientVpnSubnetId.OverlappingCidr', 400, 3, 'OverlappingCidr'],
    ['an error nobody knows', 'SomethingNew', 400, 5, 'SomethingNew'],
  ])(
    'is given up with its reason, and tried rarely from then on: %s',
    async (_what, code, status, most, said) => {
      const office = await prepare();
      fail(associate, code, 10_000, { status });
      await press(office);
      await watch(office, 10 * minute, 'needs-attention');
      const { state, text } = await look(office);
      expect(state).toBe('needs-attention');
      expect(text).toContain(said);
      expect(text).toContain('Try again');
      // What AWS refuses for one network keeps the other from nothing: each try asks for both.
      const tries = (): number => callsOf(associate) / office.subnets.length;
      expect(tries()).toBe(most);

      // From then on once every quarter of an hour, in case somebody has mended it.
      await watch(office, 35 * minute);
      expect(tries() - most).toBeLessThanOrEqual(3);
      expect(tries() - most).toBeGreaterThanOrEqual(2);
      expect(alarms.length).toBeGreaterThan(0);
      for (const alarm of alarms) expect(alarm).toContain(`${office.id}: ${associate}: ${code}`);

      // Mended, and asked for again.
      portal.stack.faults.clear();
      expect((await press(office)).state).toBe('starting');
      await watch(office, 5 * minute);
      await expectOn(office);
      expect(associationsOf(portal.stack, office)).toMatchObject([{ made: 1 }, { made: 1 }]);
    },
  );

  it('because every association fails is given up after three, and revived by a new request', async () => {
    const office = await prepare();
    const [first = ''] = office.subnets;
    portal.stack.clientVpn.failNextAssociation(first, 'The zone is out of capacity.', 3);
    await press(office);
    await watch(office, 30 * minute, 'needs-attention');
    const { text } = await look(office);
    expect(text).toContain('The zone is out of capacity.');
    expect(associationsOf(portal.stack, office)[0]?.made).toBe(3);
    await press(office);
    await watch(office, 10 * minute);
    await expectOn(office);
    expect(associationsOf(portal.stack, office)[0]?.made).toBe(4);
  });

  it('is mended without anybody asking again, at one of the rare tries', async () => {
    const office = await prepare();
    fail(associate, 'UnauthorizedOperation', 3, { status: 403 });
    await press(office);
    await watch(office, 10 * minute, 'needs-attention');
    await watch(office, 20 * minute);
    await expectOn(office);
  });
});

describe('a request while the endpoint is being turned off', () => {
  it('waits for AWS, says so, and then starts', async () => {
    const office = await prepare();
    await press(office);
    await watch(office, 5 * minute);
    await expectOn(office);
    await portal.as('alice').post(`/endpoints/${office.id}/lease/release`);
    await portal.settled();
    await watch(office, 60 * minute, 'stopping');
    expect((await look(office)).state).toBe('stopping');
    expect(alarms).toEqual([]);

    const { state, text } = await press(office);
    expect(state).toBe('starting');
    expect(text).toContain('It was being turned off, and AWS has to finish that first');
    await watch(office, 5 * minute);
    await expectOn(office);
    expect(associationsOf(portal.stack, office)).toEqual([
      { made: 2, tokens: 2 },
      { made: 2, tokens: 2 },
    ]);
  });
});

describe('an endpoint that is on', () => {
  it('is not stopped while AWS cannot be read, however long that lasts', async () => {
    const office = await prepare();
    await press(office);
    await watch(office, 5 * minute);
    await portal.as('alice').post(`/endpoints/${office.id}/lease/release`);
    await portal.settled();
    fail('DescribeClientVpnConnections', 'InternalError', 10_000, { status: 500 });
    const story = await watch(office, 40 * minute, 'stopping');
    expect(story).toContain('The portal could not read everything, so it changes nothing');
    expect(alarms.length).toBeGreaterThan(0);
    expect(callsOf('DisassociateClientVpnTargetNetwork')).toBe(0);
    portal.stack.faults.clear();
    await watch(office, 5 * minute, 'stopping');
    expect(callsOf('DisassociateClientVpnTargetNetwork')).toBeGreaterThan(0);
  });

  it.each([
    ['may not read', 'UnauthorizedOperation', 7, 'lacks the permission'],
    ['finds AWS busy for', 'ConcurrentMutationLimitExceeded', 12, 'AWS is busy'],
  ])('that the portal %s is told to administrators', async (_, code, runs, why) => {
    const office = await prepare();
    await press(office);
    await watch(office, 5 * minute);
    const overview = async () => {
      portal.later(2);
      return textOf((await portal.as('carol').get('/admin')).text);
    };
    const failed: unknown[] = [];
    const run = async () => {
      portal.later(minute);
      await portal.scheduledRun().catch((error: unknown) => failed.push(error));
    };
    await run();
    expect(await overview()).not.toContain('could not be read completely');
    fail('DescribeClientVpnConnections', code, 10_000);
    for (let count = 0; count < runs; count += 1) await run();
    const said = await overview();
    expect(said).toMatch(/could not be read completely for \d+ minutes\. .* costing money/);
    expect(said).toContain(why);
    expect(said).toMatch(/runs of the schedule have failed for \d+ minutes/);
    expect(failed.length).toBeGreaterThan(3);
    portal.stack.faults.clear();
    await run();
    expect(await overview()).not.toMatch(/could not be read completely|have failed for/);
  });
});
