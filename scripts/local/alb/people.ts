/** Somebody who can sign in at the local stack, as the identity provider would describe them. */
export interface SamplePerson {
  /** What the sign-in form sends. */
  readonly key: string;
  readonly displayName: string;
  readonly role: { readonly english: string; readonly japanese: string };
  /** The `sub` claim. */
  readonly subject: string;
  readonly email: string;
  readonly groups: readonly string[];
}

/** Group ids in the form of IAM Identity Center's, which is what `${user:groups}` yields. */
export const sampleGroups = {
  everyone: '57a4ea98-1011-70e7-9c1d-3f6a0d5b2c10',
  tokyo: '57a4ea98-2022-70e7-8a4e-91b7c65d0f21',
  osaka: '57a4ea98-3033-70e7-b5f0-d2480c9e7a32',
  administrators: '57a4ea98-4044-70e7-a6c3-60e19f8b4d43',
  auditors: '57a4ea98-5055-70e7-92d8-0b7f3e5a1c54',
} as const;

export const samplePeople: readonly SamplePerson[] = [
  {
    key: 'alice',
    displayName: 'Alice',
    role: { english: 'Employee, Tokyo', japanese: '東京の社員' },
    subject: '17d4da48-a0e1-7005-3c2f-5b8e6f9a1d01',
    email: 'alice@example.com',
    groups: [sampleGroups.everyone, sampleGroups.tokyo],
  },
  {
    key: 'bob',
    displayName: 'Bob',
    role: { english: 'Employee, Osaka', japanese: '大阪の社員' },
    subject: '27d4da48-b0e2-7005-8d41-7c0f2a6b3e02',
    email: 'bob@example.com',
    groups: [sampleGroups.everyone, sampleGroups.osaka],
  },
  {
    key: 'carol',
    displayName: 'Carol',
    role: { english: 'Administrator', japanese: '管理者' },
    subject: '37d4da48-c0e3-7005-9e52-8d103b7c4f03',
    email: 'carol@example.com',
    groups: [sampleGroups.everyone, sampleGroups.administrators],
  },
  {
    key: 'dave',
    displayName: 'Dave',
    role: { english: 'Auditor', japanese: '監査担当者' },
    subject: '47d4da48-d0e4-7005-af63-9e214c8d5004',
    email: 'dave@example.com',
    groups: [sampleGroups.everyone, sampleGroups.auditors],
  },
];
