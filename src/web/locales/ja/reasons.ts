import type { Reason } from '../../../lease/reason.ts';
import type { AwsProblem } from '../../../vpn/observation.ts';
import type { Format } from '../format.ts';
import type { Told } from '../told.ts';

function awsProblem({ kind, operation, code }: AwsProblem): string {
  switch (kind) {
    case 'busy':
      return 'AWS が別の変更を処理しています。';
    case 'misconfigured':
      return `エンドポイントまたはネットワークの設定により、AWS に拒否されました（${code}）。`;
    case 'not-allowed':
      return `ポータルに ${operation} の権限がありません。`;
    case 'unreachable':
      return 'AWS から応答がありません。';
    case 'unknown':
      return `AWS から想定外の応答がありました（${code}）。`;
  }
}

function silent(connections: number, format: Format): string {
  return connections === 0
    ? ''
    : `${format.count(connections)} 件の接続が開いていましたが、長い間通信がなかったため、利用中とはみなしませんでした。`;
}

export function reason(why: Reason, format: Format): Told {
  const told = (happened: string, next: string, quote = ''): Told => ({ happened, next, quote });
  switch (why.code) {
    case 'nobody-needs-it':
      return told('現在、必要としている人がいません。', 'だれかがオンにするまで、オフのままです。');
    case 'lease-held':
      return told(
        `${format.time(why.until)} までの利用依頼を受け付けました。`,
        'AWS にターゲットネットワークの関連付けを依頼しています。',
      );
    case 'associating':
      return told(
        'AWS がターゲットネットワークを関連付けています。',
        '利用できるようになるまで、自動的に進みます。',
      );
    case 'restoring-routes':
      return told(
        'ターゲットネットワークの関連付けが終わり、ルートを復元しています。',
        '最後のルートが有効になると、利用できます。',
      );
    case 'waiting-for-the-stop':
      return told(
        'オフにする処理の途中だったため、AWS での完了を待っています。',
        '完了後すぐに、オンにする処理を自動的に始めます。',
      );
    case 'removing-a-failed-association':
      return told(
        'AWS でターゲットネットワークの関連付けに失敗したため、その関連付けを解除しています。',
        '解除が終わると、自動的にもう一度試します。',
        why.message,
      );
    case 'trying-again':
      return told(
        `前回の試行は成功しませんでした。${awsProblem(why.problem)}`,
        `${format.time(why.retryAt)} に自動的にもう一度試します。`,
        why.problem.message,
      );
    case 'gave-up':
      return told(
        `オンにする処理に何度か失敗しました。${awsProblem(why.problem)}`,
        `もう一度試しても解決しない場合は、管理者に連絡してください。ポータルは ${format.time(why.retryAt)} に自動的に再試行します。`,
        why.problem.message,
      );
    case 'routes-not-restored':
      return told(
        `オンになりましたが、${format.count(why.failed)} 件のルートを復元できませんでした。`,
        '接続はできますが、一部の送信先に届かない可能性があります。管理者に連絡してください。',
        why.message,
      );
    case 'kept-on-by-lease':
      return told(
        `依頼があるため、少なくとも ${format.time(why.until)} まではオンのままです。`,
        'その後、だれも使わなくなると自動的にオフになります。',
      );
    case 'connected':
      return told(
        `${format.count(why.connected)} 件の接続があるため、オンのままです。`,
        '最後の接続が終わってしばらくすると、自動的にオフになります。',
      );
    case 'idle-grace':
      return told(
        '接続している人も、依頼している人もいません。',
        `それまでに接続や依頼がなければ、${format.time(why.stopAt)} にオフになります。`,
      );
    case 'held-on':
      return told(
        `${why.by} がオンに固定しているため、${format.time(why.until)} まではオンのままです。`,
        'その後、だれも使わなくなると自動的にオフになります。',
      );
    case 'held-off':
      return told(
        `${why.by} がオフに固定しているため、${format.time(why.until)} まではオフのままです。`,
        'それまではオンにできません。早く必要な場合は、管理者に相談してください。',
      );
    case 'idle':
      return told(
        `${format.time(why.since)} からだれも使っていないため、オフにしています。${silent(why.silent, format)}`,
        '必要な場合は、もう一度オンにしてください。AWS での処理が終わりしだい、準備を始めます。',
      );
    case 'stopped-by-an-administrator':
      return told(
        `${why.by} が停止しました。`,
        '必要な場合は、もう一度オンにしてください。AWS での処理が終わりしだい、準備を始めます。',
      );
    case 'latest-hour':
      return told(
        `${format.time(why.at)} にオフにする設定のため、オフにしています。`,
        '必要な場合は、もう一度オンにしてください。AWS での処理が終わりしだい、準備を始めます。',
      );
    case 'disassociating':
      return told(
        'AWS がターゲットネットワークの関連付けを解除しています。',
        '必要な場合は、もう一度オンにしてください。AWS での処理が終わりしだい、準備を始めます。',
      );
    case 'dry-run':
      return told(
        `本来は ${format.time(why.since)} にオフになるはずでしたが、定期処理がドライラン中のため、オンのままです。`,
        '管理者がドライランを終えるまでオフにならず、費用がかかります。',
      );
    case 'stopping-paused':
      return told(
        `本来はオフになりますが、${why.by} が ${format.time(why.until)} まで自動停止を一時停止しています。`,
        'それまではオンのままで、費用がかかります。管理者は、停止することも一時停止を終了することもできます。',
      );
    case 'reading-incomplete':
      return told(
        `情報をすべて読み込めなかったため、ポータルは何も変更していません。${awsProblem(why.problem)}`,
        '1 分以内に自動的に読み込み直します。この状態が続く場合は、管理者に連絡してください。',
        why.problem.message,
      );
    case 'stop-failed':
      return told(
        `オフにする必要がありますが、AWS がターゲットネットワークの関連付けの解除を拒否しました。${awsProblem(why.problem)}`,
        'オフになるまで費用がかかります。ポータルは 1 分ごとに再試行します。管理者に連絡してください。',
        why.problem.message,
      );
    case 'stop-overdue':
      return told(
        `${format.time(why.since)} にオフになる予定でしたが、オフにする定期処理が実行されていません。`,
        '接続はできますが、費用がかかり続けています。定期処理が実行されていないことを管理者に連絡してください。',
      );
    case 'policy-invalid':
      return told(
        'タグに誤りがあるため、ポータルはこのエンドポイントを操作しません。',
        '管理者によるタグの修正が必要です。修正は自動的に反映されます。',
      );
    case 'subnets-invalid':
      return told(
        'AWS で関連付けできないサブネットがあるため、ポータルはオンにする処理を行いません。',
        '管理者による下記の修正が必要です。修正は自動的に反映されます。',
      );
  }
}
