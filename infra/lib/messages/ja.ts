import type { Messages } from './message.ts';

const nothing = '対応は必要ありません。';
const turnOnAgain = '必要な場合は、ポータルでもう一度オンにしてください。';
const readThePage = '詳細とポータルの次の動作は、エンドポイントのページで確認してください。';

export const ja: Messages = {
  openEndpoint: 'ポータルでエンドポイントを開く',
  openOverview: 'ポータルで概要を開く',
  runbook: '運用手順:',
  at: '発生日時（UTC）:',
  of: {
    startingForSomebody: {
      title: 'クライアント VPN: エンドポイントを準備しています',
      happened: '{starter} の依頼により、{endpointName} をオンにしています。',
      next: '通常 5～10 分で利用できます。対応は必要ありません。',
    },
    startingByItself: {
      title: 'クライアント VPN: エンドポイントを準備しています',
      happened: '{endpointName} がオンになる途中です。ポータルへの新しい依頼はありません。',
      next: 'AWS で直接オンにされた可能性があります。だれも使わなくなると自動的にオフになります。',
    },
    ready: {
      title: 'クライアント VPN: エンドポイントを利用できます',
      happened: '{endpointName} がオンになりました。',
      next: 'VPN クライアントで接続してください。',
    },
    stoppingIdle: {
      title: 'クライアント VPN: エンドポイントをオフにしています',
      happened: 'だれも使っていないため、{endpointName} をオフにしています。',
      next: turnOnAgain,
    },
    stoppingByAdministrator: {
      title: 'クライアント VPN: エンドポイントをオフにしています',
      happened: '{by} が {endpointName} を停止しました。',
      next: turnOnAgain,
    },
    stoppingHeldOff: {
      title: 'クライアント VPN: エンドポイントをオフにしています',
      happened: '{by} がオフに固定したため、{endpointName} をオフにしています。',
      next: '固定が終わる前に必要な場合は、管理者に相談してください。',
    },
    stoppingLatestHour: {
      title: 'クライアント VPN: エンドポイントをオフにしています',
      happened: '毎日オフにする時刻になったため、{endpointName} をオフにしています。',
      next: turnOnAgain,
    },
    stoppingOtherwise: {
      title: 'クライアント VPN: エンドポイントをオフにしています',
      happened: '{endpointName} をオフにしています。理由コードは {reason} です。',
      next: turnOnAgain,
    },
    stopped: {
      title: 'クライアント VPN: エンドポイントがオフになりました',
      happened: '{endpointName} がオフになりました。',
      next: turnOnAgain,
    },
    startFailed: {
      title: 'クライアント VPN: エンドポイントをオンにできませんでした',
      happened:
        '{endpointName} をオンにする処理に何度か失敗しました。{operation} に対する AWS の最後の応答は {code} です。ポータルは {nextTryAt}（UTC）に再試行します。',
      next: '利用者が待っています。AWS の応答をエンドポイントのページで確認してください。',
    },
    attentionTags: {
      title: 'クライアント VPN: エンドポイントの確認が必要です',
      happened:
        '{endpointName} のタグに誤りがあります（{subject}: {mistake}）。修正されるまで、ポータルはこのエンドポイントを操作しません。',
      next: 'AWS でタグを修正してください。すべての誤りはエンドポイントのページに表示されます。修正は自動的に反映されます。',
    },
    attentionSubnets: {
      title: 'クライアント VPN: エンドポイントの確認が必要です',
      happened:
        '{endpointName} には AWS で関連付けできないサブネットがあります（{subject}: {mistake}）。ポータルはオンにする処理を行いません。',
      next: 'サブネット、またはサブネットを指定するタグを修正してください。すべての誤りはエンドポイントのページに表示されます。',
    },
    attentionStopFailed: {
      title: 'クライアント VPN: エンドポイントをオフにできません',
      happened:
        '{endpointName} をオフにする必要がありますが、{operation} に対する AWS の応答は {code} でした。オフになるまで費用がかかります。',
      next: 'ポータルは 1 分ごとに再試行します。続く場合は、VPC コンソールでターゲットネットワークの関連付けを解除してください。',
    },
    attentionStopOverdue: {
      title: 'クライアント VPN: エンドポイントがオフになっていません',
      happened:
        '{endpointName} はオフになる予定でしたが、オフにする定期処理が実行されていません。費用がかかり続けています。',
      next: '定期処理が実行されているかをポータルの概要で確認してください。',
    },
    attentionRoutes: {
      title: 'クライアント VPN: エンドポイントのルートが不足しています',
      happened:
        '{endpointName} はオンですが、一部のルートを復元できませんでした。接続はできますが、届かない送信先がある可能性があります。',
      next: '対象のルートと AWS の応答を、エンドポイントのページで確認してください。',
    },
    attentionOtherwise: {
      title: 'クライアント VPN: エンドポイントの確認が必要です',
      happened: '{endpointName} の確認が必要です。理由コードは {reason} です。',
      next: readThePage,
    },
    recoveredOn: {
      title: 'クライアント VPN: エンドポイントが復旧しました',
      happened: '{endpointName} の問題（{reason}）は解消しました。現在はオンです。',
      next: nothing,
    },
    recoveredOff: {
      title: 'クライアント VPN: エンドポイントが復旧しました',
      happened: '{endpointName} の問題（{reason}）は解消しました。現在はオフです。',
      next: nothing,
    },
    heldOn: {
      title: 'クライアント VPN: エンドポイントがオンに固定されました',
      happened: '{by} が {endpointName} を {until}（UTC）までオンに固定しました。理由: {why}',
      next: 'それまで費用がかかります。管理者はエンドポイントのページで固定を解除できます。',
    },
    heldOff: {
      title: 'クライアント VPN: エンドポイントがオフに固定されました',
      happened: '{by} が {endpointName} を {until}（UTC）までオフに固定しました。理由: {why}',
      next: 'それより早く必要な場合は、管理者に相談してください。管理者はエンドポイントのページで固定を解除できます。',
    },
    connectionEnded: {
      title: 'クライアント VPN: 接続が切断されました',
      happened: '{by} が、{person} の {endpointName} への接続を切断しました。',
      next: nothing,
    },
    connectionEndedOfNobody: {
      title: 'クライアント VPN: 接続が切断されました',
      happened:
        '{by} が {endpointName} への接続を切断しました。だれの接続かは AWS から取得できません。',
      next: nothing,
    },
    stayedOnOne: {
      title: 'クライアント VPN: エンドポイントが夜間もオンのままでした',
      happened: '{names} は午前 0 時にオンで、現在もオンのままです。',
      next: 'オンのままの理由と接続中の人は「概要」ページで確認できます。不要な場合は、エンドポイントのページで停止するか、固定を解除してください。',
    },
    stayedOnSeveral: {
      title: 'クライアント VPN: エンドポイントが夜間もオンのままでした',
      happened: '次のエンドポイントは午前 0 時にオンで、現在もオンのままです: {names}',
      next: 'オンのままの理由と接続中の人は「概要」ページで確認できます。不要なものは、それぞれのページで停止するか、固定を解除してください。',
    },
    scheduleFailing: {
      title: 'クライアント VPN: 定期処理に問題があります',
      happened:
        '{since}（UTC）から、定期処理がすべて失敗しています。エンドポイントがオンのままになり、費用がかかる可能性があります。',
      next: '定期処理のログを確認し、診断コマンド（npm run doctor）を実行してください。',
    },
    scheduleNotRunning: {
      title: 'クライアント VPN: 定期処理が実行されていません',
      happened:
        '定期処理は {since}（UTC）を最後に実行されていません。エンドポイントはオフにならず、費用がかかり続けます。',
      next: 'ルールが無効になっていないかをポータルの概要で確認してください。そこから有効にできます。',
    },
    scheduleRecovered: {
      title: 'クライアント VPN: 定期処理が再開しました',
      happened: '定期処理が再開しました。問題が始まった日時は {since}（UTC）です。',
      next: '対応は必要ありません。実行されなかった処理は自動的に行われます。',
    },
  },
};
