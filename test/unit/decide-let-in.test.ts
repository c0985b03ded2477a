import { describe, expect, it } from '@jest/globals';

import { secondsAfter } from '../../src/clock.ts';
import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Decision } from '../../src/reconcile/decision.ts';
import { aHold, aPause, aPolicy, sampleNow } from '../builders/endpoint-for-person.ts';
import { aStopRequest, ago, anIdleSituation } from '../builders/endpoint-record.ts';

/** On for two hours, idle but for a client that was let in. */
function decided(
  lastAttemptAt: Date | null,
  idleGraceMinutes: number,
  record: Partial<EndpointRecord> = {},
): Decision {
  const policy = { ok: true as const, policy: aPolicy({ idleGraceMinutes }) };
  return decide(anIdleSituation({ policy }, { lastAttemptAt, ...record }));
}

const stops = { action: { kind: 'disassociate' }, state: 'stopping' };
const staysUntil = (stopAt: Date) => ({
  action: { kind: 'nothing' },
  state: 'on',
  reason: { code: 'idle-grace', stopAt },
});

describe('a client that was let in, and that AWS does not list', () => {
  it('begins the idle grace again', () => {
    expect(decided(ago(29), 30)).toMatchObject(staysUntil(secondsAfter(sampleNow, 60)));
    expect(decided(ago(30), 30)).toMatchObject({
      ...stops,
      reason: { code: 'idle', since: ago(30) },
    });
    expect(decided(null, 30)).toMatchObject(stops);
  });

  it('counts for two minutes where the grace is shorter', () => {
    expect(decided(secondsAfter(sampleNow, -119), 1)).toMatchObject(
      staysUntil(secondsAfter(sampleNow, 1)),
    );
    expect(decided(ago(2), 1)).toMatchObject(stops);
  });

  it('counts for no longer than the grace where that is two minutes', () => {
    expect(decided(secondsAfter(sampleNow, -119), 2)).toMatchObject(
      staysUntil(secondsAfter(sampleNow, 1)),
    );
    expect(decided(ago(2), 2)).toMatchObject(stops);
  });

  it('is not what counts where somebody needed it later', () => {
    expect(decided(ago(40), 30, { lastReleaseAt: ago(10) })).toMatchObject(
      staysUntil(secondsAfter(ago(10), 30 * 60)),
    );
  });

  it('keeps what is held off from going for those two minutes, and for no grace', () => {
    const hold = aHold('off');
    expect(decided(secondsAfter(sampleNow, -119), 30, { hold })).toMatchObject(
      staysUntil(secondsAfter(sampleNow, 1)),
    );
    expect(decided(ago(2), 30, { hold })).toMatchObject({
      ...stops,
      reason: { code: 'held-off' },
    });
    expect(decided(null, 30, { hold })).toMatchObject(stops);
  });

  it('does not keep what is held off from waiting for a pause', () => {
    const pausing = { kind: 'paused', pause: aPause() } as const;
    const hold = aHold('off');
    for (const lastAttemptAt of [null, ago(2)]) {
      expect(decide(anIdleSituation({ pausing }, { hold, lastAttemptAt }))).toMatchObject({
        action: { kind: 'nothing' },
        reason: { code: 'stopping-paused' },
      });
    }
  });

  it('does not stand in the way of a stop that an administrator has ordered', () => {
    expect(decided(ago(0.5), 30, { stopRequest: aStopRequest(0.1) })).toMatchObject({
      ...stops,
      action: { because: 'requested' },
    });
  });
});
