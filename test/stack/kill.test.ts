import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { interruptCalls } from '../../scripts/local/interrupted-calls.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { createPortalServices, createScheduleServices, createLog } from '../../src/services.ts';
import type { PortalServices } from '../../src/services.ts';
import { readEnvironment, serverEnvironment } from '../../src/config/environment.ts';
import type { Reconciler } from '../../src/reconcile/reconciler.ts';
import { clientsFor } from '../web/portal-under-test.ts';
import {
  activeRoutesOf,
  addOffice,
  associationsOf,
  signIn,
  startBareStack,
  startPortalProcess,
  wantedRoutesOf,
} from './world.ts';
import type { BareStack, OfficeEndpoint, PortalProcess } from './world.ts';

const alice: Principal = {
  id: 'alice',
  name: 'alice@example.com',
  groups: [],
  capabilities: new Set(['endpoint:use']),
};

/** More than a start takes, with its passes 6 seconds apart. */
const mostRounds = 12;

let stack: BareStack;
let offices = 0;

beforeAll(async () => {
  stack = await startBareStack({ secondsToAssociate: 1, secondsToRoute: 1 });
});

afterAll(() => stack.stop());

interface Process {
  readonly services: PortalServices;
  readonly reconciler: Reconciler;
  /** Resolves when the process has been killed. */
  readonly killed: Promise<'killed'>;
  readonly calls: () => number;
  end(): void;
}

/** Everything a process builds for itself. One that is killed is never heard of again. */
function startProcess(diesBeforeCall: number | null): Process {
  const aws = clientsFor(stack.environment);
  let tellKilled: (how: 'killed') => void = () => undefined;
  const killed = new Promise<'killed'>((resolve) => {
    tellKilled = resolve;
  });
  const moment =
    diesBeforeCall === null ? null : ({ call: diesBeforeCall, side: 'before' } as const);
  const { count } = interruptCalls(aws, moment, () => {
    tellKilled('killed');
    return new Promise<never>(() => undefined);
  });
  const environment = readEnvironment(serverEnvironment, stack.environment);
  const surroundings = {
    aws,
    clock: stack.clock,
    log: createLog({ level: 'silent' }),
    fetchKey: stack.alb.fetchPublicKey,
  };
  return {
    services: createPortalServices(environment, surroundings),
    reconciler: createScheduleServices(environment, surroundings).reconciler,
    killed,
    calls: count,
    end: () => {
      aws.ec2.destroy();
      aws.dynamo.destroy();
    },
  };
}

function later(seconds: number): void {
  stack.clock.advance(seconds / 60);
}

async function isOn({ services }: Process, { id }: OfficeEndpoint): Promise<boolean> {
  const found = await services.directory.find(alice, id);
  return found?.status.state === 'on';
}

/** A new endpoint, which the schedule has seen to be off. */
async function prepare(): Promise<OfficeEndpoint> {
  for (const { clientVpnEndpointId } of stack.clientVpn.describeClientVpnEndpoints()) {
    stack.clientVpn.setTags(clientVpnEndpointId, {});
  }
  offices += 1;
  const before = startProcess(null);
  const aws = clientsFor(stack.environment);
  const office = await addOffice(stack, aws, offices);
  await before.reconciler.passAll();
  aws.dynamo.destroy();
  before.end();
  later(6);
  return office;
}

/** From the click to *On*, as the portal alone does it while somebody watches. */
async function start(process: Process, office: OfficeEndpoint): Promise<'on' | 'not-on'> {
  const { services } = process;
  await services.leases.request(alice, office.id, 60);
  for (let round = 0; round < mostRounds; round += 1) {
    await services.background.idle();
    later(6);
    if (await isOn(process, office)) return 'on';
  }
  return 'not-on';
}

/** What comes after: another process with the schedule, once a minute. */
async function goOnFromScratch(office: OfficeEndpoint): Promise<'on' | 'not-on'> {
  const process = startProcess(null);
  try {
    // Whoever was not told yes presses the button again; whoever was, does nothing.
    const known = await process.services.directory.find(alice, office.id);
    if (known?.ownLease === null) await process.services.leases.request(alice, office.id, 60);
    for (let round = 0; round < mostRounds; round += 1) {
      await process.services.background.idle();
      later(60);
      await process.reconciler.passAll();
      if (await isOn(process, office)) return 'on';
    }
    return 'not-on';
  } finally {
    await process.services.background.idle();
    process.end();
  }
}

function expectOneOfEach(office: OfficeEndpoint): void {
  expect(associationsOf(stack, office)).toEqual([
    { made: 1, tokens: 1 },
    { made: 1, tokens: 1 },
  ]);
  expect(activeRoutesOf(stack, office)).toEqual(wantedRoutesOf(office));
}

describe('a process that is killed between the click and On', () => {
  let callsOfAStart = 0;

  it('is not needed: without a death the portal alone gets there', async () => {
    const office = await prepare();
    const process = startProcess(null);
    expect(await start(process, office)).toBe('on');
    callsOfAStart = process.calls();
    process.end();
    expectOneOfEach(office);
    // The click, an associating pass, a restoring one and one that finds it on, at the least.
    expect(callsOfAStart).toBeGreaterThan(25);
  });

  it('leaves nothing undone and nothing done twice, at whichever await it was', async () => {
    const survived: number[] = [];
    for (let call = 1; call <= callsOfAStart; call += 1) {
      const office = await prepare();
      const process = startProcess(call);
      const how = await Promise.race([start(process, office), process.killed]);
      if (how !== 'killed') survived.push(call);
      expect({ call, then: await goOnFromScratch(office) }).toEqual({ call, then: 'on' });
      expectOneOfEach(office);
      process.end();
    }
    expect(survived).toEqual([]);
  });
});

describe('a real process that is killed', () => {
  const variables = () => ({
    ...stack.environment,
    PORTAL_KEYS_URL: `${stack.url}/local/public-keys/`,
  });
  /** Until the other one is dead nobody talks to it. */
  let next: PortalProcess;

  beforeAll(async () => {
    next = await startPortalProcess(variables());
  });

  afterAll(() => next.stop());

  // Before the first Associate, between the two, before what was done is recorded, among the routes.
  it.each([
    ['AssociateClientVpnTargetNetwork', 1, 'before'],
    ['AssociateClientVpnTargetNetwork', 2, 'after'],
    ['CreateClientVpnRoute', 2, 'after'],
  ] as const)('at %s number %d, %s it', async (operation, call, side) => {
    const office = await prepare();
    const offset = (): string => (stack.clock.offsetMs() / 1000).toString();
    const doomed = await startPortalProcess({
      ...variables(),
      PORTAL_CLOCK_OFFSET_SECONDS: offset(),
      PORTAL_DIES_AT_OPERATION: operation,
      PORTAL_DIES_AT_CALL: call.toString(),
      PORTAL_DIES: side,
    });
    stack.pointAt(doomed.url);
    const page = `${stack.url}/endpoints/${office.id}`;
    const cookie = await signIn(stack, 'alice');
    const pressed = await fetch(`${page}/lease`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ minutes: '60' }),
    });
    expect(pressed.status).toBe(303);
    // Somebody watches, until nobody answers any more.
    let answers = true;
    while (answers) {
      later(6);
      doomed.tell({ kind: 'clock', offsetSeconds: Number(offset()) });
      answers = await fetch(page, { headers: { cookie } }).then(({ ok }) => ok);
      await delay(50);
    }
    expect(await doomed.ended).toBe('SIGKILL');

    stack.pointAt(next.url);
    let html = '';
    for (let round = 0; round < mostRounds && !html.includes('data-state="on"'); round += 1) {
      later(60);
      next.tell({ kind: 'clock', offsetSeconds: Number(offset()) });
      await next.reconcile();
      html = await fetch(page, { headers: { cookie } }).then((answer) => answer.text());
    }
    expect(html).toContain('data-state="on"');
    expectOneOfEach(office);
  });
});
