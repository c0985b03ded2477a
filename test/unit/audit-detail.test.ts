import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { detailText, readDetail } from '../../src/audit/audit-detail.ts';
import type { AuditDetail } from '../../src/audit/audit-detail.ts';
import { auditActions } from '../../src/audit/audit-log.ts';
import type { AuditAction } from '../../src/audit/audit-log.ts';
import { hostileText } from '../builders/hostile-text.ts';

const time = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2999-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const perhaps = fc.option(time);

/** Each kind with the actions whose entries have it. */
const details: fc.Arbitrary<readonly [AuditAction, AuditDetail]> = fc.oneof(
  fc.tuple(
    fc.constant<AuditAction>('request-lease'),
    fc.oneof(
      fc.record({ kind: fc.constant('until' as const), until: time }),
      fc.record({ kind: fc.constant('minutes' as const), minutes: fc.option(fc.nat()) }),
    ),
  ),
  fc.tuple(
    fc.constant<AuditAction>('hold'),
    fc.record({
      kind: fc.constant('hold' as const),
      hold: fc.constantFrom('on', 'off', null),
      until: perhaps,
      why: hostileText,
    }),
  ),
  fc.tuple(
    fc.constant<AuditAction>('pause-stopping'),
    fc.record({ kind: fc.constant('pause' as const), until: perhaps, why: hostileText }),
  ),
  fc.tuple(
    fc.constantFrom<AuditAction>('associate', 'restore-routes', 'disassociate'),
    fc.record({
      kind: fc.constant('reason' as const),
      code: fc.constantFrom('idle', 'lease-held', 'latest-hour'),
      silent: fc.nat(),
    }),
  ),
  fc.tuple(
    fc.constant<AuditAction>('terminate-connection'),
    fc.record({
      kind: fc.constant('termination' as const),
      connectionId: fc.constant('cvpn-connection-0a1b2c3d4e5f67890'),
      by: hostileText,
    }),
  ),
  fc.tuple(
    fc.constant<AuditAction>('further-refusals'),
    fc.record({
      kind: fc.constant('refusals' as const),
      further: fc.option(fc.nat()),
      since: time,
    }),
  ),
);

describe('the detail of an entry', () => {
  it('is read back from its text as it was written, whatever people have called things', () => {
    fc.assert(
      fc.property(details, ([action, detail]) => {
        expect(readDetail({ action, detail: detailText(detail) })).toEqual(detail);
      }),
    );
  });

  it('is the stored text itself where that is in no form of its action', () => {
    fc.assert(
      fc.property(fc.constantFrom(...auditActions), hostileText, (action, text) => {
        expect(detailText(readDetail({ action, detail: text }))).toBe(text);
      }),
    );
  });

  it.each<[AuditAction, string]>([
    ['open-page', 'until 2026-03-20T07:30:00.000Z'],
    ['request-lease', 'on until 2026-03-20T07:30:00.000Z: Maintenance'],
    ['request-lease', 'until 2026-13-99T99:99:99.999Z'],
    ['connect', 'idle'],
    ['further-refusals', '3 more, in the minute from 2026-13-99T99:99:99.999Z'],
  ])('is not read in the form of another action (%s: %s)', (action, text) => {
    expect(readDetail({ action, detail: text })).toEqual({ kind: 'text', text });
  });
});
