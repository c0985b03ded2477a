import type { Roles } from './iam/access-control.ts';
import { parsePolicyDocument } from './iam/policy-document.ts';
import type { Statement } from './iam/policy-document.ts';

/*
 * Who signs with which key. The stand-ins never look at the signature, and at the key only where
 * they are given the policies of the roles.
 */

/** Whoever looks after the simulated account: the stack itself, and tests that look into it. */
export const administratorAccessKeyId = 'LOCALSTACKKEY';
export const portalAccessKeyId = 'LOCALPORTALKEY';
export const reconcilerAccessKeyId = 'LOCALRECONCILERKEY';
export const connectAccessKeyId = 'LOCALCONNECTKEY';
export const localSecretAccessKey = 'local-stack-secret';

/** What each of the deployed roles may do. */
export interface RolePolicies {
  readonly portal: readonly Statement[];
  readonly reconciler: readonly Statement[];
  /** The client connect handler's. */
  readonly connect: readonly Statement[];
}

/** The roles by their keys; nobody else may do anything. */
export function rolesWith({ connect, portal, reconciler }: RolePolicies): Roles {
  const everything = parsePolicyDocument({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
  });
  return new Map([
    [administratorAccessKeyId, { name: 'administrator', statements: everything }],
    [portalAccessKeyId, { name: 'portal', statements: portal }],
    [reconcilerAccessKeyId, { name: 'reconciler', statements: reconciler }],
    [connectAccessKeyId, { name: 'connect', statements: connect }],
  ]);
}
