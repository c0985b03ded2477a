import { describe, expect, it } from '@jest/globals';

import { judgePermissions, triedActions } from '../../scripts/doctor/permissions.ts';
import type { Allowance, Role, TriedAction } from '../../scripts/doctor/permissions.ts';
import { onlyOf, outcomesOf } from './doctor-samples.ts';

const allowed: Allowance = { kind: 'allowed', despite: null };
const refused: Allowance = { kind: 'refused' };

function judge(action: TriedAction, allowance: Allowance, role: Role | null) {
  return onlyOf(judgePermissions([{ action, allowance }], 'Somebody', role));
}

describe('what dry runs tell of the permissions', () => {
  it('is said of each action', () => {
    const tried = triedActions.map((action) => ({ action, allowance: allowed }));
    expect(outcomesOf(judgePermissions(tried, 'Somebody', null))).toEqual(
      triedActions.map(() => 'ok'),
    );
  });

  it.each<[TriedAction, Role, 'ok' | 'problem', 'ok' | 'problem']>([
    ['AssociateClientVpnTargetNetwork', 'portal', 'ok', 'problem'],
    ['CreateClientVpnRoute', 'portal', 'ok', 'problem'],
    ['ExportClientVpnClientConfiguration', 'portal', 'ok', 'problem'],
    ['DisassociateClientVpnTargetNetwork', 'portal', 'problem', 'ok'],
    ['TerminateClientVpnConnections', 'portal', 'problem', 'ok'],
    ['AssociateClientVpnTargetNetwork', 'reconciler', 'ok', 'problem'],
    ['CreateClientVpnRoute', 'reconciler', 'ok', 'problem'],
    ['ExportClientVpnClientConfiguration', 'reconciler', 'ok', 'ok'],
    ['DisassociateClientVpnTargetNetwork', 'reconciler', 'ok', 'problem'],
    ['TerminateClientVpnConnections', 'reconciler', 'ok', 'problem'],
  ])('%s for the %s: allowed is %s, refused is %s', (action, role, whenAllowed, whenRefused) => {
    expect(judge(action, allowed, role).outcome).toBe(whenAllowed);
    expect(judge(action, refused, role).outcome).toBe(whenRefused);
  });

  it("says nothing about the roles where somebody's own credentials are refused", () => {
    const { outcome, sentence } = judge('CreateClientVpnRoute', refused, null);
    expect(outcome).toBe('warning');
    expect(sentence).toContain('Somebody may not call ec2:CreateClientVpnRoute');
    expect(sentence).toContain('says nothing about the roles');
  });

  it('says so where AWS has found something else wrong', () => {
    const despite: Allowance = { kind: 'allowed', despite: 'IncorrectState' };
    const { outcome, sentence } = judge('CreateClientVpnRoute', despite, null);
    expect(outcome).toBe('ok');
    expect(sentence).toContain('as far as a dry run tells');
    expect(sentence).toContain('IncorrectState');
  });

  it('is nothing where the answer says neither', () => {
    const unclear: Allowance = { kind: 'unclear', code: 'InternalError' };
    for (const role of ['portal', 'reconciler', null] as const) {
      const { outcome, sentence } = judge('CreateClientVpnRoute', unclear, role);
      expect(outcome).toBe('not-checked');
      expect(sentence).toContain('InternalError');
    }
  });
});
