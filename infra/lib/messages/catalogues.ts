import { en } from './en.ts';
import { ja } from './ja.ts';
import type { Messages } from './message.ts';

export const messagesIn = { en, ja } as const satisfies Record<string, Messages>;
