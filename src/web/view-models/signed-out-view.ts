import type { Frame } from './frame.ts';
import { frameOf } from './frame.ts';
import type { FrameInput, Link } from './viewer.ts';
import { wordingFor } from './viewer.ts';

export interface SignedOutView {
  readonly frame: Frame;
  readonly title: string;
  readonly happened: string;
  readonly next: string;
  readonly link: Link;
}

export function signedOutView(input: FrameInput): SignedOutView {
  const wording = wordingFor(input);
  const { signedOut, signInAgain } = wording.text.frame;
  return {
    frame: frameOf(input, wording, {
      name: 'signed-out',
      title: signedOut.title,
      icon: 'off',
      path: input.path,
    }),
    ...signedOut,
    link: { href: '/', text: signInAgain, label: null },
  };
}
