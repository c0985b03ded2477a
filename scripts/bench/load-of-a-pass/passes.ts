import { table } from '../table.ts';
import { measurePasses } from './measured-passes.ts';
import type { MeasuredPass } from './measured-passes.ts';

const endpoints = 100;
/** As EC2 limits an account. */
const bucket = { capacity: 100, perSecond: 10 };
const mostSeconds = 20;

/**
 * Prints what a run of the schedule over many endpoints asks of EC2, and how long EC2's limit on
 * calls makes it last. Takes about fifty seconds.
 *
 * @returns whether each run keeps within the time, and reads every endpoint
 */
export async function showPasses(): Promise<boolean> {
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
    row(`at most ${mostSeconds}, all read`, (pass) => (isMet(pass) ? 'met' : 'MISSED')),
  ];
  for (const line of table(lines, 'right')) console.log(line);
  return passes.every(isMet);
}

function isMet({ seconds, unread }: MeasuredPass): boolean {
  return seconds <= mostSeconds && unread === 0;
}

function labelOf({ endpoints: kind, operation }: MeasuredPass['calls'][number]): string {
  return kind === 'all' ? operation : `${operation}, ${kind}`;
}
