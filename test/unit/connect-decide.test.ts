import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { ConnectRequest } from '../../src/connect/connect-request.ts';
import { decideConnect, leasesMatter } from '../../src/connect/decide-connect.ts';
import type { ConnectSituation } from '../../src/connect/decide-connect.ts';
import type { Hold } from '../../src/lease/hold.ts';
import { connectTags } from '../../src/vpn/connect-policy.ts';
import { managedTag } from '../../src/vpn/endpoint.ts';
import { policyTags } from '../../src/vpn/policy.ts';
import { aCatalogue, aConnectRequest, aConnectSituation, loadedWith } from '../builders/connect.ts';
import { aHold, aLease, alice, bob, sampleNow } from '../builders/endpoint-for-person.ts';
import {
  aPass,
  aStopIntent,
  aStopRequest,
  ago,
  found,
  seenFrom,
} from '../builders/endpoint-record.ts';
import { aConnection, anOnObservation, connectionId } from '../builders/observation.ts';

type Tags = Readonly<Record<string, string>>;

const allowed = { kind: 'allow', replaced: [], postures: [] };
const denied = (reason: string, postures: readonly string[] = []) => ({
  kind: 'deny',
  refusal: { reason },
  postures,
});

function verdict(
  tags: Tags,
  request: Partial<ConnectRequest> = {},
  more: Partial<ConnectSituation> = {},
) {
  return decideConnect(
    aConnectSituation({ catalogue: aCatalogue(tags), request: aConnectRequest(request), ...more }),
  );
}

describe('a client', () => {
  it('is let in where there are no conditions', () => {
    expect(decideConnect(aConnectSituation())).toEqual(allowed);
  });

  it('is let in whoever holds a lease, and held on or off, where there are no conditions', () => {
    for (const hold of [aHold('on'), aHold('off')]) {
      expect(verdict({}, {}, { loaded: loadedWith({ hold }) })).toEqual(allowed);
    }
  });
});

describe('a stop', () => {
  it('that is under way keeps a client out, whatever the conditions say', () => {
    const loaded = loadedWith({ intent: aStopIntent() });
    expect(verdict({}, {}, { loaded })).toMatchObject(denied('stop-under-way'));
    const tags = { [connectTags.connectMembersOnly]: 'maybe' };
    expect(verdict(tags, {}, { loaded })).toMatchObject(denied('stop-under-way'));
  });

  it('that an administrator has ordered of what is on keeps it out before it has begun', () => {
    const ordered = { onSince: ago(60), stopRequest: aStopRequest(1) };
    expect(verdict({}, {}, { loaded: loadedWith(ordered) })).toMatchObject(
      denied('stop-under-way'),
    );
  });

  it('that is over, or that somebody has asked against since, does not', () => {
    const over = { onSince: ago(1), stopRequest: aStopRequest(5) };
    expect(verdict({}, {}, { loaded: loadedWith(over) })).toEqual(allowed);
    const askedAgain = { ...over, onSince: ago(60), lastRequestAt: ago(2) };
    expect(verdict({}, {}, { loaded: loadedWith(askedAgain) })).toEqual(allowed);
    const leaseOfLater = loadedWith({ onSince: ago(60), stopRequest: aStopRequest(5) }, [
      { ...aLease(alice, 30), askedAt: ago(1) },
    ]);
    expect(verdict({}, {}, { loaded: leaseOfLater })).toEqual(allowed);
  });

  it('of an endpoint that nobody passes any more does not', () => {
    const catalogue = { ...aCatalogue(), endpoints: [] };
    const loaded = loadedWith({ intent: aStopIntent(ago(90_000)) });
    expect(verdict({}, {}, { catalogue, loaded })).toMatchObject({ kind: 'cannot-tell' });
  });
});

describe('what cannot be told', () => {
  const cannotTell = (reason: string, isManaged = true) => ({
    kind: 'cannot-tell',
    refusal: { reason },
    isManaged,
  });

  it('is whether an endpoint is managed that is in no listing, or has lost its tag', () => {
    const unmanaged = cannotTell('endpoint-not-managed', false);
    expect(verdict({}, {}, { catalogue: null })).toMatchObject(unmanaged);
    expect(verdict({}, {}, { catalogue: { ...aCatalogue(), endpoints: [] } })).toMatchObject(
      unmanaged,
    );
    expect(verdict({ [managedTag]: 'false' })).toMatchObject(unmanaged);
  });

  it('are conditions with a mistake, and not those beside another mistake', () => {
    expect(verdict({ [connectTags.connectMembersOnly]: 'maybe' })).toMatchObject(
      cannotTell('tags-not-usable'),
    );
    expect(verdict({ [policyTags.idleMinutes]: 'some' })).toEqual(allowed);
  });

  it('is what tags say now that were last read a quarter of an hour ago', () => {
    const read = (seconds: number) => ({
      catalogue: aCatalogue({}, secondsAfter(ago(15), seconds)),
    });
    expect(verdict({}, {}, read(0))).toEqual(allowed);
    expect(verdict({}, {}, read(-1))).toMatchObject(cannotTell('tags-too-old'));
  });

  it('is not what such old tags forbid', () => {
    const tags = { [policyTags.groups]: 'sales', [connectTags.connectMembersOnly]: 'true' };
    expect(verdict({}, {}, { catalogue: aCatalogue(tags, ago(60)) })).toMatchObject(
      denied('not-in-group'),
    );
  });
});

describe('only members of the endpoint’s groups', () => {
  const tags = { [policyTags.groups]: 'sales on-call', [connectTags.connectMembersOnly]: 'true' };

  it('are let in', () => {
    expect(verdict(tags)).toEqual(allowed);
    expect(verdict(tags, { groups: ['sales'] })).toEqual(allowed);
    expect(verdict(tags, { groups: ['engineering'] })).toMatchObject(denied('not-in-group'));
    expect(verdict(tags, { groups: [] })).toMatchObject(denied('not-in-group'));
    expect(verdict(tags, { groups: ['Sales', 'on-call team'] })).toMatchObject(
      denied('not-in-group'),
    );
  });

  it('is no condition where everybody may use it, nor without its own tag', () => {
    expect(verdict({ [connectTags.connectMembersOnly]: 'true' }, { groups: [] })).toEqual(allowed);
    expect(verdict({ [policyTags.groups]: 'sales' }, { groups: [] })).toEqual(allowed);
  });

  it('holds beside another mistake in the tags, and lets nobody in where the groups are empty', () => {
    const broken = { ...tags, [policyTags.idleMinutes]: 'some' };
    expect(verdict(broken, { groups: ['engineering'] })).toMatchObject(denied('not-in-group'));
    expect(verdict({ ...tags, [policyTags.groups]: '' })).toMatchObject(denied('not-in-group'));
  });
});

describe('only people who hold a lease', () => {
  const tags = { [connectTags.connectLeaseHoldersOnly]: 'true' };
  const withLease = (heldForMinutes: number, person = alice, more = {}) => ({
    loaded: loadedWith(more, [aLease(person, heldForMinutes)]),
  });

  it('are let in, by whichever capitals they sign in', () => {
    expect(verdict(tags, {}, withLease(30))).toEqual(allowed);
    expect(verdict(tags, { person: 'ALICE@example.com' }, withLease(30))).toEqual(allowed);
    expect(verdict(tags, {}, withLease(-1))).toMatchObject(denied('no-lease'));
    expect(verdict(tags, {}, withLease(30, bob))).toMatchObject(denied('no-lease'));
    expect(verdict(tags)).toMatchObject(denied('no-lease'));
  });

  it('are not those whose lease a stop has voided', () => {
    const stopped = withLease(30, alice, { stopRequest: aStopRequest(0) });
    expect(verdict(tags, {}, stopped)).toMatchObject(denied('no-lease'));
  });

  it('are let in alone while it is held on, too', () => {
    expect(verdict(tags, {}, { loaded: loadedWith({ hold: aHold('on') }) })).toMatchObject(
      denied('no-lease'),
    );
  });
});

describe('leases', () => {
  const matter = (tags: Tags, record: Parameters<typeof loadedWith>[0] = {}) =>
    leasesMatter(aConnectSituation({ catalogue: aCatalogue(tags), loaded: loadedWith(record) }));
  const holdersOnly = { [connectTags.connectLeaseHoldersOnly]: 'true' };
  const ordered = { onSince: ago(60), stopRequest: aStopRequest(1) };

  it('matter where only those who hold one may connect, and against a stop that was ordered', () => {
    expect(matter(holdersOnly)).toBe(true);
    expect(matter({}, ordered)).toBe(true);
  });

  it('do not matter otherwise, nor for an endpoint that is not managed', () => {
    expect(matter({})).toBe(false);
    expect(matter({}, { intent: aStopIntent(), hold: aHold('off') })).toBe(false);
    expect(leasesMatter(aConnectSituation({ catalogue: null, loaded: loadedWith(ordered) }))).toBe(
      false,
    );
  });
});

describe('nobody new while it is held off', () => {
  const tags = { [connectTags.connectNotWhileHeldOff]: 'true' };
  const held = (hold: Hold | null) => verdict(tags, {}, { loaded: loadedWith({ hold }) });

  it('is let in', () => {
    expect(held(aHold('off'))).toMatchObject(denied('held-off'));
    expect(held(aHold('off', { until: sampleNow }))).toEqual(allowed);
    expect(held(aHold('on'))).toEqual(allowed);
    expect(held(null)).toEqual(allowed);
  });
});

describe('the conditions on devices', () => {
  const client = { [connectTags.connectClientVersion]: '5.2.0' };
  const platforms = { [connectTags.connectPlatforms]: 'win:10.0.19045 linux' };
  const compliant = { ...allowed, postures: ['compliant'] };

  it.each([
    [client, { clientVersion: '5.2.0' }],
    [client, { clientVersion: '5.10' }],
    [platforms, {}],
    [platforms, { platform: 'WIN', platformVersion: '11' }],
    [platforms, { platform: 'linux', platformVersion: '' }],
    [{ ...client, ...platforms }, {}],
  ])('are met, and the device is compliant: %#', (tags, request) => {
    expect(verdict(tags, request)).toEqual(compliant);
  });

  it.each([
    [client, { clientVersion: '5.1.9' }, 'client-too-old', '5.2.0'],
    [platforms, { platform: 'mac' }, 'platform-not-admitted', 'win, linux'],
    [platforms, { platformVersion: '10.0.19044' }, 'platform-too-old', 'win 10.0.19045'],
    [
      { ...client, ...platforms },
      { clientVersion: '5.1', platform: '' },
      'client-too-old',
      '5.2.0',
    ],
    [
      { ...client, ...platforms },
      { clientVersion: '', platform: 'mac' },
      'platform-not-admitted',
      'win, linux',
    ],
  ])('are not met, and the device is quarantined: %#', (tags, request, reason, need) => {
    const refused = { kind: 'deny', refusal: { reason, need }, postures: ['quarantined'] };
    expect(verdict(tags, request)).toEqual(refused);
    const lenient = { ...tags, [connectTags.connectUnknownDevices]: 'true' };
    expect(verdict(lenient, request)).toEqual(refused);
  });

  it.each([
    [client, { clientVersion: '' }, 'client-version-unknown', '5.2.0'],
    [client, { clientVersion: 'openvpn' }, 'client-version-unknown', '5.2.0'],
    [platforms, { platform: '' }, 'platform-unknown', 'win, linux'],
    [platforms, { platformVersion: '' }, 'platform-unknown', 'win 10.0.19045'],
  ])('cannot be judged, and the device is unknown: %#', (tags, request, reason, need) => {
    expect(verdict(tags, request)).toEqual({
      kind: 'deny',
      refusal: { reason, need },
      postures: ['unknown'],
    });
    const lenient = { ...tags, [connectTags.connectUnknownDevices]: 'true' };
    expect(verdict(lenient, request)).toEqual({ ...allowed, postures: ['unknown'] });
  });

  it('tell the posture where another condition is not met, too', () => {
    const tags = { ...platforms, [connectTags.connectLeaseHoldersOnly]: 'true' };
    expect(verdict(tags)).toMatchObject(denied('no-lease', ['compliant']));
  });
});

describe('one connection for each person', () => {
  const newer = { [connectTags.connectOnePerPerson]: 'newer-wins' };
  const older = { [connectTags.connectOnePerPerson]: 'older-stays' };
  const seen = (connections: Parameters<typeof aConnection>[0][], minutesAgo = 1) => {
    const observation = anOnObservation({
      at: ago(minutesAgo),
      connections: connections.map(aConnection),
    });
    return {
      loaded: loadedWith({ lastPass: aPass({ state: 'on', seen: seenFrom(observation) }) }),
    };
  };
  /** As a pass keeps what it has read. */
  const crowdedWith = (connections: Parameters<typeof aConnection>[0][]) => {
    const observation = anOnObservation({
      at: ago(1),
      connections: connections.map(aConnection),
    });
    const { lastPass } = found({}, observation);
    return { loaded: loadedWith({ lastPass }) };
  };
  const anothers = seen([{ id: connectionId(2), person: bob.name }]);
  const own = seen([
    { id: connectionId(1), person: 'Alice@example.com' },
    { id: connectionId(2), person: bob.name },
    { id: connectionId(3) },
    { id: connectionId(4), status: 'terminated' },
    { id: connectionId(9) },
  ]);

  it('is found among hundreds', () => {
    const crowd = Array.from({ length: 150 }, (_, index) => ({
      id: connectionId(100 + index),
      person: `person-${index}@example.com`,
    }));
    const late = crowdedWith([...crowd, { id: connectionId(1), person: alice.name }]);
    expect(verdict(newer, {}, late)).toEqual({ ...allowed, replaced: [connectionId(1)] });
    expect(verdict(older, {}, late)).toMatchObject({ kind: 'deny' });
    for (const tags of [newer, older]) {
      expect(verdict(tags, {}, crowdedWith(crowd))).toEqual(allowed);
    }
  });

  it('cannot be told of more than are kept, unless one of this person is among those', () => {
    const crowd = Array.from({ length: 2_101 }, (_, index) => ({
      id: connectionId(100 + index),
      person: `person-${index}@example.com`,
    }));
    for (const tags of [newer, older]) {
      expect(verdict(tags, {}, crowdedWith(crowd))).toMatchObject({
        kind: 'cannot-tell',
        refusal: { reason: 'connections-too-many' },
      });
    }
    const early = crowdedWith([{ id: connectionId(1), person: alice.name }, ...crowd]);
    expect(verdict(newer, {}, early)).toEqual({ ...allowed, replaced: [connectionId(1)] });
    expect(verdict(older, {}, early)).toMatchObject({ kind: 'deny' });
  });

  it('lets the newer one in, and has the others of this person ended', () => {
    expect(verdict(newer, {}, own)).toEqual({
      ...allowed,
      replaced: [connectionId(1), connectionId(3)],
    });
    expect(verdict(newer, {}, anothers)).toEqual(allowed);
  });

  it('keeps the newer one out while another of this person is there', () => {
    expect(verdict(older, {}, own)).toMatchObject(denied('connected-already'));
    expect(verdict(older, {}, anothers)).toEqual(allowed);
    expect(verdict(older, {}, seen([{ id: connectionId(9) }]))).toEqual(allowed);
  });

  it('is no condition without its tag', () => {
    expect(verdict({}, {}, own)).toEqual(allowed);
    expect(verdict({}, {}, {})).toEqual(allowed);
  });

  it.each([newer, older])('cannot be told where nobody looks: %#', (tags) => {
    const unread = { kind: 'cannot-tell', refusal: { reason: 'connections-not-read' } };
    expect(verdict(tags)).toMatchObject(unread);
    expect(
      verdict(tags, {}, { loaded: loadedWith({ lastPass: aPass({ seen: null }) }) }),
    ).toMatchObject(unread);
    expect(verdict(tags, {}, seen([], 3))).toEqual(allowed);
    expect(verdict(tags, {}, seen([], 3.1))).toMatchObject(unread);
  });
});
