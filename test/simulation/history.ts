import type { EndpointRecord } from '../../src/lease/endpoint-record.ts';
import type { Call, Step } from './call.ts';

/** A step in a line. */
export function describeStep(step: Extract<Step, { call: Call }>): string {
  const { call } = step;
  const { ec2, process, table } = call;
  const about = [
    ec2?.subnetId,
    ec2?.associationId,
    ec2?.destinationCidr,
    ec2?.connectionId,
    table?.intent?.kind,
  ];
  const what = [call.operation, ...about.filter((each) => each !== undefined)].join(' ');
  const line = `${process.name}: ${what}`;
  switch (step.kind) {
    case 'requested':
      return `${line} ...${call.fault === 'none' ? '' : ` (${call.fault})`}`;
    case 'before':
      return `${line} takes effect`;
    case 'effect':
    case 'answered': {
      const word = step.kind === 'effect' ? 'done' : 'answered';
      return `${line} ${word}${step.error instanceof Error ? `: ${step.error.name}` : ''}`;
    }
  }
}

/** What a pass has made of it. */
export function describeRecord({ intent, lastPass, rememberedRoutes }: EndpointRecord): string {
  const { associations = [], connected = 0, routes = [] } = lastPass?.seen ?? {};
  return [
    `${lastPass?.state ?? 'new'} (${lastPass?.reason.code ?? ''}), intent ${intent.kind}`,
    `networks ${associations.map(({ status }) => status).join(' ')}`,
    `routes ${routes.filter(({ origin }) => origin === 'add-route').length}`,
    `remembered ${rememberedRoutes?.length ?? 'none'}, connected ${connected}`,
  ].join('; ');
}
