import { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';

export interface PortalEventsProps {
  /** Of the deployment, and of the bus. */
  readonly name: string;
}

/** What happens to endpoints, for whoever wants to know. */
export class PortalEvents extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { name }: PortalEventsProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: name,
      description: 'Client VPN On Demand: what happens to endpoints',
    });
  }
}
