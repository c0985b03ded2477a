/** How to connect. The names of menus and products are those of the products themselves. */
export const connect = {
  title: 'How to connect',
  intro:
    'You need two things, once: a VPN client on your device, and the configuration of this endpoint. After that, connecting takes one click whenever the endpoint is on.',
  once: 'You can download the configuration while the endpoint is off. Once is enough.',
  certificate:
    'This endpoint asks for a client certificate. The downloaded configuration does not contain it: you or an administrator has to add your certificate and its key to the file, as <cert> and <key>.',
  federated:
    'You sign in to this endpoint in your browser. That works only with the client that AWS provides, for Windows, macOS and Ubuntu Linux.',
  awsClient: 'AWS VPN Client',
  openVpnConnect: 'OpenVPN Connect',
  get: (client: string) => `Get ${client}`,
  platforms: { windows: 'Windows', macos: 'macOS', linux: 'Linux', phone: 'iPhone and Android' },
  steps: {
    download: 'Download the configuration of this endpoint.',
    install: (client: string) => `Install ${client}.`,
    installUbuntu: (client: string) => `On Ubuntu, install ${client}.`,
    addProfile:
      'In the client, open File, then Manage Profiles, then Add Profile. Give it a name, and choose the downloaded file.',
    importOnPhone:
      'Send the downloaded file to your phone, open it with the app, and confirm the import.',
    otherLinux:
      'On another distribution, install the package openvpn, and connect with: sudo openvpn --config and the name of the file.',
    connect: 'When the endpoint is on, choose the profile and press Connect.',
    connectOnPhone: 'When the endpoint is on, flip the switch next to the profile.',
    browser: 'Your browser opens. Sign in as you do everywhere in the company.',
    password: 'Type the user name and the password of your company account.',
  },
  phoneFederated:
    'AWS has no VPN client for phones, and no other client can sign in to this endpoint. It cannot be used from a phone; please use a computer.',
  linuxFederated:
    'AWS provides its client for Ubuntu. Other distributions cannot sign in to this endpoint.',
};
