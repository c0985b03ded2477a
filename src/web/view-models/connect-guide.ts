import type { Authentication } from '../../vpn/endpoint.ts';
import type { Wording } from './viewer.ts';

/** How to connect on one kind of device. */
export interface PlatformGuide {
  readonly id: string;
  readonly title: string;
  readonly clients: readonly { readonly href: string; readonly text: string }[];
  readonly steps: readonly string[];
  /** Said before the steps, or in their place. */
  readonly note: string | null;
}

export interface ConnectGuide {
  readonly title: string;
  readonly intro: string;
  readonly notes: readonly string[];
  readonly platforms: readonly PlatformGuide[];
}

const awsClientAddress = 'https://aws.amazon.com/vpn/client-vpn-download/';
const openVpnConnectAddress = 'https://openvpn.net/client/';

/**
 * A federated endpoint can be used with the AWS provided client alone, which exists for Windows,
 * macOS and Ubuntu; every other kind with any OpenVPN client.
 *
 * Source: AWS Client VPN Administrator Guide, "Single sign-on (SAML 2.0-based federated
 * authentication)", and the AWS Client VPN User Guide.
 */
export function connectGuide(
  authentication: readonly Authentication[],
  { text }: Wording,
): ConnectGuide {
  const { connect } = text;
  const { steps, platforms } = connect;
  const federated = authentication.includes('federated');
  const awsClient = { href: awsClientAddress, text: connect.get(connect.awsClient) };
  const openVpn = { href: openVpnConnectAddress, text: connect.get(connect.openVpnConnect) };
  const signIn = federated
    ? [steps.browser]
    : authentication.includes('directory-service')
      ? [steps.password]
      : [];
  const onComputer = (install: string, more: readonly string[] = []): readonly string[] => [
    install,
    steps.download,
    steps.addProfile,
    steps.connect,
    ...signIn,
    ...more,
  ];
  return {
    title: connect.title,
    intro: connect.intro,
    notes: [
      connect.once,
      ...(federated ? [connect.federated] : []),
      ...(authentication.includes('certificate') ? [connect.certificate] : []),
    ],
    platforms: [
      ...(['windows', 'macos'] as const).map((id) => ({
        id,
        title: platforms[id],
        clients: [awsClient],
        steps: onComputer(steps.install(connect.awsClient)),
        note: null,
      })),
      {
        id: 'linux',
        title: platforms.linux,
        clients: [awsClient],
        steps: onComputer(
          steps.installUbuntu(connect.awsClient),
          federated ? [] : [steps.otherLinux],
        ),
        note: federated ? connect.linuxFederated : null,
      },
      {
        id: 'phone',
        title: platforms.phone,
        clients: federated ? [] : [openVpn],
        steps: federated
          ? []
          : [
              steps.install(connect.openVpnConnect),
              steps.download,
              steps.importOnPhone,
              steps.connectOnPhone,
              ...signIn,
            ],
        note: federated ? connect.phoneFederated : null,
      },
    ],
  };
}
