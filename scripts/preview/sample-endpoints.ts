import { minutesAfter } from '../../src/clock.ts';
import type { EndpointForPerson } from '../../src/lease/endpoint-directory.ts';
import {
  aHold,
  aLease,
  alice,
  anAwsProblem,
  anEndpoint,
  anEndpointForPerson,
  aPolicy,
  aStart,
  aStatus,
  bob,
  carol,
  sampleIds,
  sampleNow,
  seenOn,
} from '../../test/builders/endpoint-for-person.ts';

/* An endpoint in every situation that a page tells of. */

const off = anEndpointForPerson(aStatus());
const onStatus = aStatus({
  state: 'on',
  reason: { code: 'kept-on-by-lease', until: minutesAfter(sampleNow, 90) },
  leases: [aLease(bob, 90), aLease(alice, 28)],
  connected: 2,
  seen: seenOn(2),
});
const on = anEndpointForPerson(onStatus, { name: 'Osaka branch' });
const starting = anEndpointForPerson(
  aStatus({
    state: 'starting',
    reason: { code: 'associating' },
    since: minutesAfter(sampleNow, -4),
    leases: [aLease(alice, 56)],
    progress: aStart(),
    seen: {
      ...seenOn(),
      associations: seenOn().associations.map((association, index) => ({
        ...association,
        status: index === 0 ? 'associated' : 'associating',
      })),
      routes: [],
    },
  }),
);
const slow = anEndpointForPerson(
  aStatus({
    state: 'starting',
    reason: { code: 'restoring-routes' },
    leases: [aLease(alice, 56)],
    progress: aStart({
      step: 'restoring-routes',
      networks: { done: 2, of: 2 },
      routes: { done: 3, of: 7 },
      elapsedSeconds: 1000,
      usualSeconds: null,
      pace: 'slow',
    }),
    seen: seenOn(),
  }),
);
const stopping = anEndpointForPerson(
  aStatus({
    state: 'stopping',
    reason: { code: 'idle', since: minutesAfter(sampleNow, -31), silent: 0 },
  }),
  { name: 'Development' },
);
const idle = anEndpointForPerson(
  aStatus({
    state: 'on',
    reason: { code: 'idle-grace', stopAt: minutesAfter(sampleNow, 12) },
    seen: seenOn(),
    startedOutside: true,
  }),
  { name: 'Shared tools', endpoint: anEndpoint({ authentication: ['certificate'] }) },
);
const gaveUp = anEndpointForPerson(
  aStatus({
    state: 'needs-attention',
    reason: {
      code: 'gave-up',
      problem: anAwsProblem(),
      retryAt: minutesAfter(sampleNow, 30),
    },
    leases: [aLease(alice, 15)],
  }),
  { name: 'Data warehouse' },
);
const problems = [
  { code: 'subnets-missing', tag: 'vpn-portal:subnets', value: '' },
  { code: 'lease-minutes-invalid', tag: 'vpn-portal:lease-minutes', value: '1h' },
] as const;
const mistagged = anEndpointForPerson(
  aStatus({ state: 'needs-attention', reason: { code: 'policy-invalid', problems } }),
  {
    name: 'Laboratory',
    mayUse: false,
    policy: { ok: false, name: 'Laboratory', groups: null, problems },
  },
);

const mistaggedOn = {
  ...mistagged,
  status: { ...mistagged.status, seen: seenOn(2), connected: 2 },
};

const heldOn = anEndpointForPerson(
  aStatus({
    state: 'on',
    reason: {
      code: 'held-on',
      until: aHold('on').until,
      by: carol.name,
      why: 'Maintenance of the file server',
    },
    hold: aHold('on'),
    heldUntil: aHold('on').until,
    leases: [aLease(alice, 28)],
    offAt: minutesAfter(sampleNow, 140),
    seen: seenOn(),
  }),
);
const heldOff = anEndpointForPerson(
  aStatus({
    reason: { code: 'held-off', until: aHold('off').until, by: carol.name, why: '' },
    hold: aHold('off', { reason: 'The network behind it is being rebuilt, ask in #network' }),
  }),
);
const heldOffInUse = anEndpointForPerson({
  ...onStatus,
  reason: { code: 'connected', connected: 2 },
  hold: aHold('off'),
  leases: [],
  heldUntil: null,
});
const endsSoon = anEndpointForPerson(
  {
    ...onStatus,
    reason: { code: 'kept-on-by-lease', until: minutesAfter(sampleNow, 20) },
    leases: [aLease(alice, 20)],
    heldUntil: minutesAfter(sampleNow, 20),
    endsSoonAt: minutesAfter(sampleNow, 20),
    lacksRules: true,
  },
  {
    policy: {
      ok: true,
      policy: aPolicy({
        latestHour: { hour: 11, minute: 22, timeZone: 'Asia/Tokyo' },
        latestHourCutsOff: true,
      }),
    },
  },
);
const silent = anEndpointForPerson(
  { ...idle.status, connected: 2, seen: seenOn(2), offAt: minutesAfter(sampleNow, 12) },
  { policy: { ok: true, policy: aPolicy({ silentMinutes: 120 }) } },
);
const stopped = anEndpointForPerson(
  aStatus({ stoppedAt: minutesAfter(sampleNow, -50), since: minutesAfter(sampleNow, -45) }),
);
const beingStopped = anEndpointForPerson(
  aStatus({
    state: 'stopping',
    reason: { code: 'stopped-by-an-administrator', by: carol.name },
    stoppedAt: minutesAfter(sampleNow, -1),
    connected: 2,
    seen: seenOn(2),
  }),
);
const rehearsed = anEndpointForPerson(onStatus, {
  schedule: { at: minutesAfter(sampleNow, -1), dryRun: true },
  ending: [sampleIds.connectionA],
});

export const endpoints: Readonly<Record<string, EndpointForPerson>> = {
  off,
  on,
  starting,
  slow,
  stopping,
  idle,
  'gave-up': gaveUp,
  mistagged,
  'mistagged-on': mistaggedOn,
  'held-on': heldOn,
  'held-off': heldOff,
  'held-off-in-use': heldOffInUse,
  'ends-soon': endsSoon,
  silent,
  stopped,
  'being-stopped': beingStopped,
  rehearsed,
};
