import type { Catalogue } from '../en.ts';

export const connect: Catalogue['connect'] = {
  title: '接続方法',
  intro:
    '最初に一度だけ、VPN クライアントのインストールと、このエンドポイントのクライアント設定ファイルのダウンロードが必要です。その後は、エンドポイントがオンのときにすぐ接続できます。',
  once: 'クライアント設定ファイルは、エンドポイントがオフのときでもダウンロードできます。ダウンロードは一度で十分です。',
  certificate:
    'このエンドポイントではクライアント証明書が必要です。ダウンロードしたファイルには含まれていないため、ご自身または管理者が、証明書とプライベートキーを <cert> と <key> としてファイルに追加してください。',
  federated:
    'このエンドポイントには、ブラウザーでサインインします。利用できるのは AWS が提供するクライアント（Windows、macOS、Ubuntu Linux）だけです。',
  awsClient: 'AWS VPN Client',
  openVpnConnect: 'OpenVPN Connect',
  get: (client) => `${client} を入手`,
  platforms: { windows: 'Windows', macos: 'macOS', linux: 'Linux', phone: 'iPhone と Android' },
  steps: {
    download: 'このエンドポイントのクライアント設定ファイルをダウンロードします。',
    install: (client) => `${client} をインストールします。`,
    installUbuntu: (client) => `Ubuntu では、${client} をインストールします。`,
    addProfile:
      'クライアントで [File]、[Manage Profiles]、[Add Profile] の順に選び、名前を付けて、ダウンロードしたファイルを指定します。',
    importOnPhone:
      'ダウンロードしたファイルをスマートフォンに送り、アプリで開いて、インポートを確定します。',
    otherLinux:
      'その他のディストリビューションでは、openvpn パッケージをインストールし、sudo openvpn --config に続けてファイル名を指定して接続します。',
    connect: 'エンドポイントがオンのときに、プロファイルを選んで [Connect] を押します。',
    connectOnPhone: 'エンドポイントがオンのときに、プロファイルの横のスイッチをオンにします。',
    browser: 'ブラウザーが開きます。いつもの社内サインインと同じ方法でサインインします。',
    password: '社内アカウントのユーザー名とパスワードを入力します。',
  },
  phoneFederated:
    'AWS はスマートフォン用の VPN クライアントを提供しておらず、ほかのクライアントではこのエンドポイントにサインインできません。スマートフォンからは利用できませんので、パソコンをお使いください。',
  linuxFederated:
    'AWS のクライアントは Ubuntu 用に提供されています。その他のディストリビューションからは、このエンドポイントにサインインできません。',
};
