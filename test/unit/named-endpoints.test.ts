import { describe, expect, it } from '@jest/globals';

import type { EndpointId } from '../../src/vpn/ids.ts';
import { withNamedEndpoints } from '../../src/vpn/named-endpoints.ts';
import { anEndpoint, sampleIds } from '../builders/endpoint-for-person.ts';
import { createScriptedClientVpn } from '../builders/scripted-client-vpn.ts';

const other = 'cvpn-endpoint-0fedcba9876543210' as EndpointId;
const both = [anEndpoint(), { ...anEndpoint(), id: other }];

function over(endpointIds: readonly string[]) {
  return withNamedEndpoints(
    createScriptedClientVpn({
      listEndpoints: () => Promise.resolve(both),
      findEndpoint: (endpointId) => Promise.resolve({ ...anEndpoint(), id: endpointId }),
    }),
    endpointIds,
  );
}

describe('endpoints that a deployment names', () => {
  it('are the only ones that there are', async () => {
    const clientVpn = over([sampleIds.endpoint]);
    expect(await clientVpn.listEndpoints()).toEqual([anEndpoint()]);
    expect(await clientVpn.findEndpoint(sampleIds.endpoint)).not.toBeNull();
    expect(await clientVpn.findEndpoint(other)).toBeNull();
  });

  it('are all of them where it names none', async () => {
    const clientVpn = over([]);
    expect(await clientVpn.listEndpoints()).toEqual(both);
    expect(await clientVpn.findEndpoint(other)).not.toBeNull();
  });
});
