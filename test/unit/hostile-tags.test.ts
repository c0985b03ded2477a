import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { capabilitiesOf, maySee, mayUse } from '../../src/identity/principal.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { languages } from '../../src/web/locales/index.ts';
import { compileTemplates } from '../../src/web/templates.ts';
import { endpointView } from '../../src/web/view-models/endpoint-view.ts';
import { homeView } from '../../src/web/view-models/home-view.ts';
import { managedTag } from '../../src/vpn/endpoint.ts';
import { parsePolicy, policyTags } from '../../src/vpn/policy.ts';
import type { ParsedPolicy, Policy } from '../../src/vpn/policy.ts';
import {
  aLease,
  alice,
  anEndpoint,
  anEndpointForPerson,
  aStatus,
  carol,
  onFor,
  sampleIds,
  sampleNow,
} from '../builders/endpoint-for-person.ts';
import { frameInput } from '../builders/frame-input.ts';
import { hostileText, reflectedMarkup } from '../builders/hostile-text.ts';

/* Whatever somebody writes into the tags of an endpoint, or into the groups of a person. */

const render = compileTemplates(path.join(import.meta.dirname, '../../views'));

const aTagName = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(managedTag, 'Name', ...Object.values(policyTags)) },
  { weight: 1, arbitrary: hostileText },
);
const someTags = fc
  .tuple(
    fc.array(fc.tuple(aTagName, hostileText), { maxLength: 8 }),
    fc.boolean().map((isSound) => (isSound ? [[policyTags.subnets, sampleIds.subnetA]] : [])),
  )
  .map(([hostile, sound]) => new Map([...hostile, ...sound] as [string, string][]));

const nameOf = (policy: ParsedPolicy): string => (policy.ok ? policy.policy.name : policy.name);

function isWithinBounds({ groups, idleGraceMinutes, leaseMinutes, subnets }: Policy): boolean {
  const minutes = [idleGraceMinutes, ...leaseMinutes];
  return (
    subnets.length > 0 &&
    groups?.length !== 0 &&
    minutes.length > 1 &&
    minutes.every((each) => Number.isInteger(each) && each >= 1 && each <= 24 * 60)
  );
}

describe('whatever the tags of an endpoint say', () => {
  it('is a policy within its bounds, or problems from the list', () => {
    fc.assert(
      fc.property(someTags, fc.boolean(), (tags, transitGateway) => {
        const parsed = parsePolicy(anEndpoint({ tags, transitGateway }));
        expect(nameOf(parsed)).not.toBe('');
        expect(nameOf(parsed).length).toBeLessThanOrEqual(80);
        const isWithin = parsed.ok ? isWithinBounds(parsed.policy) : parsed.problems.length > 0;
        expect(isWithin).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('is text on the pages, in every language, and never markup', () => {
    fc.assert(
      fc.property(
        someTags,
        hostileText,
        fc.constantFrom(...languages),
        fc.boolean(),
        (tags, words, language, isAdministrator) => {
          const endpoint = anEndpoint({ tags, description: words });
          const policy = parsePolicy(endpoint);
          const lease = { ...aLease(alice, 30), personName: words };
          const status = policy.ok
            ? onFor(30, { leases: [lease] })
            : aStatus({
                state: 'needs-attention',
                reason: { code: 'policy-invalid', problems: policy.problems },
              });
          const shown = anEndpointForPerson(status, { endpoint, policy, name: nameOf(policy) });
          const viewer = { ...(isAdministrator ? carol : alice), name: words };
          const input = frameInput(viewer, language);
          const home = { endpoints: [shown], readAt: sampleNow, schedule: null };
          for (const view of [
            endpointView({ ...input, endpoint: shown }),
            homeView({ ...input, ...home }),
          ]) {
            const html = render('layouts/page', view);
            expect(reflectedMarkup.exec(html)).toBeNull();
            expect(html).not.toContain('[object ');
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('pollutes no prototype', () => {
    const tags = new Map([
      ['__proto__', 'polluted'],
      ['constructor', 'polluted'],
    ]);
    parsePolicy(anEndpoint({ tags }));
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted');
    expect(parsePolicy(anEndpoint({ tags })).ok).toBe(false);
  });
});

describe('whatever groups somebody has', () => {
  const someGroups = fc.array(hostileText, { maxLength: 6 });
  const roles = { adminGroups: ['admins'], auditorGroups: ['auditors'] };
  const personIn = (groups: readonly string[]): Principal => ({
    ...alice,
    groups,
    capabilities: capabilitiesOf(groups, roles),
  });

  it('makes nobody an administrator but the group that is one, to the letter', () => {
    fc.assert(
      fc.property(someGroups, fc.boolean(), (groups, isAdmin) => {
        const person = personIn(isAdmin ? [...groups, 'admins'] : groups);
        expect(person.capabilities.has('endpoint:stop')).toBe(isAdmin);
        expect(person.capabilities.has('audit:read')).toBe(isAdmin);
      }),
      { numRuns: 1000 },
    );
  });

  it('shows nobody an endpoint without a group in common', () => {
    fc.assert(
      fc.property(someGroups, someGroups, (own, needed) => {
        const person = personIn(own);
        const isMember = needed.some((group) => own.includes(group));
        expect(maySee(person, needed)).toBe(isMember);
        expect(mayUse(person, needed)).toBe(isMember);
      }),
      { numRuns: 1000 },
    );
  });
});
