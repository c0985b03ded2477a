import { inspect } from 'node:util';

import { findings, valueAt } from './settings-checks.ts';
import type { Finding, Place } from './settings-checks.ts';
import { portalSettings } from './settings.ts';
import type { PortalSettings } from './settings.ts';

/** All that is wrong with a settings file, each problem with its place and its remedy. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const head =
      problems.length === 1
        ? 'The settings have a problem. Nothing was synthesised.'
        : `The settings have ${problems.length} problems. Nothing was synthesised.`;
    super([head, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

/**
 * @param settings what a settings file exports, whatever it is: Node runs it without checking types
 * @throws {SettingsError} with one sentence for each problem, in the order of the settings
 */
export function readSettings(settings: unknown): PortalSettings {
  const parsed = portalSettings.safeParse(settings);
  const wrong = parsed.success ? [] : parsed.error.issues.flatMap(findingsOf);
  const problems = [...wrong, ...findings(settings)].map((finding) => sentence(settings, finding));
  if (!parsed.success || problems.length > 0) throw new SettingsError([...new Set(problems)]);
  return parsed.data;
}

type Issue = NonNullable<ReturnType<typeof portalSettings.safeParse>['error']>['issues'][number];

function findingsOf(issue: Issue): readonly Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      place: [...issue.path, key],
      rule: 'is no setting: take it out, or spell it as infra/settings.example.ts does',
    }));
  }
  return [{ place: issue.path, rule: issue.message }];
}

/** `signIn.sessionHours is 168: it must be …` */
function sentence(settings: unknown, { place, rule }: Finding): string {
  const name = nameOf(place);
  if (rule.startsWith('is ')) return `${name} ${rule}.`;
  const value = valueAt(settings, place);
  if (value === undefined) return `${name} is not set: it ${rule}.`;
  return `${name} is ${shortened(value)}: it ${rule}.`;
}

function nameOf(place: Place): string {
  if (place.length === 0) return 'the settings';
  return place
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const word = String(key);
      if (!/^\w+$/.test(word)) return `[${JSON.stringify(word)}]`;
      return index === 0 ? word : `.${word}`;
    })
    .join('');
}

function shortened(value: unknown): string {
  const written = typeof value === 'function' ? 'a function' : writtenOut(value);
  return written.length > 80 ? `${written.slice(0, 77)}…` : written;
}

/** As JSON, which looks like the settings; and what JSON cannot say, as Node prints it. */
function writtenOut(value: unknown): string {
  const asNode = (): string =>
    inspect(value, { depth: 2, breakLength: Infinity, customInspect: false });
  if (typeof value === 'symbol' || typeof value === 'bigint') return asNode();
  try {
    return JSON.stringify(value);
  } catch {
    return asNode();
  }
}
