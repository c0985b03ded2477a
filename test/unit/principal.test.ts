import { describe, expect, it } from '@jest/globals';

import { can, capabilitiesOf, maySee, mayUse } from '../../src/identity/principal.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { IdentityError } from '../../src/identity/verifier.ts';

const administrator = [
  'connection:terminate',
  'endpoint:hold',
  'endpoint:see-all',
  'endpoint:stop',
  'endpoint:use',
  'schedule:pause',
  'usage:read',
  'audit:read',
] as const;
const auditor = ['endpoint:see-all', 'usage:read', 'audit:read'];
const roles = { adminGroups: ['admins'], auditorGroups: ['auditors', 'revision'] };

function of(...groups: string[]): Principal {
  return { id: 'sub', name: 'x', groups, capabilities: capabilitiesOf(groups, roles) };
}

describe('capabilities', () => {
  it.each<[string, string[], string[]]>([
    ['whoever is signed in', [], ['endpoint:use']],
    ['an employee', ['tokyo'], ['endpoint:use']],
    ['an administrator', ['tokyo', 'admins'], [...administrator]],
    ['an auditor', ['tokyo', 'revision'], [...auditor]],
    ['an auditor who administrates', ['auditors', 'admins'], [...administrator]],
  ])('of %s', (_, groups, capabilities) => {
    const principal = of(...groups);
    expect([...principal.capabilities].sort()).toEqual(capabilities.sort());
    for (const capability of administrator) {
      expect(can(principal, capability)).toBe(capabilities.includes(capability));
    }
  });

  it('are not given by a group of nearly the same name, nor where no group is set', () => {
    expect(capabilitiesOf(['admins2', 'Admins', 'admin', ''], roles)).toEqual(
      new Set(['endpoint:use']),
    );
    const unset = { adminGroups: [], auditorGroups: [] };
    expect(capabilitiesOf(['admins', ''], unset)).toEqual(new Set(['endpoint:use']));
  });
});

describe('an endpoint', () => {
  it.each<[string, Principal, readonly string[] | null, boolean, boolean]>([
    ['of everyone, to an employee', of('tokyo'), null, true, true],
    ['of their group, to an employee', of('osaka', 'tokyo'), ['kyoto', 'tokyo'], true, true],
    ['of another group, to an employee', of('osaka'), ['kyoto', 'tokyo'], false, false],
    ['of nobody, to an employee', of('osaka'), [], false, false],
    ['of another group, to an administrator', of('admins'), ['tokyo'], true, true],
    ['of another group, to an auditor', of('auditors'), ['tokyo'], true, false],
    ['of their group, to an auditor', of('auditors', 'tokyo'), ['tokyo'], true, false],
  ])('%s', (_, principal, groups, seen, used) => {
    expect(maySee(principal, groups)).toBe(seen);
    expect(mayUse(principal, groups)).toBe(used);
  });
});

describe('an identity that could not be verified', () => {
  it('says why, and keeps what caused it', () => {
    const cause = new Error('below');
    const error = new IdentityError('wrong-signer', { cause });
    expect(error).toMatchObject({ name: 'IdentityError', problem: 'wrong-signer', cause });
    expect(error.message).toContain('wrong-signer');
  });
});
