import { describe, expect, it } from '@jest/globals';

import { secondsAfter, secondsBetween } from '../../src/clock.ts';
import type { Trouble } from '../../src/lease/endpoint-record.ts';
import {
  afterFailure,
  associationFailure,
  troubleWithAssociations,
  troubleWithRoutes,
  withFailedAssociations,
} from '../../src/reconcile/trouble.ts';
import type { AwsProblem } from '../../src/vpn/observation.ts';
import { anAwsProblem, sampleNow } from '../builders/endpoint-for-person.ts';
import { aStartIntent, aTrouble } from '../builders/endpoint-record.ts';
import { anAssociation, anotherAssociation } from '../builders/observation.ts';

function afterFailures(count: number, kind: AwsProblem['kind']): Trouble {
  let trouble: Trouble | null = null;
  for (let failure = 0; failure < count; failure += 1) {
    trouble = afterFailure(trouble, anAwsProblem({ kind }), sampleNow);
  }
  if (trouble === null) throw new Error('no failure, no trouble');
  return trouble;
}

describe('the trouble of a start', () => {
  it('waits twice as long after each failure, and a minute at most', () => {
    const waits = [1, 2, 3, 4, 5, 6, 12].map((count) =>
      secondsBetween(sampleNow, afterFailures(count, 'busy').retryAt),
    );
    expect(waits).toEqual([5, 10, 20, 40, 60, 60, 60]);
  });

  it.each<[AwsProblem['kind'], number]>([
    ['busy', 60],
    ['unreachable', 12],
    ['unknown', 5],
    ['misconfigured', 3],
    ['not-allowed', 3],
  ])('of the kind %s is given up after %i tries, and not before', (kind, most) => {
    expect(afterFailures(most - 1, kind).gaveUp).toBe(false);
    const last = afterFailures(most, kind);
    expect(last).toMatchObject({ gaveUp: true, tries: most, at: sampleNow });
    expect(last.retryAt).toEqual(secondsAfter(sampleNow, 15 * 60));
  });

  it('tells the latest problem', () => {
    const problem = anAwsProblem({ message: 'another one' });
    expect(afterFailure(aTrouble(), problem, sampleNow)).toMatchObject({ problem, tries: 2 });
  });

  it('stays given up, whatever fails the next time', () => {
    const before = aTrouble({ tries: 3, gaveUp: true });
    const after = afterFailure(before, anAwsProblem({ kind: 'busy' }), sampleNow);
    expect(after).toMatchObject({ gaveUp: true, tries: 4 });
  });
});

describe('the troubles of two operations', () => {
  const withRoutes = anAwsProblem({ operation: 'CreateClientVpnRoute' });
  const withNetworks = anAwsProblem({ operation: 'AssociateClientVpnTargetNetwork' });

  it('are counted apart', () => {
    const before = aTrouble({ problem: withNetworks, tries: 2 });
    const after = afterFailure(before, withRoutes, sampleNow);
    expect(after).toMatchObject({ problem: withRoutes, tries: 1, gaveUp: false });
  });

  it('are given up apart', () => {
    const before = aTrouble({ problem: withNetworks, tries: 3, gaveUp: true });
    expect(afterFailure(before, withRoutes, sampleNow)).toMatchObject({ tries: 1, gaveUp: false });
  });

  it('keep one another from nothing', () => {
    const ofRoutes = aStartIntent({ trouble: aTrouble({ problem: withRoutes }) });
    const ofNetworks = aStartIntent({ trouble: aTrouble({ problem: withNetworks }) });
    expect(troubleWithRoutes(ofRoutes)).toBe(ofRoutes.trouble);
    expect(troubleWithAssociations(ofRoutes)).toBeNull();
    expect(troubleWithRoutes(ofNetworks)).toBeNull();
    expect(troubleWithAssociations(ofNetworks)).toBe(ofNetworks.trouble);
    expect(troubleWithRoutes(aStartIntent())).toBeNull();
    expect(troubleWithAssociations(aStartIntent())).toBeNull();
  });
});

describe('associations that AWS reports as failed', () => {
  const failed = anAssociation({ status: 'association-failed', message: '' });
  const other = anotherAssociation({ status: 'association-failed', message: 'No capacity' });

  it('are counted once each, and make the next try a new request', () => {
    const start = withFailedAssociations(aStartIntent(), [failed, other], sampleNow);
    expect(start).toMatchObject({
      round: 2,
      failedAssociations: [failed.id, other.id],
      trouble: { tries: 2, gaveUp: false, problem: { message: 'No capacity' } },
    });
    expect(withFailedAssociations(start, [failed, other], sampleNow)).toBe(start);
  });

  it('are told in the words of AWS, if it has any', () => {
    expect(associationFailure([failed, other])).toMatchObject({
      operation: 'AssociateClientVpnTargetNetwork',
      code: 'association-failed',
      message: 'No capacity',
    });
    expect(associationFailure([failed]).message).toBe('');
  });
});
