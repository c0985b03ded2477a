import { aPauseIsHonoured } from './a-pause-is-honoured.ts';
import { administratorsAreHeard } from './administrators-are-heard.ts';
import { idleIsOff } from './idle-is-off.ts';
import { incompleteMeansWait } from './incomplete-means-wait.ts';
import { leasesAreHonoured } from './leases-are-honoured.ts';
import { neverTwoAssociations } from './never-two-associations.ts';
import { nobodyIsCutOff } from './nobody-is-cut-off.ts';
import type { NewProperty } from './property.ts';
import { dryRunsChangeNothing } from './dry-runs-change-nothing.ts';
import { routesComeBack } from './routes-come-back.ts';
import { thoseWhoListenAreTold } from './those-who-listen-are-told.ts';

export const properties: readonly NewProperty[] = [
  nobodyIsCutOff,
  incompleteMeansWait,
  leasesAreHonoured,
  idleIsOff,
  routesComeBack,
  neverTwoAssociations,
  administratorsAreHeard,
  dryRunsChangeNothing,
  thoseWhoListenAreTold,
  aPauseIsHonoured,
];
