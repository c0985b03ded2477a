import type { Catalogue } from './en.ts';
import { audit } from './ja/audit.ts';
import { administration } from './ja/administration.ts';
import { connect } from './ja/connect.ts';
import { denials } from './ja/denials.ts';
import { endpoint } from './ja/endpoint.ts';
import { errors } from './ja/errors.ts';
import { frame } from './ja/frame.ts';
import { policyProblem, subnetProblem } from './ja/problems.ts';
import { reason } from './ja/reasons.ts';
import { history, navigation, overview, usage } from './ja/usage.ts';

/** Every word a person reads, in Japanese. A missing text does not compile. */
export const ja: Catalogue = {
  frame,
  endpoint,
  administration,
  navigation,
  history,
  overview,
  usage,
  audit,
  denials,
  connect,
  errors,
  reason,
  policyProblem,
  subnetProblem,
};
