import { describe, expect, it } from '@jest/globals';

import type { ConnectionTraffic } from '../../src/lease/endpoint-record.ts';
import { decide } from '../../src/reconcile/decide.ts';
import type { Connection } from '../../src/vpn/connection.ts';
import { aPolicy } from '../builders/endpoint-for-person.ts';
import { ago, ahead, anIdleSituation } from '../builders/endpoint-record.ts';
import { aConnection, anOnObservation, connectionId } from '../builders/observation.ts';

const forgotten = aConnection({ id: connectionId(1), ingressBytes: 3, egressBytes: 4 });
const other = aConnection({ id: connectionId(2) });
const silentSince = (minutes: number, { id } = forgotten, bytes = 7): ConnectionTraffic => ({
  connectionId: id,
  bytes,
  movedAt: ago(minutes),
});

interface Circumstances {
  readonly lastConnectedAt?: Date;
  readonly silentMinutes?: number | null;
}

/** Two hours on, a grace of 30 minutes, and a connection counts for 60 after its last byte. */
function decideWith(
  connections: readonly Connection[],
  traffic: readonly ConnectionTraffic[],
  { lastConnectedAt = ago(30), silentMinutes = 60 }: Circumstances = {},
) {
  const policy = { ok: true, policy: aPolicy({ silentMinutes }) } as const;
  const observation = anOnObservation({ connections });
  return decide(anIdleSituation({ policy, observation }, { traffic, lastConnectedAt }));
}

const usedBy = (connected: number) => ({
  action: { kind: 'nothing' },
  state: 'on',
  reason: { code: 'connected', connected },
});

describe('a connection that has moved nothing for too long', () => {
  it('does not keep it on, and is named where that was the reason', () => {
    expect(decideWith([forgotten], [silentSince(60)])).toMatchObject({
      action: { kind: 'disassociate', because: 'idle' },
      state: 'stopping',
      reason: { code: 'idle', since: ago(30), silent: 1 },
    });
  });

  it('has counted until the last pass that counted it, and the grace runs from there', () => {
    const decision = decideWith([forgotten], [silentSince(60)], { lastConnectedAt: ago(1) });
    expect(decision).toMatchObject({
      action: { kind: 'nothing' },
      state: 'on',
      reason: { code: 'idle-grace', stopAt: ahead(29) },
    });
  });

  it('does not keep others from keeping it on, who alone are counted', () => {
    const both = [forgotten, other];
    const traffic = [silentSince(60), silentSince(59, other, 0)];
    expect(decideWith(both, traffic)).toMatchObject(usedBy(1));
    expect(decideWith(both, [silentSince(60), silentSince(60, other, 0)])).toMatchObject({
      reason: { code: 'idle', silent: 2 },
    });
  });

  it('counts again as soon as it moves a byte', () => {
    expect(decideWith([{ ...forgotten, egressBytes: 5 }], [silentSince(600)])).toMatchObject(
      usedBy(1),
    );
  });

  it('counts where the endpoint’s tags do not ask for silence', () => {
    const decision = decideWith([forgotten], [silentSince(6000)], { silentMinutes: null });
    expect(decision).toMatchObject(usedBy(1));
  });
});

describe('a connection', () => {
  it('counts until the very end of its silence', () => {
    expect(decideWith([forgotten], [silentSince(59.99)])).toMatchObject(usedBy(1));
  });

  it('that is new counts, whatever it has moved', () => {
    expect(decideWith([other], [])).toMatchObject(usedBy(1));
  });

  it('that has ended is not told as silent', () => {
    const ended = { ...forgotten, status: 'terminated' as const, endedAt: ago(30) };
    expect(decideWith([ended], [silentSince(60)])).toMatchObject({
      reason: { code: 'idle', since: ago(30), silent: 0 },
    });
  });
});
