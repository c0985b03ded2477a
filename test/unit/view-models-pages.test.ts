import { describe, expect, it } from '@jest/globals';
import type { EndpointForPerson } from '../../src/lease/endpoint-directory.ts';
import type { EndpointStatus } from '../../src/lease/endpoint-status.ts';
import type { Authentication } from '../../src/vpn/endpoint.ts';
import { connectGuide } from '../../src/web/view-models/connect-guide.ts';
import { endpointView } from '../../src/web/view-models/endpoint-view.ts';
import { errorView } from '../../src/web/view-models/error-view.ts';
import { homeView } from '../../src/web/view-models/home-view.ts';
import { signedOutView } from '../../src/web/view-models/signed-out-view.ts';
import { wordingFor } from '../../src/web/view-models/viewer.ts';
import {
  aLease,
  alice,
  anEndpointForPerson,
  aStatus,
  bob,
  dave,
  gaveUp,
  onFor,
  sampleIds,
  sampleNow,
  seenOn,
  startingWith,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';

describe('the live region', () => {
  const home = (...statuses: EndpointStatus[]) =>
    homeView({
      ...frameInput(),
      endpoints: statuses.map((status) => anEndpointForPerson(status)),
      readAt: sampleNow,
      schedule: null,
    });

  it('looks again every few seconds while something is changing', () => {
    expect(home(aStatus(), startingWith()).live.every).toBe(3);
    expect(
      home(aStatus({ state: 'stopping', reason: { code: 'disassociating' } })).live.every,
    ).toBe(3);
  });

  it('looks again now and then while something is on', () => {
    expect(home(aStatus(), onFor(20)).live.every).toBe(30);
    expect(home(gaveUp).live.every).toBe(30);
  });

  it('does not look again where there is nothing to wait for', () => {
    expect(home(aStatus()).live.every).toBeNull();
    expect(home().live.every).toBeNull();
  });

  it('waits for the first reading', () => {
    const view = homeView({ ...frameInput(), endpoints: null, readAt: null, schedule: null });

    expect(view.live.every).toBe(3);
    expect(view.placeholder?.kind).toBe('not-read');
    expect(view.asOf).toBeNull();
  });

  it('shows one’s own wish in the tab, before what others do', () => {
    const others = anEndpointForPerson(onFor(20, { leases: [aLease(bob, 20)] }), { name: 'Osaka' });
    const own = anEndpointForPerson(startingWith(), { name: 'Tokyo' });
    const view = homeView({
      ...frameInput(),
      endpoints: [others, own],
      readAt: sampleNow,
      schedule: null,
    });

    expect(view.live).toMatchObject({
      state: 'starting',
      icon: '/assets/icon-starting.svg',
      title: '◐ Starting – Tokyo · Client VPN On Demand',
    });
    expect(view.frame.title).toBe(view.live.title);
  });

  it('is called all endpoints for somebody who may only look, and one’s own otherwise', () => {
    const titleFor = (principal: typeof alice) =>
      homeView({ ...frameInput(principal), endpoints: [], readAt: sampleNow, schedule: null })
        .title;

    expect(titleFor(dave)).toBe('All endpoints');
    expect(titleFor(alice)).toBe('Your endpoints');
  });

  it('tells somebody without any endpoint what to do', () => {
    expect(home().placeholder).toMatchObject({ kind: 'empty' });
    expect(home(aStatus()).placeholder).toBeNull();
  });
});

describe('the page of an endpoint', () => {
  const pageOf = (endpoint: EndpointForPerson, principal = alice) =>
    endpointView({ ...frameInput(principal), endpoint });

  it('marks the viewer’s own lease and nobody else’s', () => {
    const status = onFor(90, { leases: [aLease(bob, 90), aLease(alice, 28)] });

    expect(pageOf(anEndpointForPerson(status)).leases.rows.map(({ you }) => you)).toEqual([
      null,
      'you',
    ]);
  });

  it('lists the target networks that are wanted and not there yet', () => {
    const seen = { ...seenOn(), associations: seenOn().associations.slice(0, 1) };
    const { network } = pageOf(anEndpointForPerson(onFor(9, { seen })));

    expect(network.targetNetworks.rows.map(({ subnet, status }) => [subnet, status])).toEqual([
      [sampleIds.subnetA, 'Associated'],
      [sampleIds.subnetB, 'Not associated'],
    ]);
    expect(network.summary).toBe('1 of 2 target networks associated, 2 routes');
  });

  it('shows the status that AWS gives, with AWS’s message', () => {
    const seen = {
      ...seenOn(),
      associations: seenOn().associations.map((association) => ({
        ...association,
        status: 'association-failed' as const,
        message: 'No free addresses.',
      })),
    };
    const { network } = pageOf(anEndpointForPerson(startingWith()));
    const failed = pageOf(anEndpointForPerson({ ...startingWith(), seen })).network;

    expect(failed.targetNetworks.rows[0]).toMatchObject({
      tone: 'bad',
      status: 'Association failed',
      message: 'No free addresses.',
    });
    expect(network.targetNetworks.rows[0]).toMatchObject({ tone: 'good', message: 'none' });
  });

  it('says that one can connect only when it is on', () => {
    expect(pageOf(anEndpointForPerson(onFor(9))).ready).not.toBeNull();
    expect(pageOf(anEndpointForPerson(startingWith())).ready).toBeNull();
    expect(pageOf(anEndpointForPerson(aStatus())).ready).toBeNull();
  });

  it('refreshes itself from its own fragment', () => {
    expect(pageOf(anEndpointForPerson(startingWith())).live).toMatchObject({
      url: `/fragments/endpoints/${sampleIds.endpoint}`,
      every: 3,
    });
  });
});

describe('how to connect', () => {
  const guideFor = (...authentication: Authentication[]) =>
    connectGuide(authentication, wordingFor(frameInput()));
  const linksOf = (guide: ReturnType<typeof guideFor>, id: string) =>
    guide.platforms.find((platform) => platform.id === id)?.clients.map(({ href }) => href);

  it('sends a phone to OpenVPN Connect', () => {
    expect(linksOf(guideFor('certificate'), 'phone')).toEqual(['https://openvpn.net/client/']);
  });

  it('does not pretend that a federated endpoint can be used from a phone', () => {
    const phone = guideFor('federated').platforms.find(({ id }) => id === 'phone');

    expect(phone?.clients).toEqual([]);
    expect(phone?.steps).toEqual([]);
    expect(phone?.note).toContain('cannot be used from a phone');
  });

  it('names the client certificate where one is needed, and only there', () => {
    expect(guideFor('certificate').notes.join()).toContain('certificate');
    expect(guideFor('certificate', 'federated').notes.join()).toContain('certificate');
    expect(guideFor('federated').notes.join()).not.toContain('certificate');
  });

  it.each(['windows', 'macos', 'linux'])('sends %s to the client of AWS', (id) => {
    expect(linksOf(guideFor('federated'), id)).toEqual([
      'https://aws.amazon.com/vpn/client-vpn-download/',
    ]);
  });
});

describe('an error page', () => {
  it('says what happened, what to do, and under which request id', () => {
    const view = errorView({ ...frameInput(), status: 404, problem: { code: 'endpoint-unknown' } });

    expect(view).toMatchObject({
      status: 'Error 404',
      title: 'Endpoint not found',
      link: { href: '/', text: 'Go to the overview' },
      requestId: { value: 'request-1' },
    });
  });

  it('offers to sign in where nobody is signed in', () => {
    const view = errorView({
      ...frameInput(null),
      status: 401,
      problem: { code: 'sign-in-expired' },
    });

    expect(view.link).toMatchObject({ href: '/', text: 'Sign in again' });
    expect(view.frame.person).toBeNull();
  });

  it('does not send the language switch back to an address that failed', () => {
    const view = errorView({
      ...frameInput(),
      path: '/endpoints/x/lease',
      status: 400,
      problem: { code: 'body-unreadable' },
    });

    expect(view.frame.languages.map(({ href }) => href)).toEqual(['/?lang=en', '/?lang=ja']);
  });
});

describe('the language switch', () => {
  it('stays on the page and marks the language that is spoken', () => {
    const view = signedOutView({ ...frameInput(null), path: '/signed-out' });

    expect(view.frame.languages).toEqual([
      { code: 'en', name: 'English', href: '/signed-out?lang=en', current: true },
      { code: 'ja', name: '日本語', href: '/signed-out?lang=ja', current: false },
    ]);
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example'])(
    'does not lead to another host for the path %s',
    (path) => {
      const view = signedOutView({ ...frameInput(null), path });

      expect(view.frame.languages[0]?.href).toBe('/?lang=en');
    },
  );
});
