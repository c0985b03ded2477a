import { beforeEach, describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import { StoreError } from '../../src/errors.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import type { EndpointId } from '../../src/vpn/ids.ts';
import { endpointIds } from '../builders/arbitraries.ts';
import { anEndpoint, sampleNow } from '../builders/endpoint-for-person.ts';
import { aConnection, anAssociation, anotherAssociation } from '../builders/observation.ts';
import {
  createReconcilerUnderTest,
  id,
  managed,
  on,
  other,
  refuse,
  refuseAs,
} from './reconciler-under-test.ts';
import type { ReconcilerUnderTest } from './reconciler-under-test.ts';

let under: ReconcilerUnderTest;

beforeEach(() => {
  under = createReconcilerUnderTest();
});

const both = () => Promise.resolve([managed, other]);

describe('the run of the schedule', () => {
  it('passes every managed endpoint, and keeps the listing of them', async () => {
    const foreign = anEndpoint();
    const listEndpoints = () => Promise.resolve([managed, foreign, other]);
    await under.reconcilerOver({ listEndpoints }).passAll();
    expect(under.clientVpn().asked('listAssociations')).toEqual([managed.id, other.id]);
    expect(under.clientVpn().asked('findEndpoint')).toEqual([]);
    expect(await under.stores.catalogue.get()).toEqual({
      readAt: sampleNow,
      endpoints: [managed, other],
      schedule: { at: sampleNow, dryRun: false },
    });
  });

  it('goes on where one endpoint fails, and throws everything at the end', async () => {
    const ids = [managed.id, other.id];
    const endpoints = {
      ...under.stores.endpoints,
      claimPass: (claim: Parameters<typeof under.stores.endpoints.claimPass>[0]) =>
        claim.endpointId === managed.id
          ? Promise.reject(new StoreError('no table'))
          : under.stores.endpoints.claimPass(claim),
    };
    const listEndpoints = () => Promise.resolve([managed, other]);
    const running = under.reconcilerOver({ listEndpoints }, { endpoints }).passAll();
    await expect(running).rejects.toMatchObject({
      name: 'AggregateError',
      message: '1 endpoints could not be passed',
      errors: [{ message: `passing the endpoint ${id}`, cause: { name: 'StoreError' } }],
    });
    expect(under.clientVpn().asked('listAssociations')).toEqual(ids.slice(1));
  });

  it('goes on where AWS refuses a change to one, and throws that at the end', async () => {
    await under.idle();
    await under.idle({}, other.id);
    const disassociate = (request: { endpointId: EndpointId }) =>
      request.endpointId === id
        ? refuseAs('not-allowed')()
        : Promise.resolve({ outcome: 'accepted', requestId: 'r' } as const);
    const running = under.reconcilerOver({ listEndpoints: both, ...on(), disassociate }).passAll();
    const refusal = 'AnOperation: ServiceUnavailable: the service is not available';
    await expect(running).rejects.toMatchObject({
      message: '1 endpoints could not be passed',
      errors: [{ message: `passing the endpoint ${id}: ${refusal}` }],
    });
    expect(under.clientVpn().asked('disassociate')).toHaveLength(4);
    expect(under.stores.peek(other.id).record.lastPass?.state).toBe('stopping');
  });

  it('throws what could not be read of every endpoint, all together', async () => {
    const running = under.reconcilerOver({ listEndpoints: both, listAssociations: refuse });
    await expect(running.passAll()).rejects.toMatchObject({
      message: '2 endpoints could not be passed',
      errors: [
        { message: expect.stringContaining(id) },
        { message: expect.stringContaining(other.id) },
      ],
    });
  });

  it.each<[string, Partial<ClientVpn>]>([
    ['a change', { disassociate: refuseAs('busy') }],
    ['a reading', { listRoutes: refuseAs('busy') }],
  ])('does not throw because AWS is busy with something else at %s', async (_, answers) => {
    await under.idle();
    await under.reconcilerOver({ ...on(), ...answers }).passAll();
    expect(under.record().lastPass?.at).toEqual(sampleNow);
  });

  it('may be there twice: the second one finds nothing to pass', async () => {
    await under.idle();
    const reconciler = under.reconcilerOver(on());
    await Promise.all([reconciler.passAll(), reconciler.passAll()]);
    expect(under.clientVpn().asked('disassociate')).toHaveLength(2);
  });

  it('passes four at a time, and every one of them', async () => {
    const many = Array.from({ length: 9 }, () => other);
    let atOnce = 0;
    let most = 0;
    const endpoints = {
      ...under.stores.endpoints,
      claimPass: async () => {
        most = Math.max(most, (atOnce += 1));
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        return null;
      },
    };
    const listEndpoints = () => Promise.resolve(many);
    await under.reconcilerOver({ listEndpoints }, { endpoints }).passAll();
    expect(most).toBe(4);
  });

  it('passes nothing where the endpoints cannot be listed', async () => {
    await expect(under.reconcilerOver({ listEndpoints: refuse }).passAll()).rejects.toThrow(
      'the service is not available',
    );
    expect(await under.stores.catalogue.get()).toBeNull();
  });
});

describe('what a run asks of AWS', () => {
  const endpoints = [id, other.id, ...endpointIds.slice(0, 2)].map((endpointId) => ({
    ...managed,
    id: endpointId,
  }));
  /** On, and somebody is connected; the others are off. */
  const areOn: readonly EndpointId[] = [id, other.id];
  const answers: Partial<ClientVpn> = {
    listEndpoints: () => Promise.resolve(endpoints),
    listAssociations: (endpointId) =>
      Promise.resolve(areOn.includes(endpointId) ? [anAssociation(), anotherAssociation()] : []),
    listConnections: () => Promise.resolve([aConnection()]),
  };

  it('is four listings for one that is on, and one for one that is off', async () => {
    const reconciler = under.reconcilerOver(answers);
    let before = 0;
    // The rules are counted every quarter of an hour.
    for (let minutes = 0; minutes <= 16; minutes += 1) {
      before = under.clientVpn().calls.length;
      await reconciler.passAll();
      under.clock.advance(60);
    }
    const calls = under.clientVpn().calls.slice(before);
    for (const { id: endpointId } of endpoints) {
      const own = calls.filter(([, argument]) => argument === endpointId);
      expect(own.map(([method]) => method)).toEqual(
        areOn.includes(endpointId)
          ? ['listAssociations', 'listRoutes', 'listConnections', 'countAuthorizationRules']
          : ['listAssociations'],
      );
    }
    expect(calls).toHaveLength(1 + 2 * 4 + 2);
  });

  it('is three listings, and the connections once more, to stop one', async () => {
    await under.idle();
    await under.reconcilerOver(on()).passAll();
    expect(under.clientVpn().calls.map(([method]) => method)).toEqual([
      'listEndpoints',
      'listAssociations',
      'listRoutes',
      'listConnections',
      'listConnections',
      'disassociate',
      'disassociate',
    ]);
  });
});

describe('a new listing', () => {
  it('leaves what is known of the schedule', async () => {
    await under.reconcilerOver().passAll();
    under.clock.advance(60);
    await under.reconcilerOver({}, { mode: 'portal' }).refreshCatalogue();
    expect(await under.stores.catalogue.get()).toMatchObject({
      readAt: secondsAfter(sampleNow, 60),
      schedule: { at: sampleNow, dryRun: false },
    });
  });

  it('is made by one process of many', async () => {
    const reconciler = under.reconcilerOver();
    await Promise.all([reconciler.refreshCatalogue(), reconciler.refreshCatalogue()]);
    expect(under.clientVpn().asked('listEndpoints')).toHaveLength(1);
    expect(await under.stores.catalogue.get()).toMatchObject({ readAt: sampleNow });
  });

  it('is made by another one where that process has died', async () => {
    const broken = under.reconcilerOver({ listEndpoints: refuse });
    await expect(broken.refreshCatalogue()).rejects.toThrow('not available');
    under.clock.advance(15);
    await under.reconcilerOver().refreshCatalogue();
    expect(await under.stores.catalogue.get()).not.toBeNull();
  });
});
