import type { Catalogue } from '../en.ts';

export const frame: Catalogue['frame'] = {
  product: 'クライアント VPN オンデマンド',
  languageName: '日本語',
  skip: '本文へ移動',
  language: '言語',
  signOut: 'サインアウト',
  signedInAs: (name) => `${name} としてサインインしています`,
  zone: (zone, shortName) => `時刻は ${zone}（${shortName}）で表示しています。`,
  asOf: (time) => `${time} 時点の AWS の情報です。`,
  joinDay: (clock, day, isNamed) => (isNamed ? `${day}の ${clock}` : `${day} ${clock}`),
  sessionEnded: 'セッションが終了したため、このページの自動更新を停止しました。',
  notDone:
    'ボタンを押したときにはセッションが終了していたため、何も変更していません。必要な場合は、もう一度ボタンを押してください。',
  signInAgain: 'もう一度サインインする',
  notUpToDate:
    '{time} 以降、情報を更新できていません。ポータルに接続できないため、再試行を続けています。',
  signedOut: {
    title: 'サインアウトしました',
    happened: 'ポータルからサインアウトしました。',
    next: '接続中の VPN はそのまま使えます。エンドポイントも、ご依頼の時刻まではオンのままです。',
  },
  home: {
    title: '利用できるエンドポイント',
    intro:
      'VPN エンドポイントは、必要になるまでオフになっています。ここでオンにして接続してください。だれも使わなくなると、自動的にオフになります。',
    titleReadOnly: 'すべてのエンドポイント',
    introReadOnly:
      'どの VPN エンドポイントがオンで、その理由は何かを確認できます。すべてのエンドポイントを閲覧できます。',
    empty: {
      title: '利用できるエンドポイントがありません',
      happened: 'お使いのグループで利用できる VPN エンドポイントはまだありません。',
      next: 'エンドポイントにグループを追加するか、エンドポイントをポータルの管理対象にするよう、管理者に依頼してください。',
    },
    notRead: {
      title: 'エンドポイントを読み込んでいます',
      happened: 'ポータルは起動したばかりで、AWS の情報をまだ読み込めていません。',
      next: '数秒かかります。ページは自動的に更新されます。1 分以上続く場合は、管理者に連絡してください。',
    },
  },
};
