import { DescribeRuleCommand, DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';

import { evaluate } from '../../scripts/local/iam/evaluate.ts';
import type { Statement } from '../../scripts/local/iam/policy-document.ts';
import { sampleEndpoints } from '../../scripts/local/sample-world.ts';
import { localRuleName } from '../../scripts/local/stack.ts';
import { startBrowsing } from '../browser/browsing.ts';
import type { Browsing } from '../browser/browsing.ts';
import * as steps from '../browser/steps.ts';
import { createAccessListener, roleNames } from '../builders/access-listener.ts';
import type { RoleName } from '../builders/access-listener.ts';
import { thinnerThan } from '../builders/thinner-statements.ts';
import { clientsFor } from '../web/portal-under-test.ts';
import type { PortalUnderTest } from '../web/portal-under-test.ts';
import { deployedRoles } from './deployed-roles.ts';
import type { DeployedRoles } from './deployed-roles.ts';

/*
 * The roles of the synthesised templates, enforced by the stand-ins: the portal signs with the
 * portal's key, the schedule with the reconciler's, and nobody gets what their role does not allow.
 */

const { osakaLab, tokyoOffice } = sampleEndpoints;

/** The handler has a journey of its own: `test/contract/connect-handler.test.ts`. */
const onThisJourney = roleNames.filter((name) => name !== 'connect');
/** Calls that know no resource. */
const onAnything: Readonly<Record<RoleName, readonly string[]>> = {
  portal: ['ec2:DescribeClientVpnEndpoints', 'ec2:DescribeSubnets'],
  reconciler: ['ec2:DescribeClientVpnEndpoints', 'ec2:DescribeSubnets'],
  connect: [],
};

let roles: DeployedRoles;

beforeAll(() => {
  roles = deployedRoles();
});

describe('the browser journey under the deployed roles', () => {
  const listening = createAccessListener();
  let browsing: Browsing;
  let portal: PortalUnderTest;

  beforeAll(async () => {
    browsing = await startBrowsing({
      stack: {
        policies: roles,
        onDecision: listening.onDecision,
        secondsToAssociate: 8,
        secondsToRoute: 4,
      },
    });
    ({ portal } = browsing);
  });

  afterAll(() => browsing.stop());

  async function openEndpoint(page: Page, id: string): Promise<void> {
    await page.goto(`${portal.stack.url}/endpoints/${id}`);
  }

  /** The schedule comes so many times, some minutes apart. */
  async function runs(count: number, minutesApart = 1): Promise<void> {
    for (let run = 0; run < count; run += 1) {
      portal.later(minutesApart * 60);
      await portal.scheduledRun();
    }
    portal.later(2);
  }

  /** Not after a certain number: a page that is open asks, too, and may take the pass of a run. */
  async function runsUntil(isSo: () => boolean, minutesApart = 1): Promise<void> {
    for (let run = 0; run < 20 && !isSo(); run += 1) await runs(1, minutesApart);
    expect(isSo()).toBe(true);
  }

  /** At every fifth minute of the clock, one of which is that of the figures. */
  async function runsOfAQuarter(): Promise<void> {
    const secondsApart = 5 * 60;
    for (let run = 0; run < 3; run += 1) {
      const seconds = portal.stack.clock.now().getTime() / 1000;
      portal.later(secondsApart - (seconds % secondsApart) + 1);
      await portal.scheduledRun();
    }
    portal.later(2);
  }

  const networksOf = (clientVpnEndpointId: string) =>
    portal.stack.clientVpn
      .describeClientVpnTargetNetworks({ clientVpnEndpointId })
      .map(({ status }) => status.code);
  const routesOf = (clientVpnEndpointId: string) =>
    portal.stack.clientVpn
      .describeClientVpnRoutes({ clientVpnEndpointId })
      .filter(({ origin, status }) => origin === 'add-route' && status.code === 'active');

  it('goes from the first start to the stop when nobody is there', async () => {
    const page = await browsing.open('alice');
    await page.clock.install();
    // What the schedule has found of the subnets no longer holds, so that the portal looks them up.
    portal.later(6 * 60);
    await steps.turnOn(page, tokyoOffice);
    await browsing.untilState(page, 'on');
    expect(routesOf(tokyoOffice)).toHaveLength(3);
    expect((await steps.download(page)).text).toContain('auth-federate');
    await steps.needFor(page, 120);

    const connection = portal.stack.clientVpn.connect(tokyoOffice, 'alice@example.com');
    await runsOfAQuarter();
    expect(networksOf(tokyoOffice)).toEqual(['associated', 'associated']);
    portal.stack.clientVpn.disconnect(connection);
    await openEndpoint(page, tokyoOffice);
    await steps.giveBack(page);
    await runsUntil(() => networksOf(tokyoOffice).length === 0, 5);

    await page.goto(`${portal.stack.url}/history`);
    expect(await page.locator('main').textContent()).toContain('Tokyo office');
    await steps.signOut(page);
  });

  it('is started by the schedule where AWS was busy when the portal asked', async () => {
    portal.stack.faults.add({
      service: 'ec2',
      action: 'AssociateClientVpnTargetNetwork',
      code: 'ConcurrentMutationLimitExceeded',
      status: 400,
      times: 2,
      effect: 'before',
    });
    const page = await browsing.open('bob', { javaScriptEnabled: false });
    await steps.turnOn(page, osakaLab);
    await portal.settled();
    expect(networksOf(osakaLab)).toEqual([]);
    portal.stack.faults.clear();
    await runsUntil(() => networksOf(osakaLab).includes('associated'));
  });

  it('is held on, cut off, stopped and held off by an administrator', async () => {
    // Without scripts the page does not ask by itself: what follows is the schedule's to do.
    const page = await browsing.open('carol', { javaScriptEnabled: false });
    await openEndpoint(page, tokyoOffice);
    await steps.hold(page, { kind: 'on', reason: 'Board meeting' });
    await portal.settled();
    await runsUntil(() => routesOf(tokyoOffice).length === 3);

    const connection = portal.stack.clientVpn.connect(tokyoOffice, 'erin@example.com');
    await runs(1);
    await page.reload();
    await steps.endConnection(page, connection);
    const isThere = (): boolean =>
      portal.stack.clientVpn
        .describeClientVpnConnections({ clientVpnEndpointId: tokyoOffice })
        .some(
          ({ connectionId, status }) => connectionId === connection && status.code === 'active',
        );
    await runsUntil(() => !isThere());

    await openEndpoint(page, tokyoOffice);
    await steps.stopNow(page);
    await runsUntil(() => networksOf(tokyoOffice).length === 0);
    await openEndpoint(page, tokyoOffice);
    await steps.hold(page, { kind: 'off', reason: 'Rebuilding the network' });
    await steps.releaseHold(page);
    expect(await page.locator('.hold').count()).toBe(0);
  });

  it('is paused, and has its rule enabled again, by an administrator', async () => {
    const page = await browsing.open('carol', { javaScriptEnabled: false });
    const overview = `${portal.stack.url}/admin`;
    await page.goto(overview);
    await steps.pauseStopping(page, 'Moving the office');
    expect(await page.locator('body').textContent()).toContain('Moving the office');
    await steps.resumeStopping(page);

    const { dynamo, ec2, eventBridge } = clientsFor(portal.stack.environment);
    await eventBridge.send(new DisableRuleCommand({ Name: localRuleName }));
    // The portal asks for the rule every half a minute at most.
    portal.later(60);
    await page.goto(overview);
    await steps.enableRule(page);
    const { State } = await eventBridge.send(new DescribeRuleCommand({ Name: localRuleName }));
    expect(State).toBe('ENABLED');
    for (const client of [dynamo, ec2, eventBridge]) client.destroy();
  });

  it('is looked back on, in the overview, the usage and the audit', async () => {
    const page = await browsing.open('dave');
    // The schedule is late: the portal lists the endpoints itself, and passes what is looked at.
    portal.later(150);
    await page.reload();
    await portal.settled();
    await portal.scheduledRun();
    for (const [address, said] of [
      ['/admin', 'is enabled'],
      ['/admin/usage', 'alice@example.com'],
      ['/admin/audit', 'Board meeting'],
      ['/history', ''],
    ] as const) {
      await page.goto(`${portal.stack.url}${address}`);
      expect(await page.locator('main').textContent()).toContain(said);
    }
    const dave = portal.as('dave');
    expect((await dave.get('/admin/usage.csv')).text).toContain('alice@example.com');
    expect((await dave.get('/admin/audit.csv')).text).toContain('Board meeting');
  });

  it('asks for nothing that it may not', async () => {
    expect(await browsing.closeAll()).toEqual([]);
    expect(listening.refused()).toEqual([]);
    const { lines } = await portal.takeLog();
    expect(lines.filter((line) => JSON.stringify(line).includes('not authorized'))).toEqual([]);
  });

  it.each(onThisJourney)('could not do without anything that the %s may', (name) => {
    const asked = listening.of(name);
    expect(asked.length).toBeGreaterThan(0);
    const needless = thinnerThan(roles[name]).filter(({ statements }) =>
      asked.every((access) => evaluate(statements, access).outcome === 'allowed'),
    );
    expect(needless.map(({ without }) => without)).toEqual([]);
  });
});

function allowedActions(statements: readonly Statement[]): readonly string[] {
  return statements.filter(({ effect }) => effect === 'Allow').flatMap(({ actions }) => actions);
}

describe('the deployed roles', () => {
  it('name every action, and every resource but of the two calls that know none', () => {
    for (const name of roleNames) {
      expect(allowedActions(roles[name]).filter((action) => /[*?]/.test(action))).toEqual([]);
      const onEverything = roles[name].filter(
        ({ effect, resources }) => effect === 'Allow' && resources.includes('*'),
      );
      expect(onEverything.flatMap(({ actions }) => actions)).toEqual(onAnything[name]);
    }
  });

  it('leave it to the reconciler alone to take anything away', () => {
    const takesAway = [
      'ec2:DisassociateClientVpnTargetNetwork',
      'ec2:TerminateClientVpnConnections',
    ];
    expect(allowedActions(roles.reconciler)).toEqual(expect.arrayContaining(takesAway));
    for (const action of takesAway) {
      expect(allowedActions(roles.portal)).not.toContain(action);
      expect(allowedActions(roles.connect)).not.toContain(action);
    }
    expect(allowedActions(roles.reconciler)).not.toContain(
      'ec2:ExportClientVpnClientConfiguration',
    );
  });

  it('have no policies that are in no template', () => {
    expect(roles.elsewhere).toEqual([]);
  });

  it('are the same whichever host runs the portal', () => {
    const container = deployedRoles({ host: 'container' });
    const plain = (statements: readonly Statement[]): unknown =>
      JSON.parse(JSON.stringify(statements));
    for (const name of roleNames) expect(plain(container[name])).toEqual(plain(roles[name]));
  });
});
