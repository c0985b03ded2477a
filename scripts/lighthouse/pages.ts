import { sampleEndpoints } from '../local/sample-world.ts';

/** A page of the portal, as one person sees it. */
export interface Visit {
  /** The row of the table. */
  readonly name: string;
  /** `null` for nobody. */
  readonly person: 'alice' | 'bob' | 'carol' | 'dave' | null;
  readonly address: string;
  /** Read at a desk rather than on a phone; these are audited in both settings. */
  readonly isWide: boolean;
  /** Answers with a status that is an error, as it is meant to. */
  readonly isError: boolean;
}

const endpoint = (key: keyof typeof sampleEndpoints): string =>
  `/endpoints/${sampleEndpoints[key]}`;

function visit(
  name: string,
  person: Visit['person'],
  address: string,
  kind: 'wide' | 'error' | null = null,
): Visit {
  return { name, person, address, isWide: kind === 'wide', isError: kind === 'error' };
}

/** Every page, with the endpoints in the states that `scripts/lighthouse.ts` puts them into. */
export const visits: readonly Visit[] = [
  visit('home, employee', 'alice', '/'),
  visit('home, administrator', 'carol', '/', 'wide'),
  visit('home, auditor', 'dave', '/'),
  visit('endpoint on', 'alice', endpoint('tokyoOffice')),
  visit('endpoint on, administrator', 'carol', endpoint('tokyoOffice'), 'wide'),
  visit('endpoint starting', 'bob', endpoint('osakaLab')),
  visit('endpoint off', 'bob', endpoint('nagoyaPlant')),
  visit('endpoint off, auditor', 'dave', endpoint('nagoyaPlant')),
  visit('endpoint needs attention', 'alice', endpoint('buildNetwork')),
  visit('stop confirmation', 'carol', `/admin${endpoint('tokyoOffice')}/stop`),
  visit('history', 'alice', '/history', 'wide'),
  visit('overview', 'carol', '/admin', 'wide'),
  visit('usage', 'carol', '/admin/usage', 'wide'),
  visit('usage of a person', 'dave', '/admin/usage?person=alice%40example.com'),
  visit('usage of no month', 'carol', '/admin/usage?month=March', 'error'),
  visit('audit', 'dave', '/admin/audit', 'wide'),
  visit('not permitted', 'alice', '/admin/usage', 'error'),
  visit('not found', 'alice', '/nowhere', 'error'),
  visit('signed out', null, '/signed-out'),
];
