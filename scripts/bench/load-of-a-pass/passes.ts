import { alone } from '../figures/figure.ts';
import type { Figure } from '../figures/figure.ts';
import { table } from '../table.ts';
import { measurePasses } from './measured-passes.ts';
import type { MeasuredPass } from './measured-passes.ts';

const endpoints = 100;
/** As EC2 limits an account. */
const bucket = { capacity: 100, perSecond: 10 };

/**
 * Prints what a run of the schedule over many endpoints asks of EC2, and how long EC2's limit on
 * calls makes it last. Takes about fifty seconds.
 */
export async function measurePassesOfMany(): Promise<readonly Figure[]> {
  console.log(
    `${endpoints} endpoints, half of them on, under a limit of ${bucket.capacity} calls at once and ${bucket.perSecond} more a second`,
  );
  const passes = await measurePasses({ endpoints, bucket });
  const kinds = [
    ...new Map(
      passes
        .flatMap(({ calls }) => calls)
        .map((call) => [`${call.operation} ${call.endpoints}`, call] as const),
    ).values(),
  ];
  const count = (pass: MeasuredPass, kind: (typeof kinds)[number]): number =>
    pass.calls.find(
      (call) => call.operation === kind.operation && call.endpoints === kind.endpoints,
    )?.count ?? 0;
  const total = ({ calls }: MeasuredPass): number =>
    calls.reduce((sum, call) => sum + call.count, 0);
  const row = (what: string, cell: (pass: MeasuredPass) => string): readonly string[] => [
    what,
    ...passes.map(cell),
  ];
  const lines = [
    row('', ({ what }) => what),
    ...kinds.map((kind) =>
      row(labelOf(kind), (pass) => {
        const calls = count(pass, kind);
        if (kind.endpoints === 'all' || calls === 0) return String(calls);
        return `${calls} (${(calls / (endpoints / 2)).toFixed(2)} each)`;
      }),
    ),
    row('calls answered', (pass) => String(total(pass))),
    row('throttled', ({ throttled }) => String(throttled)),
    row('endpoints left unread', ({ unread }) => String(unread)),
    row('seconds, as the limit allows', (pass) =>
      Math.max(0, (total(pass) - bucket.capacity) / bucket.perSecond).toFixed(1),
    ),
    row('seconds', ({ seconds }) => seconds.toFixed(1)),
  ];
  for (const line of table(lines, 'right')) console.log(line);
  return figuresOf(passes);
}

function figuresOf(passes: readonly MeasuredPass[]): readonly Figure[] {
  const most = (of: (pass: MeasuredPass) => number): number => Math.max(...passes.map(of));
  const callsOfOneOn = ({ calls }: MeasuredPass): number =>
    calls
      .filter(({ endpoints: kind }) => kind === 'on')
      .reduce((sum, { count }) => sum + count, 0) /
    (endpoints / 2);
  const limitedBy = "EC2's limit on an account's calls";
  return [
    alone(
      `A pass over ${endpoints} endpoints, half on: the longest`,
      { value: most(({ seconds }) => seconds), unit: 's' },
      { budget: 'passSeconds', limitedBy },
    ),
    alone(
      'most calls of EC2 for an endpoint that is on',
      { value: most(callsOfOneOn), unit: 'calls' },
      { budget: 'passCalls', limitedBy: 'there is no operation that answers for several' },
    ),
    alone(
      'endpoints left unread',
      { value: most(({ unread }) => unread), unit: 'endpoints' },
      { budget: 'passUnread', limitedBy },
    ),
  ];
}

function labelOf({ endpoints: kind, operation }: MeasuredPass['calls'][number]): string {
  return kind === 'all' ? operation : `${operation}, ${kind}`;
}
