import { routeKey } from '../../../src/vpn/route.ts';
import type { NewProperty } from './property.ts';
import { minuteMs } from './property.ts';

/** So many passes have found it On, and everything as it is, before it counts as steady. */
const steadyPasses = 3;
/** A state of up to 30 seconds ago may have been what the pass has read. */
const oldReadingMs = minuteMs;

/**
 * 5. Each start restores exactly the routes remembered at the last steady On.
 *
 * In detail: whenever the endpoint has been On through three undisturbed passes, all wanted networks
 * associated and no route on its way, its manual routes are those to be remembered. When a pass then
 * brings a start to its end as On, AWS has exactly these, as far as their networks are associated
 * and nobody has added or deleted them in the console since. Not held to it: a pass that ends within
 * a minute of a network being taken away, since AWS may have answered it from before that.
 */
export const routesComeBack: NewProperty = ({ count, truth, violated }) => {
  let remembered: ReadonlyMap<string, string> | null = null;
  const touched = new Set<string>();
  let passes = 0;
  let lastTaken = 0;
  let intentBefore = truth.record().intent;

  const keys = (): ReadonlySet<string> => new Set(truth.manualRoutes().map(routeKey));

  function whenRecorded(): void {
    const record = truth.record();
    const ended = intentBefore.kind === 'start' && record.intent.kind === 'none';
    intentBefore = record.intent;
    if (ended && record.lastPass?.state === 'on') atTheEndOfAStart();
    noteSteady();
  }

  function noteSteady(): void {
    const { intent, lastPass } = truth.record();
    const isOn =
      intent.kind === 'none' &&
      lastPass?.state === 'on' &&
      truth.setUp.subnets.every((subnet) =>
        truth
          .associations()
          .some((each) => each.subnetId === subnet && each.status === 'associated'),
      ) &&
      truth.manualRoutes().every(({ status }) => status === 'active');
    const since = Math.max(truth.changedAt(), truth.disturbedAt());
    if (!isOn || since >= lastPass.at.getTime()) {
      passes = 0;
      return;
    }
    passes += 1;
    if (passes < steadyPasses) return;
    remembered = new Map(truth.manualRoutes().map((route) => [routeKey(route), route.subnetId]));
    touched.clear();
  }

  function atTheEndOfAStart(): void {
    if (remembered === null || truth.now() - lastTaken < oldReadingMs) return;
    count('starts whose routes were checked');
    const associated = new Set(
      truth
        .associations()
        .filter(({ status }) => status === 'associated')
        .map(({ subnetId }) => subnetId as string | null),
    );
    const there = keys();
    const lost = [...remembered].filter(
      ([key, subnet]) => !touched.has(key) && associated.has(subnet) && !there.has(key),
    );
    const extra = [...there].filter((key) => !touched.has(key) && !remembered?.has(key));
    if (lost.length > 0) violated(`not restored: ${lost.map(([key]) => key).join(', ')}`);
    if (extra.length > 0) violated(`restored, though not remembered: ${extra.join(', ')}`);
  }

  return {
    name: '5: routes come back',
    observe(step) {
      if (step.kind === 'world') {
        if (step.touchedRoute !== null) touched.add(step.touchedRoute);
        if (step.tookNetwork) lastTaken = truth.now();
        return;
      }
      if (step.kind !== 'effect' || step.error !== null) return;
      if (step.call.operation === 'disassociate') lastTaken = truth.now();
      if (step.call.operation === 'record-pass') whenRecorded();
    },
  };
};
