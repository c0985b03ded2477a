import type { Catalogue } from '../en.ts';
import type { Format } from '../format.ts';
import type { FilterPart, ReportProblem } from '../report-problem.ts';
import type { Notice } from '../told.ts';

export const navigation: Catalogue['navigation'] = {
  label: 'メニュー',
  links: {
    endpoints: 'エンドポイント',
    history: '自分の履歴',
    overview: '概要',
    usage: '利用状況',
    audit: '監査記録',
  },
};

export const history: Catalogue['history'] = {
  title: '自分の履歴',
  intro: 'AWS が報告したご自身の接続と、現在の依頼を表示します。管理者と監査担当者も閲覧できます。',
  leases: {
    title: 'オンにしているエンドポイント',
    endpoint: 'エンドポイント',
    since: '依頼した時刻',
    until: 'いつまで',
    none: '現在、依頼はありません。',
    unread: 'AWS の情報をまだ読み込めていません。数秒後にページを再読み込みしてください。',
  },
  earlier: {
    title: 'これまでの依頼',
    note: '延長した依頼は、最初の依頼から終了までを 1 件として表示します。',
    endpoint: 'エンドポイント',
    since: '依頼した時刻',
    ended: '終了した時刻',
    how: '終了の理由',
    endings: {
      'given-back': 'ご自身で終了',
      stopped: '管理者がエンドポイントを停止',
      over: '時間が経過',
      'latest-hour': '終了時刻に到達',
    },
    none: 'これまでの依頼の記録はありません。',
    pages: 'これまでの依頼のページ',
  },
  connections: {
    title: '自分の接続',
    none: '接続の記録はありません。新しい接続は数分以内に表示されます。',
  },
};

export const usage: Catalogue['usage'] = {
  title: '利用状況',
  intro: 'だれが、いつ、どのエンドポイントを使い、いくらかかり、いくら節約できたかを表示します。',
  backToPage: '条件なしのページに戻る',
  accountsZone: (zone) => `日と月は ${zone} で区切っています。`,
  hours: (figure) => `${figure} 時間`,
  lessThan: (figure) => `${figure}未満`,
  share: (percent) => `常時オンの ${percent}`,
  estimate: '概算',
  unnamed: '名前不明（AWS に記録がありません）',

  filter: {
    title: '表示する条件',
    month: '月',
    endpoint: 'エンドポイント',
    everyEndpoint: 'すべてのエンドポイント',
    person: '利用者',
    personHint: 'AWS に記録されている名前を、省略せずに入力してください。',
    show: '表示する',
    reset: '条件を解除する',
    before: (month) => `前の月: ${month}`,
    after: (month) => `次の月: ${month}`,
    months: 'ほかの月',
  },

  totals: {
    title: (month) => `${month}の集計`,
    onHours: 'オンの時間',
    connectionHours: '接続時間',
    people: '利用者数',
    connections: '接続数',
    data: '通信量（送受信の合計）',
    cost: '費用',
    alwaysOn: '常時オンの場合の費用',
    alwaysOnHours: '常時オンの場合の時間',
    portal: 'ポータル自体の費用',
    saved: '節約額',
    lost: '常時オンを上回った額',
    savedUnread: (hours) =>
      `${hours}は読み込めませんでした。その間に終了したものは、最後に確認した時点からオフとして計算しています`,
    asOf: (time) => `${time} 時点の集計です。15 分ごとに更新されます。`,
    none: 'この月の集計はまだありません。',
    noPrices:
      '料金が設定されていないため、時間だけを表示しています。お使いのリージョンの料金を PRICE_ASSOCIATION_HOUR と PRICE_CONNECTION_HOUR に設定してください。必要に応じて PORTAL_COST_PER_MONTH と CURRENCY も設定してください。',
    ofPerson:
      '1 人の利用者の集計です。エンドポイントの費用は利用者ごとに分けられないため、費用、グラフ、オンの期間は表示しません。',
    notObserved: (hours) =>
      `${hours}は、一部またはすべてのエンドポイントを読み込めませんでした。その間のことは不明であり、推測していません。`,
    notObservedHere: (hours) =>
      `${hours}は、このエンドポイントを読み込めませんでした。その間のことは不明であり、推測していません。`,
    explain: '集計の方法',
    invoice:
      'いずれも、ポータルの観測に基づく概算です。実際の請求額は AWS の請求書で確認してください。',
    explanations: {
      onHours:
        'ターゲットネットワークが関連付けられていた時間を、すべてのネットワークについて合計したものです。AWS の関連付け料金の対象です。',
      connectionHours: '接続していた時間を、すべての接続について合計したものです。',
      people: '1 回以上接続した人の数です。AWS に記録された名前で数えます。',
      connections: 'この月に始まった接続の数です。',
      data: 'この月の接続で送受信したデータの量です。',
      cost: (association, connection) =>
        `オンの時間 1 時間あたり ${association} と、接続時間 1 時間あたり ${connection} の合計です。`,
      proRated: '1 時間に満たない部分は、その割合で計算します。',
      fullHours: 'オンの時間は、1 時間に満たない部分を 1 時間として計算します。',
      alwaysOn:
        '集計のある期間中、同じネットワークが常にオンだった場合の関連付けの費用です。接続の費用はどちらの場合も同じため、含みません。',
      alwaysOnHours: '集計のある期間中、同じネットワークが常にオンだった場合の時間です。',
      portal: (perMonth) =>
        `設定されたポータル自体の費用（1 か月 ${perMonth}）のうち、集計のある期間の分です。`,
      portalNotSplit:
        'ポータル自体の費用はすべてのエンドポイントに共通のため、1 つのエンドポイントの集計には含みません。',
      saved:
        '常時オンの場合の費用から、関連付けの費用とポータル自体の費用を引いたものです。接続の費用はどちらの場合も同じです。',
    },
  },

  days: {
    title: '日ごとのオンの時間',
    description: (month, on, alwaysOn) =>
      `${month}: オンの時間は ${on}、常時オンの場合は ${alwaysOn}です。`,
    most: (description, day, on) => `${description}最も長かったのは ${day}の ${on}です。`,
    on: 'オン',
    alwaysOn: '常時オン',
    notObserved: '観測なし',
    table: '表で見る',
    day: '日',
    none: '集計なし',
    bar: (day, on, alwaysOn) => `${day}: ${alwaysOn}のうち ${on}`,
    gap: (day, hours) => `${day}: ${hours}は観測なし`,
    cost: '費用',
  },
  week: {
    title: '利用の多い曜日と時間帯',
    caption: (zone) =>
      `${zone} の曜日と時刻ごとの接続時間です。この月のすべての日と接続を合計しています。`,
    onTitle: 'オンの曜日と時間帯',
    onCaption: (zone) =>
      `${zone} の曜日と時刻ごとのオンの時間です。この月のすべての日とネットワークを合計しています。時刻ごとの接続時間を集計していない日があります。npm run recompute-usage で集計できます。`,
    weekday: '曜日',
    hour: (hour) => `${hour} 時`,
    cell: (weekday, hour, what) => `${weekday} ${hour} 時、${what}`,
    on: (on) => `オン ${on}`,
    used: (used, on) => `接続 ${used}、オン ${on}`,
    less: '少ない',
    more: '多い',
  },
  people: {
    title: '利用者ごとの時間',
    person: '利用者',
    hours: '時間',
    connections: '接続数',
    data: '通信量',
    sortBy: (column) => `${column}で並べ替え`,
    showAll: (_value, figure) => `${figure} 人すべてを表示する`,
    none: '接続した人はいません。',
    beyond: (_value, figure) =>
      `このほかに、時間の短い利用者が少なくとも ${figure} 人います。人数には含みますが、名前は集計に残していません。下の接続の記録にはすべての名前があります。`,
  },
  records: {
    title: '接続',
    note: 'この月に始まった接続です。開始の順に並べています。時刻はお使いのタイムゾーンで表示しています。',
    person: '利用者',
    endpoint: 'エンドポイント',
    from: '開始',
    to: '終了',
    hours: '時間',
    sent: '送信',
    received: '受信',
    address: 'クライアントのアドレス',
    ending: '終了の理由',
    open: '接続中',
    stillOpen: '接続中',
    endings: {
      'by-client': '利用者またはクライアントが切断',
      'by-administrator': '管理者が切断',
      'by-newer-connection': '同じ利用者の新しい接続と交代',
      'with-the-stop': 'エンドポイントの停止に伴い終了',
      'not-observed': '終了は観測できず',
    },
    none: 'この条件に当てはまる接続はありません。',
    noneYet: 'この範囲には見つかりませんでした。さらに先にある可能性があります。',
    newestFirst: '新しい順',
    oldestFirst: '古い順',
    order: '並び順',
  },
  periods: {
    title: 'オンの期間',
    note: 'ターゲットネットワークが関連付けられていた期間です。',
    network: 'ターゲットネットワーク',
    startedBy: '依頼した人',
    endedBecause: '終了の理由',
    lasting: '継続中',
    ends: {
      idle: 'だれも使わなくなったため',
      'held-off': '管理者がオフに固定したため',
      requested: '管理者が停止したため',
      'latest-hour': '終了時刻になったため',
      failed: '関連付けに失敗したため',
      outside: 'ポータルの外で解除されたため',
    },
    starters: {
      administrator: (name) => `${name}（管理者として）`,
      portal: 'ポータル（依頼はその後取り消し）',
      outside: 'ポータルの外',
    },
    beganUnobserved: (since) =>
      `${since} 以降は観測していないため、もっと早く始まった可能性があります。`,
    endedUnobserved: (until) =>
      `${until} までは観測していないため、もっと遅く終わった可能性があります。`,
    pages: 'オンの期間のページ',
    earlier: 'これより前',
    newest: '最新',
    shown: (first, last, all) => `${all} 件中 ${first}～${last} 件目`,
    none: 'オンの期間はありません。',
  },
  pager: { label: 'ページ', next: '次のページ', first: '最初のページ' },
  download: {
    title: 'ダウンロード',
    connections: '接続の CSV',
    periods: 'オンの期間の CSV',
    someDays: '一部の日だけ',
    from: '最初の日',
    to: '最後の日',
    kind: '内容',
    button: 'ダウンロード',
  },
};

export const overview: Catalogue['overview'] = {
  title: '概要',
  intro: 'すべてのエンドポイント、接続中の人、今月の費用、定期処理の状態をまとめて確認できます。',
  attention: {
    title: '対応が必要なこと',
    nothing: '対応が必要なことはありません。',
    noRules: (name) =>
      `${name}: ネットワークへのアクセスを許可する承認ルールがないため、接続してもどこにも届きません。`,
    endpoint: (name, why) => `${name}: ${why}`,
    unread: (name, ago, why) =>
      `${name}: ${ago}、情報をすべて読み込めていません。読み込めるまでオフにならず、オンの場合は費用がかかり続けます。${why}`,
    look: '確認する',
    gaps: (hours) =>
      `今月は ${hours}、一部またはすべてのエンドポイントを読み込めませんでした。その間のことは不明です。`,
  },
  schedule: {
    title: '定期処理',
    fine: '正常',
    overdue: '遅延',
    rehearses: 'ドライラン',
    paused: '自動停止を一時停止中',
    pausedUntil: (time) => `${time} まで、何も自動的にオフになりません。`,
    never: 'まだ実行されていません。実行されるまで、何もオフになりません。',
    lastRun: (time, ago) => `前回の実行は ${time}（${ago}前）です。`,
    justNow: (time) => `前回の実行は ${time}（1 分以内）です。`,
    everyMinute: '1 分ごとに実行されます。エンドポイントをオフにするのは定期処理だけです。',
    switchedOff: '無効',
    notRunning: (ago, look) =>
      `定期処理が ${ago}実行されていません。実行されるまで、何もオフになりません。${look}`,
    fails: '失敗',
    failing: (ago) =>
      `定期処理の実行が ${ago}失敗し続けています。解決するまで、オフにならないエンドポイントがある可能性があります。対象と理由は定期処理のログに記録されています。`,
    neverRun: (look) =>
      `定期処理が一度も実行されていません。実行されるまで、何もオフになりません。${look}`,
    look: {
      enabled: 'ルールは有効です。詳しくは定期処理のログを確認してください。',
      unknown: 'ルールが有効になっているか、ログに何が記録されているかを確認してください。',
      'not-told':
        '1 分ごとに実行されるように設定されているか、ログに何が記録されているかを確認してください。',
    },
    rule: {
      enabled: (name) => `ルール ${name} は有効です。`,
      disabled: (name) => `ルール ${name} は無効になっています。`,
      missing: (name) => `EventBridge にルール ${name} がありません。`,
      unknown: (name) =>
        `ルール ${name} が有効かどうかを読み込めませんでした。理由はポータルのログに記録されています。`,
    },
    ruleDisabled: (name) =>
      `定期処理を実行するルール ${name} が無効になっています。有効にするまで、何もオフになりません。`,
    ruleMissing: (name) =>
      `定期処理を実行するルール ${name} が EventBridge にありません。ほかに実行するものがなければ、何もオフになりません。ポータルをもう一度デプロイするか、RECONCILER_RULE_NAME を修正してください。`,
    dryRun:
      '定期処理はドライラン中です。行うはずの操作をログに記録するだけで、何もオフにしません。終了するには RECONCILER_DRY_RUN を false に設定してください。',
  },
  month: { title: (month) => `${month}（今日まで）`, more: '利用状況を詳しく見る' },
  endpoints: {
    title: 'エンドポイント',
    connected: '現在の接続',
    nobody: 'なし',
    since: (name, time) => `${name}（${time} から）`,
    more: (figure) => `ほかに ${figure} 件`,
    thisMonth: '今月',
    unread: '未読み込み',
    act: '開く・固定・停止',
    open: '開く',
    actOf: (name) => `${name} を開く・固定・停止`,
    openOf: (name) => `${name} を開く`,
    none: 'ポータルが管理するエンドポイントはまだありません。タグ vpn-portal:managed = true を付けてください。',
    notRead: 'AWS の情報をまだ読み込めていません。数秒後にページを再読み込みしてください。',
    noFigures: '集計はまだありません',
    onHours: 'オンの時間',
    cost: '費用',
    saved: '節約額',
  },
};

const notUsable: Readonly<Record<FilterPart, string>> = {
  month: 'アドレスの月が正しくありません。月は 2026-03 のように指定してください。',
  endpoint: 'アドレスのエンドポイントは、ポータルの管理対象にありません。',
  person: 'アドレスの利用者の名前が長すぎます。',
  sort: 'アドレスの並び順は、このページにはありません。',
  kind: 'アドレスのファイルの種類が正しくありません。connections か periods を指定してください。',
  'periods-of-a-person':
    'オンの期間はエンドポイントごとの記録であり、利用者では絞り込めません。利用者の指定を外すか、接続を選んでください。',
  days: 'アドレスの日は使えません。日はその月の中から 2026-03-04 のように指定してください。',
  page: 'アドレスのページ番号が正しくありません。',
  place: 'アドレスが示す一覧の位置は存在しません。',
};

export function reportNotice(problem: ReportProblem, format: Format): Notice {
  switch (problem.code) {
    case 'filter-not-usable':
      return {
        title: 'この条件では表示できません',
        happened: notUsable[problem.part],
        next: 'ページに戻り、そこで条件を選んでください。',
      };
    case 'answer-too-long':
      return {
        title: '1 つのファイルに収まりません',
        happened: `一度に送信できる ${format.count(Math.floor(problem.longestBytes / 1000))} kB を超えています。`,
        next: 'ページに戻り、エンドポイントか利用者を 1 つに絞るか、「一部の日だけ」で日数を減らして、もう一度ダウンロードしてください。',
      };
  }
}
