import type { ErrorProblem } from '../error-problem.ts';
import type { Catalogue } from '../en.ts';
import type { Format } from '../format.ts';
import type { Notice } from '../told.ts';
import { scheduleNotice } from './schedule-errors.ts';
import { reportNotice } from './usage.ts';

function notice(problem: ErrorProblem, format: Format): Notice {
  switch (problem.code) {
    case 'malformed-id':
      return {
        title: 'アドレスが正しくありません',
        happened: 'アドレスに、エンドポイントや接続の ID ではない文字列が含まれています。',
        next: 'リンク全体がコピーされているか確認するか、一覧からエンドポイントを選んでください。',
      };
    case 'page-not-found':
      return {
        title: 'ページが見つかりません',
        happened: 'このアドレスにはページがありません。',
        next: 'アドレスを確認するか、一覧から始めてください。',
      };
    case 'endpoint-unknown':
      return {
        title: 'エンドポイントが見つかりません',
        happened: 'エンドポイントが存在しないか、お使いのグループでは表示できません。',
        next: '一覧から選んでください。一覧にない場合は、グループについて管理者に問い合わせてください。',
      };
    case 'minutes-not-offered':
      return {
        title: 'その時間は選べません',
        happened: `依頼は受け付けられませんでした。選べる時間は ${problem.choices.map((minutes) => format.minutes(minutes)).join('、')} です。`,
        next: 'エンドポイントのページに戻り、この中から選んでください。',
      };
    case 'hold-kind-unknown':
      return {
        title: 'オンかオフが選ばれていません',
        happened: 'オンとオフのどちらに固定するかが送信されませんでした。何も変更していません。',
        next: 'エンドポイントのページに戻り、どちらかを選んでください。',
      };
    case 'hold-until-not-usable':
      return {
        title: 'その期間は指定できません',
        happened: `固定できるのは今から ${format.count(problem.longestDays)} 日以内です。何も変更していません。`,
        next: 'エンドポイントのページに戻り、選択肢の中から選んでください。',
      };
    case 'hold-reason-missing':
      return {
        title: '理由が入力されていません',
        happened: '固定する理由が送信されませんでした。何も変更していません。',
        next: 'エンドポイントのページに戻り、理由を短く入力してください。利用したい人に表示されます。',
      };
    case 'hold-reason-too-long':
      return {
        title: '理由が長すぎます',
        happened: `理由は ${format.count(problem.longest)} 文字以内で入力する必要があります。何も変更していません。`,
        next: 'エンドポイントのページに戻り、理由を短くしてください。',
      };
    case 'connection-gone':
      return {
        title: 'その接続はすでに終了しています',
        happened: '指定された接続はもうありません。何も変更していません。',
        next: 'エンドポイントのページに戻り、現在接続している人を確認してください。',
      };
    case 'pause-until-not-usable':
    case 'pause-reason-missing':
    case 'pause-reason-too-long':
    case 'rule-missing':
    case 'rule-refused':
    case 'rule-not-confirmed':
      return scheduleNotice(problem, format);
    case 'body-unreadable':
      return {
        title: 'リクエストを読み取れませんでした',
        happened:
          '送信された内容は、このページのフォームとして読み取れませんでした。何も変更していません。',
        next: '一覧に戻り、もう一度ボタンを押してください。',
      };
    case 'body-too-large':
      return {
        title: 'リクエストが大きすぎます',
        happened:
          'このポータルのフォームに必要な量を超えるデータが送信されました。何も変更していません。',
        next: '一覧に戻り、そこにあるボタンを使ってください。',
      };
    case 'wrong-content-type':
      return {
        title: 'リクエストの形式が正しくありません',
        happened:
          'ポータルが受け付けるのは、ポータル自身のフォームだけです。何も変更していません。',
        next: '一覧に戻り、そこにあるボタンを使ってください。',
      };
    case 'unknown-language':
      return {
        title: 'この言語は利用できません',
        happened: 'アドレスで指定された言語には対応していません。',
        next: 'ページの上部で言語を選んでください。',
      };
    case 'cross-site-request':
      return {
        title: '別のサイトからのリクエストです',
        happened: '別のサイトが、あなたの名前で変更を行おうとしました。何も変更していません。',
        next: 'ご自身で行った操作であれば、一覧に移動して、そこにあるボタンを押してください。',
      };
    case 'not-permitted':
      return {
        title: 'この操作は許可されていません',
        happened: 'お使いのアカウントでは閲覧のみ可能です。何も変更していません。',
        next: '業務で必要な場合は、グループについて管理者に相談してください。',
      };
    case 'not-signed-in':
      return {
        title: 'サインインしていません',
        happened: 'どなたがご利用か、ポータルで確認できません。',
        next: 'サインインすると、続けられます。',
      };
    case 'sign-in-expired':
      return {
        title: 'サインインの有効期限が切れました',
        happened: 'サインインしてから時間がたったため、もう一度確認が必要です。',
        next: 'もう一度サインインすると、続けられます。',
      };
    case 'identity-not-verified':
      return {
        title: 'サインインを確認できませんでした',
        happened: '本人であることを示す情報が、ポータルの検証を通りませんでした。',
        next: 'もう一度サインインしてください。このページが再び表示される場合は、下のリクエスト ID を管理者に知らせてください。',
      };
    case 'aws-unavailable':
      return {
        title: '現在、AWS から応答がありません',
        happened: '必要な応答を AWS から得られませんでした。',
        next: '1 分ほどしてから、もう一度お試しください。すでに受け付けた依頼は失われません。',
      };
    case 'store-unavailable':
      return {
        title: 'ポータルの記録に接続できません',
        happened: 'ポータル自身の記録を読み書きできませんでした。',
        next: '1 分ほどしてから、もう一度お試しください。依頼の途中だった場合は、受け付けられたかどうかを一覧で確認してください。',
      };
    case 'method-not-allowed':
      return {
        title: 'このアドレスではその操作はできません',
        happened:
          'アドレスは存在しますが、この種類のリクエストには対応していません。何も変更していません。',
        next: '一覧に移動して、そこにあるボタンを使ってください。',
      };
    case 'filter-not-usable':
    case 'answer-too-long':
      return reportNotice(problem, format);
    case 'unexpected':
      return {
        title: '問題が発生しました',
        happened: 'ポータルで想定外のエラーが起きました。',
        next: 'もう一度お試しください。再び起きる場合は、下のリクエスト ID を管理者に知らせてください。',
      };
  }
}

export const errors: Catalogue['errors'] = {
  notice,
  endpoint: 'エンドポイントのページに戻る',
  overview: '一覧へ移動する',
  schedule: '定期処理の表示に戻る',
  tryAgain: 'もう一度試す',
  status: (status) => `エラー ${status}`,
  requestId: 'リクエスト ID',
};
