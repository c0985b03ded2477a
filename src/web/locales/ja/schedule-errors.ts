import type { Format } from '../format.ts';
import type { ScheduleProblem } from '../schedule-problem.ts';
import type { Notice } from '../told.ts';

export function scheduleNotice(problem: ScheduleProblem, format: Format): Notice {
  switch (problem.code) {
    case 'pause-until-not-usable':
      return {
        title: 'その期間は指定できません',
        happened: `一時停止できるのは今から ${format.count(problem.longestDays)} 日以内です。何も変更していません。`,
        next: '定期処理の表示に戻り、選択肢の中から選んでください。',
      };
    case 'pause-reason-missing':
      return {
        title: '理由が入力されていません',
        happened: '自動停止を一時停止する理由が送信されませんでした。何も変更していません。',
        next: '定期処理の表示に戻り、理由を短く入力してください。全員に表示されます。',
      };
    case 'pause-reason-too-long':
      return {
        title: '理由が長すぎます',
        happened: `理由は ${format.count(problem.longest)} 文字以内で入力する必要があります。一時停止していません。`,
        next: '定期処理の表示に戻り、理由を短くしてください。',
      };
    case 'rule-missing':
      return {
        title: 'ルールがありません',
        happened:
          'ポータルに設定された名前のルールが EventBridge にないため、有効にできませんでした。',
        next: 'ポータルをもう一度デプロイするか、RECONCILER_RULE_NAME を修正してください。',
      };
    case 'rule-refused':
      return {
        title: 'AWS に許可されませんでした',
        happened: 'ルールを有効にする操作を EventBridge が拒否しました。何も変更していません。',
        next: 'EventBridge で直接有効にするか、ポータルのロールにこのルールの events:EnableRule の権限を与えてください。',
      };
    case 'rule-not-confirmed':
      return {
        title: 'ルールが有効になったか確認できません',
        happened: '時間内に EventBridge の確認を得られませんでした。',
        next: '定期処理の表示に戻って確認してください。まだ無効の場合は、もう一度ボタンを押してください。',
      };
  }
}
