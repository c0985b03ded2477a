import type { Catalogue } from '../en.ts';

export const administration: Catalogue['administration'] = {
  title: '管理者の操作',
  intro: 'ここでの操作は全員に影響し、あなたの名前で監査記録に残ります。',

  held: {
    on: (until) => `管理者が ${until} までオンに固定しています`,
    off: (until) => `管理者が ${until} までオフに固定しています`,
    givenBy: (who, at) => `${who} による理由（${at}）`,
    offOnceUnused: '接続している人がいなくなるとオフになります。接続中の人の VPN は切れません。',
    release: '固定を解除する',
  },
  hold: {
    title: 'オンまたはオフに固定する',
    kind: '固定する状態',
    on: 'オンにしておく（オフの場合はオンにし、だれも使っていなくてもオンのままにします）',
    off: 'オフにしておく（だれもオンにできません。接続中の人の VPN は切れません）',
    duration: '期間',
    days: (_value, figure) => `${figure} 日`,
    reason: '理由',
    reasonHint: (longest) =>
      `このエンドポイントを表示できる全員に表示されます。${longest} 文字以内で入力してください。`,
    button: '固定する',
    replaces: '新しく固定すると、前の固定と置き換わります。',
  },
  stop: {
    title: '停止する',
    link: '今すぐ停止する…',
    hint: '接続中の人を表示し、もう一度確認します。',
  },

  pause: {
    until: (time) => `${time} まで自動停止を一時停止しています`,
    meaning:
      'それまでは何も自動的にオフになりません。オンのエンドポイントはオンのままで、費用がかかります。',
    next: (time) => `自動停止を一時停止しているため、${time} まではオフになりません。`,
    title: '自動停止を一時停止する',
    hint: 'すべてのエンドポイントが対象です。使われていない場合も、オフに固定されている場合も、オフにする時刻になった場合も、自動的にはオフになりません。管理者による停止は行われます。',
    reasonHint: (longest) =>
      `サインインしている全員に表示されます。${longest} 文字以内で入力してください。`,
    button: '一時停止する',
    ends: '一時停止は自動的に終了します。',
    replaces: '新しく一時停止すると、前の一時停止と置き換わります。',
    resume: '一時停止を終了する',
    resumeHint: 'だれも必要としていないエンドポイントは、数分以内にオフになります。',
  },
  rule: {
    enable: 'ルールを有効にする',
    hint: 'ルールはこのポータルではなく AWS で無効にされました。しばらくオンのままにしたい場合は、自動停止を一時停止してください。一時停止は自動的に終了します。',
  },

  connections: {
    title: '接続中の人',
    person: '名前',
    since: '接続した時刻',
    action: '操作',
    ending: '切断しています',
    end: '切断する',
    endOf: (person) => `${person} の接続を切断する`,
    unnamed: '名前不明（AWS に記録がありません）',
    none: '接続している人はいません。',
    more: (figure) => `ほかに ${figure} 件あります。`,
  },

  endsSoon: {
    staysOn: (time) =>
      `すべての依頼は ${time} に終了します。その時点で接続中の人の VPN は切れません。`,
    cutsOff: (time) => `${time} にオフになり、その時点で接続中の人の VPN は切れます。`,
  },
  unused: '使っている人も、依頼している人もいません。',
  silent: (_value, figure, duration) =>
    `${figure} 件の接続が開いていますが、${duration}以上通信がないため、利用中とはみなしません。`,

  stoppedAt: (time) => `${time} に管理者が停止し、それまでの依頼はすべて終了しました。`,
  lacksRules:
    '前回の確認では承認ルールが 1 つもありませんでした。接続はできますが、どこにも通信できません。管理者に連絡してください。',
  costs: {
    mistagged:
      'オンのままで費用がかかっています。修正されるまで、ポータルはオフにしません。管理者は停止できます。',
    partly: '一部のターゲットネットワークが関連付けられているため、費用がかかっています。',
  },
  dryRun: {
    title: 'ドライラン中: 何もオフになりません',
    text: '定期処理は、判断した内容をログに記録するだけで実行しません。オンのエンドポイントはオンのままで費用がかかり、ここで依頼した停止や切断も記録されるだけです。ドライランを終えるには、RECONCILER_DRY_RUN を false に設定してください。',
    next: '定期処理がドライラン中のため、オフになりません。',
  },

  confirmStop: {
    title: (name) => `${name} を今すぐ停止しますか？`,
    happens:
      '接続中の全員の VPN が切れ、すべての依頼が終了します。必要な人は、もう一度オンにできます。',
    nothing: 'すでにオフで、依頼もありません。停止するものはありません。',
    connected: '切断される接続',
    unread: 'AWS の情報をまだ読み込んでいないため、だれが接続しているかわかりません。',
    leases: '終了する依頼',
    leaseOf: (name, until) => `${name}（${until} まで）`,
    connectionOf: (name, since) => `${name}（${since} から）`,
    noLeases: '依頼している人はいません。',
    hold: (who, until) => `${who} による ${until} までのオンの固定も終了します。`,
    button: '今すぐ停止する',
    back: '停止せずに戻る',
  },
};
