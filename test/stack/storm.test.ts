import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sampleGroups, samplePeople } from '../../scripts/local/alb/people.ts';
import { createAlbStandIn } from '../../scripts/local/alb/stand-in.ts';
import type { AlbStandIn } from '../../scripts/local/alb/stand-in.ts';
import type { RecordedCall } from '../../scripts/local/ec2/ec2-stand-in.ts';
import { passSpacingSeconds } from '../../src/lease/endpoint-record.ts';
import { textOf } from '../web/page-text.ts';
import { clientsFor, issueOf, startPortal } from '../web/portal-under-test.ts';
import type { PortalUnderTest } from '../web/portal-under-test.ts';
import { addOffice, associationsOf, startBareStack, startPortalProcess } from './world.ts';
import type { BareStack, OfficeEndpoint, PortalProcess } from './world.ts';

/** Every pass reads the target networks once, and nothing else does. */
function passesOf(calls: readonly RecordedCall[], endpointId: string): readonly RecordedCall[] {
  return calls.filter(
    ({ action, parameters }) =>
      action === 'DescribeClientVpnTargetNetworks' &&
      parameters['ClientVpnEndpointId'] === endpointId,
  );
}

/** The most that one pass asks of AWS: tags, networks, routes, connections, subnets, two changes. */
const mostCallsOfAPass = 7;

describe('two hundred people who press Start within the same second', () => {
  const crowd = Array.from({ length: 200 }, (_unused, index) => ({
    ...(samplePeople[0] ?? { key: '', displayName: '', role: { english: '', japanese: '' } }),
    key: `person-${index}`,
    subject: `person-${index}`,
    email: `person-${index}@example.com`,
    groups: [sampleGroups.everyone],
  }));
  let stack: BareStack;
  let balancer: AlbStandIn;
  let office: OfficeEndpoint;
  let portals: readonly PortalProcess[];

  beforeAll(async () => {
    stack = await startBareStack({ secondsToAssociate: 600 });
    const aws = clientsFor(stack.environment);
    office = await addOffice(stack, aws, 1);
    aws.dynamo.destroy();
    let turn = 0;
    balancer = createAlbStandIn({
      target: () => new URL(portals[(turn += 1) % portals.length]?.url ?? ''),
      people: crowd,
      config: { ...issueOf(stack.environment), region: stack.environment['AWS_REGION'] ?? '' },
    });
    await balancer.listen(0);
    const variables = {
      ...stack.environment,
      PORTAL_KEYS_URL: `${balancer.origin()}/local/public-keys/`,
      PORTAL_URL: balancer.origin(),
    };
    portals = await Promise.all([1, 2, 3].map(() => startPortalProcess(variables)));
    await portals[0]?.reconcile();
  });

  afterAll(async () => {
    await Promise.all(portals.map((portal) => portal.stop()));
    await balancer.stop();
    await stack.stop();
  });

  async function signIn(person: string): Promise<string> {
    const answer = await fetch(`${balancer.origin()}/local/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ person }),
      redirect: 'manual',
    });
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  /** Uncompressed: what is measured here is not how fast this machine can pack and unpack. */
  const headersOf = (cookie: string) => ({
    cookie,
    'sec-fetch-site': 'same-origin',
    'accept-encoding': 'identity',
  });

  it('cause one association per network, and each reads a page that is true', async () => {
    const cookies = await Promise.all(crowd.map(({ key }) => signIn(key)));
    // Some of them look first; meanwhile the first pass, of an endpoint nobody wants, gets old.
    const looked = delay(passSpacingSeconds * 1000);
    for (const cookie of cookies.slice(0, 20)) {
      const page = await fetch(`${balancer.origin()}/`, { headers: headersOf(cookie) });
      expect(await page.text()).toContain('data-state="off"');
    }
    await looked;
    stack.ec2.resetCalls();
    const startedAt = performance.now();
    const pages = await Promise.all(
      cookies.map(async (cookie, index) => {
        await delay(index * 5);
        const pressed = await fetch(`${balancer.origin()}/endpoints/${office.id}/lease`, {
          method: 'POST',
          redirect: 'manual',
          headers: headersOf(cookie),
          body: new URLSearchParams({ minutes: '60' }),
        });
        await pressed.text();
        const page = await fetch(
          new URL(pressed.headers.get('location') ?? '/missing', balancer.origin()),
          { headers: headersOf(cookie) },
        );
        return { pressed: pressed.status, status: page.status, html: await page.text() };
      }),
    );
    for (const [index, { html, pressed, status }] of pages.entries()) {
      expect([pressed, status]).toEqual([303, 200]);
      expect(html).toContain('data-state="starting"');
      expect(textOf(html)).toContain(`${crowd[index]?.email ?? ''} you`);
    }

    // All of them keep their pages open for a while.
    for (let round = 0; round < 6; round += 1) {
      const looks = cookies.slice(0, 15).map(async (cookie) => {
        const answer = await fetch(`${balancer.origin()}/fragments/endpoints/${office.id}`, {
          headers: headersOf(cookie),
        });
        return answer.text();
      });
      for (const fragment of await Promise.all(looks)) {
        expect(fragment).toContain('data-state="starting"');
      }
      await delay(500);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    expect(associationsOf(stack, office)).toEqual([
      { made: 1, tokens: 1 },
      { made: 1, tokens: 1 },
    ]);
    const associates = stack.ec2
      .calls()
      .filter(({ action }) => action === 'AssociateClientVpnTargetNetwork');
    expect(associates).toHaveLength(2);
    const passes = passesOf(stack.ec2.calls(), office.id);
    const mostPasses = Math.floor(seconds / passSpacingSeconds) + 1;
    expect(passes.length).toBeGreaterThan(0);
    expect(passes.length).toBeLessThanOrEqual(mostPasses);
    expect(stack.ec2.calls().length).toBeLessThanOrEqual(mostPasses * mostCallsOfAPass);
  });
});

describe('many open tabs', () => {
  let portal: PortalUnderTest;

  beforeAll(async () => {
    portal = await startPortal({ stack: { secondsToAssociate: 600 } });
    await portal.schedule();
  });

  afterAll(() => portal.stop());

  it('cause no more passes of a starting endpoint than one does, however fast they ask', async () => {
    const endpointId = 'cvpn-endpoint-0a1b2c3d4e5f60001';
    const page = `/endpoints/${endpointId}`;
    portal.later(6);
    const { headers } = await portal.as('alice').post(`${page}/lease`, { minutes: '60' });
    await portal.as('alice').get(String(headers['location']));
    await portal.settled();
    portal.stack.ec2.resetCalls();
    const startedAt = portal.stack.clock.now();
    // Time runs ten times as fast, for the portal and for AWS alike.
    const hasten = setInterval(() => {
      portal.later(0.09);
    }, 10);
    const answers: string[] = [];
    const tab = async (): Promise<void> => {
      for (let look = 0; look < 25; look += 1) {
        const { text } = await portal.as('alice').get(`/fragments${page}`);
        answers.push(text);
      }
    };
    await Promise.all(Array.from({ length: 30 }, tab));
    clearInterval(hasten);
    await portal.settled();

    const seconds = (portal.stack.clock.now().getTime() - startedAt.getTime()) / 1000;
    expect(answers).toHaveLength(750);
    for (const answer of answers) expect(answer).toContain('data-state="starting"');
    const passes = passesOf(portal.stack.ec2.calls(), endpointId);
    expect(passes.length).toBeGreaterThan(1);
    expect(passes.length).toBeLessThanOrEqual(Math.floor(seconds / passSpacingSeconds) + 1);
  });

  it('cause none of an endpoint that is off and was just looked at', async () => {
    const osaka = 'cvpn-endpoint-0a1b2c3d4e5f60002';
    portal.later(60);
    await portal.schedule();
    portal.stack.ec2.resetCalls();
    for (let look = 0; look < 20; look += 1) {
      portal.later(2);
      await portal.as('bob').get(`/endpoints/${osaka}`);
    }
    await portal.settled();
    expect(passesOf(portal.stack.ec2.calls(), osaka)).toEqual([]);
  });

  it('take a pass over from a schedule that does not come', async () => {
    const osaka = 'cvpn-endpoint-0a1b2c3d4e5f60002';
    portal.later(120);
    portal.stack.ec2.resetCalls();
    await portal.as('bob').get(`/endpoints/${osaka}`);
    await portal.settled();
    expect(passesOf(portal.stack.ec2.calls(), osaka)).toHaveLength(1);
  });
});
