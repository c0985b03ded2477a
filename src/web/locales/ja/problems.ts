import type { Catalogue } from '../en.ts';

export const policyProblem: Catalogue['policyProblem'] = ({ code, tag, value }) => {
  switch (code) {
    case 'subnets-missing':
      return `タグ ${tag} がないか、空です。関連付けるサブネットの ID をスペース区切りで設定してください。`;
    case 'subnet-malformed':
      return `タグ ${tag} の「${value}」はサブネット ID ではありません。subnet- に続けて 8 桁または 17 桁の 16 進数で記入してください。`;
    case 'subnet-twice':
      return `タグ ${tag} に ${value} が 2 回書かれています。どちらかを削除してください。`;
    case 'too-many-subnets':
      return `タグ ${tag} に ${value} 個のサブネットが書かれています。5 個以下にしてください。`;
    case 'name-too-long':
      return `タグ ${tag} が 80 文字を超えています（「${value}」）。短い名前にしてください。`;
    case 'groups-empty':
      return `タグ ${tag} が空のため、だれもこのエンドポイントを利用できません。グループの ID を記入するか、サインインした全員に許可する場合はタグを削除してください。`;
    case 'idle-minutes-invalid':
      return `タグ ${tag} の値「${value}」が正しくありません。1〜1440 の整数（分）を設定してください。`;
    case 'lease-minutes-invalid':
      return value === ''
        ? `タグ ${tag} が空です。選択肢を 1〜1440 の整数（分）でスペース区切りで記入するか、タグを削除してください。`
        : `タグ ${tag} の「${value}」が正しくありません。選択肢を 1〜1440 の整数（分）でスペース区切りで記入してください。`;
    case 'silent-minutes-invalid':
      return `タグ ${tag} の値「${value}」が正しくありません。1〜10080 の整数（分）を設定するか、すべての接続を利用中とみなす場合はタグを削除してください。`;
    case 'off-at-invalid':
      return `タグ ${tag} の値「${value}」が正しくありません。22:00 Asia/Tokyo のように、時刻とタイムゾーンを記入してください。`;
    case 'off-at-cuts-off-invalid':
      return `タグ ${tag} の値「${value}」が正しくありません。true または false を設定してください。`;
    case 'transit-gateway':
      return 'Transit Gateway に接続されたエンドポイントで、関連付けるサブネットがないため、ポータルでは管理できません。タグ vpn-portal:managed を削除してください。';
    case 'connect-flag-invalid':
      return `接続の条件を決めるタグ ${tag} の値「${value}」が正しくありません。true または false を設定するか、タグを削除してください。`;
    case 'connect-one-per-person-invalid':
      return `タグ ${tag} の値「${value}」が正しくありません。newer-wins または older-stays を設定するか、1 人で複数の接続を許可する場合はタグを削除してください。`;
    case 'connect-client-version-invalid':
      return `タグ ${tag} の値「${value}」が正しくありません。接続を許可する最も古い AWS クライアントのバージョンを 5.2.0 のように数字で記入するか、タグを削除してください。`;
    case 'connect-platform-malformed':
      return value === ''
        ? `タグ ${tag} が空のため、どの端末も接続できません。win:10.0 mac linux のようにプラットフォームを記入するか、タグを削除してください。`
        : `タグ ${tag} の「${value}」が正しくありません。win:10.0 mac linux のように、プラットフォームを 1 回ずつ、必要なら最も古いバージョンを数字で付けて記入してください。`;
  }
};

export const subnetProblem: Catalogue['subnetProblem'] = ({ code, subnetId, detail }) => {
  switch (code) {
    case 'subnet-not-found':
      return `サブネット ${subnetId} は、このアカウントとリージョンに存在しません。タグ vpn-portal:subnets を修正してください。`;
    case 'subnets-in-one-zone':
      return `サブネット ${subnetId} と ${detail} は同じアベイラビリティーゾーンにあります。タグ vpn-portal:subnets にはどちらか一方だけを残してください。`;
    case 'subnets-in-two-vpcs':
      return `サブネット ${subnetId} と ${detail} は別々の VPC にあります。タグ vpn-portal:subnets には同じ VPC のサブネットだけを記入してください。`;
    case 'subnet-too-small':
      return `サブネット ${subnetId}（${detail}）は小さすぎます。/27 以上の大きさのサブネットを選んでください。`;
    case 'too-few-addresses':
      return `サブネット ${subnetId} の空きアドレスは ${detail} 個しかありません。AWS には 20 個以上必要です。空きを増やすか、別のサブネットを選んでください。`;
  }
};
