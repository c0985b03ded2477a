import { samplePeople } from '../alb/people.ts';
import { sampleEndpoints, sampleSubnets } from '../sample-world.ts';

/** Somebody of the history. Those who can sign in at the local stack are among them. */
export interface Colleague {
  readonly id: string;
  /** As they sign in, in the portal and in the VPN client. */
  readonly name: string;
  /** How often they need the VPN, in proportion to the others. */
  readonly eagerness: number;
}

export interface Office {
  readonly endpointId: string;
  readonly subnets: readonly string[];
  readonly colleagues: readonly Colleague[];
}

const givenNames = {
  tokyo: [
    'emiko.sato',
    'haruto.suzuki',
    'yui.takahashi',
    'ren.tanaka',
    'sakura.ito',
    'minato.watanabe',
    'hina.yamamoto',
    'sota.nakamura',
    'mei.kobayashi',
    'daiki.kato',
    'aoi.yoshida',
    'kenta.yamada',
    'nanami.sasaki',
  ],
  osaka: [
    'riku.yamaguchi',
    'misaki.matsumoto',
    'tsubasa.inoue',
    'kaito.kimura',
    'honoka.hayashi',
    'yuto.shimizu',
    'akari.yamazaki',
  ],
} as const;

function signIn(key: string): Colleague {
  const person = samplePeople.find((each) => each.key === key);
  if (person === undefined) throw new Error(`nobody signs in as ${key}`);
  return { id: person.subject, name: person.email, eagerness: 4 };
}

function others(names: readonly string[], salt: number): readonly Colleague[] {
  return names.map((name, index) => ({
    id: `${(salt + index).toString(16).padStart(8, '0')}-c0de-7005-8000-5b8e6f9a1d00`,
    name: `${name}@example.com`,
    // From those who live in it to those who open it once in a while.
    eagerness: [4.5, 3, 2, 1, 0.4][index % 5] ?? 1,
  }));
}

/** The third endpoint is tagged wrongly: nobody could ever switch it on. */
export const offices: readonly Office[] = [
  {
    endpointId: sampleEndpoints.tokyoOffice,
    subnets: [sampleSubnets.tokyoA, sampleSubnets.tokyoC],
    colleagues: [signIn('alice'), ...others(givenNames.tokyo, 0x17d4da00)],
  },
  {
    endpointId: sampleEndpoints.osakaLab,
    subnets: [sampleSubnets.osakaA],
    colleagues: [signIn('bob'), ...others(givenNames.osaka, 0x27d4da00)],
  },
];

export const administrator: Colleague = { ...signIn('carol'), eagerness: 0 };
