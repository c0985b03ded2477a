import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';

import type { portalEnvironment } from '../../src/config/environment.ts';
import type { Bundles } from '../bundles.ts';
import type { PortalSettings } from '../settings.ts';
import type { ConnectSettings } from '../settings-telling.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { PortalAlarms } from './constructs/alarms.ts';
import { PortalBudget } from './constructs/budget.ts';
import { ConnectAlarms } from './constructs/connect-alarms.ts';
import { ConnectFunction } from './constructs/connect-function.ts';
import { allowConnectHandler } from './constructs/connect-permissions.ts';
import { connectVariables } from './constructs/connect-variables.ts';
import { PortalDashboard } from './constructs/dashboard.ts';
import { Entrance } from './constructs/entrance.ts';
import { EventRules } from './constructs/event-rules.ts';
import { PortalEvents } from './constructs/events.ts';
import { PortalNetwork } from './constructs/network.ts';
import { allowPortal, allowReconciler } from './constructs/permissions.ts';
import { PortalFunction } from './constructs/portal-function.ts';
import { PortalService } from './constructs/portal-service.ts';
import {
  namespaceOf,
  portalVariables,
  reconcilerVariables,
} from './constructs/portal-variables.ts';
import { Schedule } from './constructs/schedule.ts';
import { groupsClaim, SignIn } from './constructs/sign-in.ts';
import type { EnvironmentOf } from './environment-of.ts';

export interface PortalStackProps extends StackProps {
  readonly settings: PortalSettings;
  readonly table: Table;
  readonly bundles: Bundles;
}

/** The portal in one of its two hosts. */
interface PortalHost {
  readonly role: Role;
  readonly logGroup: ILogGroup;
  readonly targetGroup: ApplicationTargetGroup;
}

interface Watched {
  readonly entrance: Entrance;
  readonly schedule: Schedule;
  readonly bus: EventBus;
  readonly connect: ConnectFunction | null;
}

/** Everything but the data: it can be removed and made again. */
export class PortalStack extends Stack {
  private readonly props: PortalStackProps;
  private readonly network: PortalNetwork;

  constructor(scope: Construct, id: string, props: PortalStackProps) {
    super(scope, id, props);
    this.props = props;
    const { settings, table } = props;
    const { address, endpoints, retention } = settings;
    const { hostName } = address;
    const hostedZone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: address.hostedZone.id,
      zoneName: address.hostedZone.name,
    });
    this.network = new PortalNetwork(this, 'Network', {
      network: settings.network,
      hasTasks: settings.host === 'container',
      logRetention: retention.logDays,
    });
    const signIn = new SignIn(this, 'SignIn', {
      ...settings.signIn,
      hostName,
      hostedZone: isInZone(settings) ? hostedZone : null,
    });
    const entrance = new Entrance(this, 'Entrance', {
      hostName,
      hostedZone,
      certificateArn: address.certificateArn,
      vpc: this.network.vpc,
      subnets: this.network.loadBalancerSubnets,
      signIn,
      sessionHours: settings.signIn.sessionHours,
      accessLogDays: settings.accessLogs ? retention.logDays : null,
      hasFirewall: settings.firewall,
      isProtected: settings.deletionProtection,
    });
    // Cognito takes a name only where there is something at the name above it.
    if (isBelowThePortal(settings)) signIn.domain.node.addDependency(entrance.name);

    const { bus } = new PortalEvents(this, 'Events', { name: settings.name });
    const { eventBusArn: busArn, eventBusName } = bus;
    const { tableName } = table;
    const schedule = new Schedule(this, 'Schedule', {
      folder: props.bundles.reconciler,
      environment: reconcilerVariables(settings, { tableName, eventBusName }),
      reservedConcurrency: settings.schedule.reservedConcurrency,
      logDays: retention.logDays,
    });
    allowReconciler(schedule.role, { table, endpoints, busArn });

    const portal = this.host(
      portalVariables(settings, {
        tableName,
        eventBusName,
        loadBalancerArn: entrance.loadBalancer.loadBalancerArn,
        clientId: signIn.client.userPoolClientId,
        issuer: signIn.issuer,
        domainUrl: signIn.domainUrl,
        scheduleRuleName: schedule.rule.ruleName,
      }),
    );
    const scheduleRuleArn = schedule.rule.ruleArn;
    allowPortal(portal.role, { table, endpoints, scheduleRuleArn, busArn });
    entrance.forwardTo(portal.targetGroup);

    const connect = settings.connect.enabled ? this.connectHandler(settings.connect) : null;
    this.watch({ entrance, schedule, bus, connect });

    this.tell({
      PortalUrl: entrance.url,
      // What the identity provider asks for.
      SamlAnswerUrl: signIn.samlAnswerUrl,
      SamlAudience: signIn.samlAudience,
      // Where everything is; `npm run doctor` reads it here.
      LoadBalancerArn: entrance.loadBalancer.loadBalancerArn,
      TargetGroupArn: portal.targetGroup.targetGroupArn,
      UserPoolId: signIn.userPool.userPoolId,
      UserPoolClientId: signIn.client.userPoolClientId,
      TableName: tableName,
      GroupsClaim: groupsClaim,
      ReconcilerRuleName: schedule.rule.ruleName,
      ...this.prices(),
      EventBusName: eventBusName,
      PortalRoleArn: portal.role.roleArn,
      ReconcilerRoleArn: schedule.role.roleArn,
      // What endpoints are attached to.
      ...(connect === null ? {} : { ConnectHandlerArn: connect.handlerArn }),
    });
  }

  private host(environment: EnvironmentOf<typeof portalEnvironment>): PortalHost {
    const { bundles, settings } = this.props;
    const { logDays } = settings.retention;
    switch (settings.host) {
      case 'lambda':
        return new PortalFunction(this, 'Portal', {
          ...settings.lambda,
          folder: bundles.portal,
          environment,
          logDays,
        });
      case 'container':
        return new PortalService(this, 'Portal', {
          ...settings.container,
          environment,
          vpc: this.network.vpc,
          subnets: this.network.taskSubnets,
          assignPublicIp: this.network.tasksHavePublicAddresses,
          logDays,
        });
    }
  }

  private connectHandler(connect: ConnectSettings): ConnectFunction {
    const { bundles, settings, table } = this.props;
    const handler = new ConnectFunction(this, 'ConnectHandler', {
      name: settings.name,
      folder: bundles.connect,
      environment: connectVariables(settings, connect, table.tableName),
      provisionedConcurrency: connect.provisionedConcurrency,
      logDays: settings.retention.logDays,
    });
    allowConnectHandler(handler.role, table);
    return handler;
  }

  /** Told by an alarm, and not by the bill; and told what happens. */
  private watch(made: Watched): void {
    const { bus, connect, entrance, schedule } = made;
    const { loadBalancer, url } = entrance;
    const { alarms, name, notifications } = this.props.settings;
    const { emails, monthlyBudgetUsd, onTooLongHours, runbookUrl } = alarms;
    const namespace = namespaceOf(this.props.settings);
    const { topic } = new AlarmTopic(this, 'AlarmTopic', { emails });
    const watched = { name, namespace, loadBalancer, runbookUrl, reconciler: schedule.function };
    const portalAlarms = new PortalAlarms(this, 'Alarms', {
      ...watched,
      topic,
      deadLetters: schedule.deadLetters,
      onTooLongHours,
    });
    const surroundings = { name, topic, runbookUrl };
    const rules = new EventRules(this, 'Notifications', {
      ...surroundings,
      bus,
      notifications,
      portalUrl: url,
    });
    const connectAlarms =
      connect === null
        ? []
        : new ConnectAlarms(this, 'ConnectAlarms', {
            ...surroundings,
            namespace,
            handler: connect.function,
          }).alarms;
    new PortalDashboard(this, 'Dashboard', {
      ...watched,
      alarms: [...portalAlarms.alarms, ...connectAlarms, ...rules.alarms],
      portalUrl: url,
    });
    if (monthlyBudgetUsd !== null) {
      new PortalBudget(this, 'Budget', { name, monthlyUsd: monthlyBudgetUsd, emails });
    }
  }

  /** Those that the portal has been given; none where it shows hours and no money. */
  private prices(): Readonly<Record<string, string>> {
    const { prices, region } = this.props.settings;
    const known = prices.byRegion[region] ?? null;
    if (known === null) return {};
    return {
      PriceAssociationHour: String(known.associationHour),
      PriceConnectionHour: String(known.connectionHour),
    };
  }

  private tell(outputs: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

/** Whether people sign in at such a name as sign-in.vpn.example.com, and have the portal above it. */
function isBelowThePortal({ address, signIn }: PortalSettings): boolean {
  const { domain } = signIn;
  if (domain.kind !== 'own') return false;
  return domain.hostName.slice(domain.hostName.indexOf('.') + 1) === address.hostName;
}

/** Whether a name of the company's for Cognito is one that the portal's zone answers for. */
function isInZone({ address, signIn }: PortalSettings): boolean {
  return (
    signIn.domain.kind === 'own' && signIn.domain.hostName.endsWith(`.${address.hostedZone.name}`)
  );
}
