import type { Refusal } from './conditions.ts';

/** The languages of what a VPN client shows. It says nothing of its own, so the deployment chooses. */
export const clientLanguages = ['en', 'ja'] as const;
export type ClientLanguage = (typeof clientLanguages)[number];

/**
 * What the person reads in the VPN client: what happened, and what to do. At most 255 characters,
 * the portal's address included, which may have up to `longestPortalUrl` of them.
 */
export type Sentences = (refusal: Refusal, portal: string) => string;

export const longestPortalUrl = 100;

export const sentencesIn: Readonly<Record<ClientLanguage, Sentences>> = { en, ja };

function en({ need, reason }: Refusal, portal: string): string {
  switch (reason) {
    case 'stop-under-way':
      return `This VPN is just being turned off. Turn it on at ${portal} and connect when that page says that it is on.`;
    case 'held-off':
      return `An administrator keeps this VPN off. Until when, and why, is at ${portal}`;
    case 'not-in-group':
      return `Your groups may not use this VPN. Which ones you may use is at ${portal}`;
    case 'client-version-unknown':
      return `This VPN is for AWS VPN Client ${need} or newer. Install it, and connect with it. How to is at ${portal}`;
    case 'client-too-old':
      return `Your AWS VPN Client is too old. Install ${need} or newer. How to is at ${portal}`;
    case 'platform-unknown':
      return `Your client does not say which system it runs on. This VPN is for: ${brief(need)}. Ask an administrator.`;
    case 'platform-not-admitted':
      return `This VPN cannot be used from your kind of device, only from: ${brief(need)}. Ask an administrator.`;
    case 'platform-too-old':
      return `Your system is too old for this VPN. Update it: at least ${brief(need)} is needed.`;
    case 'no-lease':
      return `You have not asked for this VPN. Ask for it at ${portal} and connect again.`;
    case 'connected-already':
      return `You are connected with another device. Disconnect it, and try again after two minutes.`;
    case 'request-malformed':
      return 'The VPN service has sent a request that cannot be read. Try again; if that does not help, tell an administrator.';
    case 'version-not-known':
    case 'endpoint-not-managed':
    case 'tags-not-usable':
    case 'tags-too-old':
    case 'connections-not-read':
    case 'connections-too-many':
      return `Whether you may use this VPN cannot be told at the moment. Try again in some minutes, or tell an administrator: ${portal}`;
    case 'no-answer-in-time':
    case 'failed':
      return `Something has gone wrong on our side. Try again in a minute; if that does not help, tell an administrator: ${portal}`;
  }
}

function ja({ need, reason }: Refusal, portal: string): string {
  switch (reason) {
    case 'stop-under-way':
      return `この VPN は停止処理中です。${portal} でオンにし、「オン」と表示されてから接続してください。`;
    case 'held-off':
      return `この VPN は管理者がオフに固定しています。期限と理由は ${portal} で確認できます。`;
    case 'not-in-group':
      return `この VPN を利用できるグループに入っていません。利用できる VPN は ${portal} で確認できます。`;
    case 'client-version-unknown':
      return `この VPN には AWS VPN Client ${need} 以降が必要です。インストールして接続してください。手順は ${portal} にあります。`;
    case 'client-too-old':
      return `AWS VPN Client が古すぎます。${need} 以降をインストールしてください。手順は ${portal} にあります。`;
    case 'platform-unknown':
      return `端末の種類を確認できません。この VPN を利用できるのは ${brief(need)} です。管理者に連絡してください。`;
    case 'platform-not-admitted':
      return `この種類の端末では利用できません。利用できるのは ${brief(need)} です。管理者に連絡してください。`;
    case 'platform-too-old':
      return `OS が古すぎます。${brief(need)} 以降に更新してください。`;
    case 'no-lease':
      return `この VPN を依頼していません。${portal} で依頼してから、もう一度接続してください。`;
    case 'connected-already':
      return '別の端末で接続中です。そちらを切断し、2 分後にもう一度接続してください。';
    case 'request-malformed':
      return 'VPN サービスからの要求を読み取れません。もう一度接続し、解決しない場合は管理者に連絡してください。';
    case 'version-not-known':
    case 'endpoint-not-managed':
    case 'tags-not-usable':
    case 'tags-too-old':
    case 'connections-not-read':
    case 'connections-too-many':
      return `利用できるかどうかを今は確認できません。数分後にもう一度接続するか、管理者に連絡してください。${portal}`;
    case 'no-answer-in-time':
    case 'failed':
      return `ポータル側で問題が起きました。1 分後にもう一度接続し、解決しない場合は管理者に連絡してください。${portal}`;
  }
}

/** A tag may be longer than what a client shows. */
function brief(need: string): string {
  return need.length <= 80 ? need : `${need.slice(0, 79)}…`;
}
