import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { localBusName } from '../../scripts/local/stack.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { eventSource } from '../../src/config/event-names.ts';
import type { EventType } from '../../src/config/event-names.ts';
import { minutesAfter } from '../../src/clock.ts';
import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import { createLog, createPortalServices, createScheduleServices } from '../../src/services.ts';
import type { PortalServices, ScheduleServices } from '../../src/services.ts';
import { parseConnectionId } from '../../src/vpn/ids.ts';
import { alice, carol } from '../builders/endpoint-for-person.ts';
import { detailOf, typeOf } from '../builders/events.ts';
import { createRecordingLog } from '../builders/recording-log.ts';
import { atOnce, clientsFor } from '../web/portal-under-test.ts';
import { addOffice, networksOf, signIn, startBareStack, startPortalProcess } from './world.ts';
import type { BareStack, OfficeEndpoint, PortalProcess } from './world.ts';

/* What those who listen are told, whatever becomes of EventBridge and of the processes. */

let stack: BareStack;
let aws: AwsClients;
let portal: PortalServices;
let schedule: ScheduleServices;
let offices = 0;

beforeAll(async () => {
  stack = await startBareStack(atOnce);
  aws = clientsFor(stack.environment);
  const environment = readEnvironment(serverEnvironment, stack.environment);
  const surroundings = {
    aws,
    clock: stack.clock,
    log: createLog({ level: 'silent' }),
    fetchKey: stack.alb.fetchPublicKey,
  };
  portal = createPortalServices(environment, surroundings);
  schedule = createScheduleServices(environment, surroundings);
});

beforeEach(() => {
  stack.faults.clear();
});

afterAll(async () => {
  await portal.background.idle();
  aws.ec2.destroy();
  aws.dynamo.destroy();
  aws.eventBridge.destroy();
  await stack.stop();
});

/** The only managed one; off, and known to be. */
async function office(): Promise<OfficeEndpoint> {
  for (const { clientVpnEndpointId } of stack.clientVpn.describeClientVpnEndpoints()) {
    stack.clientVpn.setTags(clientVpnEndpointId, {});
  }
  offices += 1;
  const made = await addOffice(stack, aws, offices);
  await runs(1);
  return made;
}

/** The schedule comes once in each of these minutes. */
async function runs(minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 1) {
    stack.clock.advance(1);
    await schedule.scheduled.run();
  }
}

/** Alice asks for half an hour. */
async function ask({ id }: OfficeEndpoint): Promise<void> {
  stack.clock.advance(0.2);
  expect(await portal.leases.request(alice, id, 30)).toMatchObject({ kind: 'confirmed' });
  await portal.background.idle();
}

type Told = Readonly<Record<string, unknown>> & { readonly type: EventType };

/** Everything that was published of an endpoint, each held against its schema. */
function published({ id }: OfficeEndpoint): readonly Told[] {
  return stack.eventBridge
    .events()
    .filter((event) => detailOf(event)['endpointId'] === id)
    .map((event) => ({ type: typeOf(event.detailType), ...detailOf(event) }));
}

/** In the order of their moments, each once however often it came. */
function heard(one: OfficeEndpoint): readonly string[] {
  const once = new Map(published(one).map((event) => [event['id'], event]));
  return [...once.values()]
    .sort((a, b) => String(a['at']).localeCompare(String(b['at'])))
    .map(({ type }) => type);
}

function failEvents(code: string, status: number): void {
  const common = { service: 'events', action: 'PutEvents', effect: 'before' } as const;
  stack.faults.add({ ...common, code, status, times: 99 });
}

describe('those who listen', () => {
  it('are told of a day of an endpoint, each step once', async () => {
    const one = await office();
    await ask(one);
    await runs(3);
    stack.clock.advance(31);
    await runs(1);
    stack.clock.advance(30);
    await runs(3);
    expect(networksOf(stack, one)).toEqual([]);
    expect(published(one).map(({ type }) => type)).toEqual([
      'endpoint-starting',
      'endpoint-ready',
      'endpoint-stopping',
      'endpoint-stopped',
    ]);
    expect(published(one)[0]).toMatchObject({ startedBy: { kind: 'person', name: alice.name } });
    const [first] = stack.eventBridge.events();
    expect(first).toMatchObject({ source: eventSource, eventBusName: localBusName });
  });

  it('are told of a hold, and of a connection that was ended', async () => {
    const one = await office();
    const until = minutesAfter(stack.clock.now(), 120);
    const wish = { kind: 'on', until, reason: 'Maintenance' } as const;
    await portal.administration.hold(carol, one.id, wish);
    await portal.background.idle();
    await runs(3);
    const connection = parseConnectionId(stack.clientVpn.connect(one.id, alice.name));
    if (connection === null) throw new Error('a connection has no id');
    await runs(1);
    await portal.administration.terminate(carol, one.id, connection);
    await portal.background.idle();
    await runs(3);
    const told = published(one);
    expect(told.map(({ type }) => type).sort()).toEqual([
      'connection-ended',
      'endpoint-held',
      'endpoint-ready',
      'endpoint-starting',
    ]);
    const by = carol.name;
    expect(told).toContainEqual(
      expect.objectContaining({ connectionId: connection, person: alice.name, by }),
    );
    expect(told).toContainEqual(expect.objectContaining({ by, why: 'Maintenance' }));
  });

  it('are told nothing that names an address, a token or a key', () => {
    const everything = JSON.stringify(stack.eventBridge.events());
    expect(everything.length).toBeGreaterThan(1000);
    expect(everything).not.toMatch(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|eyJ|BEGIN|arn:aws/);
  });
});

describe('an EventBridge that does not take events', () => {
  it.each([
    ['fails', 'InternalException', 500],
    ['does not allow it', 'AccessDeniedException', 400],
    ['takes some of them', 'FailedEntries', 200],
    ['hangs', 'Timeout', 0],
  ])('and %s keeps nobody from starting, and is told all of it later', async (_, code, status) => {
    const one = await office();
    failEvents(code, status);
    await ask(one);
    await runs(3);
    expect(networksOf(stack, one)).toEqual(['associated', 'associated']);
    expect(heard(one)).not.toContain('endpoint-starting');
    stack.faults.clear();
    await runs(2);
    expect(heard(one)).toEqual(['endpoint-starting', 'endpoint-ready']);
    expect(published(one)).toHaveLength(2);
  });
});

describe('the schedule itself', () => {
  const ofSchedule = (): readonly Told[] =>
    stack.eventBridge
      .events()
      .filter(({ detailType }) => detailType.startsWith('Schedule'))
      .map((event) => ({ type: typeOf(event.detailType), ...detailOf(event) }));

  it('is in trouble where all its runs fail, once, and tells when it has recovered', async () => {
    await office();
    const before = ofSchedule().length;
    const unauthorized = { service: 'ec2', action: '*', code: 'UnauthorizedOperation' } as const;
    stack.faults.add({ ...unauthorized, status: 403, times: 999, effect: 'before' });
    for (let run = 0; run < 5; run += 1) await expect(runs(1)).rejects.toThrow();
    expect(ofSchedule().slice(before)).toMatchObject([
      { type: 'schedule-in-trouble', kind: 'failing' },
    ]);
    stack.faults.clear();
    await runs(2);
    expect(ofSchedule().slice(before)).toMatchObject([
      { type: 'schedule-in-trouble', kind: 'failing' },
      { type: 'schedule-recovered', kind: 'failing' },
    ]);
  });

  it('is late where nobody runs it, as a portal finds when somebody looks', async () => {
    await office();
    const before = ofSchedule().length;
    const lastRun = stack.clock.now();
    stack.clock.advance(4);
    await portal.directory.list(alice);
    await portal.background.idle();
    stack.clock.advance(1);
    await portal.directory.list(alice);
    await portal.background.idle();
    await runs(2);
    expect(ofSchedule().slice(before)).toMatchObject([
      { type: 'schedule-in-trouble', kind: 'late' },
      { type: 'schedule-recovered', kind: 'late' },
    ]);
    const since = new Date(String(ofSchedule()[before]?.['since']));
    expect(Math.abs(since.getTime() - lastRun.getTime())).toBeLessThan(60_000);
  });
});

describe('a portal that stands still between two requests', () => {
  it('answers without waiting until it has told that the schedule is late', async () => {
    await office();
    const log = createRecordingLog();
    const frozen = createPortalServices(
      readEnvironment(serverEnvironment, stack.environment),
      { aws, clock: stack.clock, log, fetchKey: stack.alb.fetchPublicKey },
      'frozen',
    );
    const before = stack.eventBridge.events().length;
    failEvents('Timeout', 0);
    stack.clock.advance(4);
    await frozen.directory.list(alice);
    await frozen.background.idle();
    expect(log.messages()).not.toContain('events not delivered');
    while (!log.messages().includes('events not delivered')) await delay(100);
    stack.faults.clear();
    await runs(1);
    const later = stack.eventBridge.events().slice(before);
    expect(later.map(({ detailType }) => detailType)).toEqual([
      'Schedule In Trouble',
      'Schedule Recovered',
    ]);
  });
});

describe('a process that is killed while it tells', () => {
  function start(more: Readonly<Record<string, string>> = {}): Promise<PortalProcess> {
    return startPortalProcess({
      ...stack.environment,
      PORTAL_KEYS_URL: `${stack.url}/local/public-keys/`,
      PORTAL_CLOCK_OFFSET_SECONDS: (stack.clock.offsetMs() / 1000).toString(),
      ...more,
    });
  }

  // What was decided is written; EventBridge has not heard of it, or has, and nobody knows.
  it.each([
    ['before it is published', 'before', 0],
    ['after it was published, and before that is noted', 'after', 1],
  ] as const)(
    '%s: nothing is lost, and a repeat has the same id',
    async (_, side, times) => {
      const one = await office();
      stack.clock.advance(0.2);
      const doomed = await start({
        PORTAL_DIES_AT_OPERATION: 'PutEvents',
        PORTAL_DIES_AT_CALL: '1',
        PORTAL_DIES: side,
      });
      stack.pointAt(doomed.url);
      const answer = await fetch(`${stack.url}/endpoints/${one.id}/lease`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: await signIn(stack, 'alice'), 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ minutes: '30' }),
      });
      expect(answer.status).toBe(303);
      expect(await doomed.ended).toBe('SIGKILL');
      expect(published(one)).toHaveLength(times);
      await runs(3);
      expect(heard(one)).toEqual(['endpoint-starting', 'endpoint-ready']);
      const starts = published(one).filter(({ type }) => type === 'endpoint-starting');
      expect(starts).toHaveLength(1 + times);
      expect(new Set(starts.map((event) => String(event['id']))).size).toBe(1);
    },
    60_000,
  );
});
