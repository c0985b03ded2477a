import { table } from '../table.ts';
import type { ComparedPolicy, Comparison } from './comparison.ts';
import type { CostOptions } from './options.ts';

const titles = [
  'policy',
  'association-hours',
  'starts',
  'waited, min',
  'waits',
  'gave up',
  'money',
  'ratio',
  'money and waiting',
  'ratio',
  'better below',
];

/** What was played, with what it takes to play it again. */
export function headOf(options: CostOptions): readonly string[] {
  const { forgottenPercent, offices, patienceMinutes, prices, seed, subnets, weeks } = options;
  const command = [
    `npm run bench -- cost --seed ${seed} --people ${offices.join(',')} --weeks ${weeks}`,
    `--forgotten ${forgottenPercent} --subnets ${subnets} --patience ${patienceMinutes} --billing ${prices.billing}`,
    `--association-hour ${prices.associationHour} --connection-hour ${prices.connectionHour}`,
    `--waiting-minute ${prices.waitingMinute}`,
  ].join(' ');
  return [
    `${weeks} weeks of office life under every policy, seed ${seed}. Estimates, not a bill:`,
    `an association costs $${prices.associationHour} an hour and a connection $${prices.connectionHour}, billed`,
    `${prices.billing} (the defaults are us-east-1, prorated); a minute of waiting is worth $${prices.waitingMinute}.`,
    'Ratios are to a clairvoyant, who opens just ahead of every need. "Better below": better than',
    'always on, where a minute of waiting is worth less than that.',
    `Again: ${command}`,
  ];
}

export function reportOf({ clairvoyant, needs, people, policies }: Comparison): readonly string[] {
  const rows = [...policies, clairvoyant].map(rowOf);
  return [`${people} people, who connect ${needs} times`, ...table([titles, ...rows], 'right')];
}

function rowOf(compared: ComparedPolicy): readonly string[] {
  const { betterBelow, cost, gaveUp, moneyAndWaitingRatio, moneyRatio, name, starts, waits } =
    compared;
  return [
    name,
    cost.associationHours.toFixed(0),
    starts.toFixed(0),
    cost.waitingMinutes.toFixed(0),
    waits.toFixed(0),
    gaveUp.toFixed(0),
    `$${cost.money.toFixed(0)}`,
    moneyRatio.toFixed(2),
    `$${cost.moneyAndWaiting.toFixed(0)}`,
    moneyAndWaitingRatio.toFixed(2),
    betterBelow === null || name === 'clairvoyant' ? '' : `$${betterBelow.toFixed(2)}`,
  ];
}
