import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Decision } from '../../src/reconcile/decision.ts';
import type { ClientVpn } from '../../src/vpn/client-vpn.ts';
import { sampleIds, sampleNow } from '../builders/endpoint-for-person.ts';
import { aStartIntent, aTrouble } from '../builders/endpoint-record.ts';
import { accept, bothSubnets, createActWorld, decided, otherRoute, route } from './act-world.ts';
import type { ActWorld } from './act-world.ts';

let world: ActWorld;

beforeEach(async () => {
  world = await createActWorld();
});

const tokens = (): unknown[] =>
  [...world.clientVpn().asked('associate'), ...world.clientVpn().asked('createRoute')].map(
    (request) => (request as { clientToken: string }).clientToken,
  );

describe('client tokens', () => {
  const start = (overrides: Parameters<typeof aStartIntent>[0]) =>
    decided({ kind: 'associate', subnets: bothSubnets }, aStartIntent(overrides));
  const tokensOf = async (decision: Decision): Promise<unknown[]> => {
    await world.act(decision);
    return tokens();
  };

  it('are the same for each retry of one call of one start, whatever went wrong in between', async () => {
    const first = await tokensOf(start({}));
    const again = await tokensOf(start({ trouble: aTrouble({ tries: 3 }), since: sampleNow }));
    expect(again).toEqual(first);
    const retried = await tokensOf(
      decided({ kind: 'associate', subnets: [sampleIds.subnetB] }, aStartIntent()),
    );
    expect(retried).toEqual([first[1]]);
    await world.actLater(start({}));
    expect(tokens()).toEqual(first);
  });

  it('are others for each network, each start, and each round of it', async () => {
    const all = [
      ...(await tokensOf(start({}))),
      ...(await tokensOf(start({ id: 'start-2' }))),
      ...(await tokensOf(start({ round: 2 }))),
      ...(await tokensOf(
        decided({ kind: 'restore-routes', routes: [route, otherRoute] }, aStartIntent()),
      )),
    ];
    expect(new Set(all).size).toBe(8);
  });

  it('are others in a later pass for a route, so that one deleted meanwhile comes back', async () => {
    const restoring = decided({ kind: 'restore-routes', routes: [route] }, aStartIntent());
    const answered = new Set<string>();
    const table: unknown[] = [];
    // As AWS does it: a token that it has seen gets the old success, and nothing is created.
    const createRoute: ClientVpn['createRoute'] = (request) => {
      if (!answered.has(request.clientToken)) table.push(request.route);
      answered.add(request.clientToken);
      return accept();
    };
    await world.act(restoring, { createRoute });
    expect(table.splice(0)).toEqual([route]);
    await world.actLater(restoring, { createRoute });
    expect(table).toEqual([route]);
  });

  it('are of the form that AWS takes', async () => {
    const all = await tokensOf(start({}));
    expect(all).toEqual([
      expect.stringMatching(/^[!-~]{1,64}$/),
      expect.stringMatching(/^[!-~]{1,64}$/),
    ]);
  });
});
