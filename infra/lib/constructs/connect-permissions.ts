import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Role } from 'aws-cdk-lib/aws-iam';

import { allowByKey, keepTheAudit } from './permissions.ts';

/**
 * What the client connect handler may: read an endpoint, its leases, and the tags; note an attempt,
 * and write down a denial. It reads nobody's history, and may nothing of EC2.
 */
export function allowConnectHandler(role: Role, table: Table): void {
  allowByKey(role, table, {
    'dynamodb:GetItem': ['CATALOGUE', 'ENDPOINT#*'],
    'dynamodb:Query': ['ENDPOINT#*'],
    'dynamodb:UpdateItem': ['ENDPOINT#*'],
    'dynamodb:PartiQLInsert': ['AUDIT#*'],
    'dynamodb:PutItem': ['DENIALS'],
  });
  keepTheAudit(role, table);
}
