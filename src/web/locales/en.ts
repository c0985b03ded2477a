import { audit } from './en/audit.ts';
import { administration } from './en/administration.ts';
import { connect } from './en/connect.ts';
import { denials } from './en/denials.ts';
import { endpoint } from './en/endpoint.ts';
import { errors } from './en/errors.ts';
import { frame } from './en/frame.ts';
import { policyProblem, subnetProblem } from './en/problems.ts';
import { reason } from './en/reasons.ts';
import { history, navigation, overview, usage } from './en/usage.ts';

/** Every word a person reads, in English. Its type is what the other languages must provide. */
export const en = {
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

export type Catalogue = typeof en;
