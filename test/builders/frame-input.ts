import type { Language } from '../../src/web/locales/index.ts';
import type { FrameInput, Viewer } from '../../src/web/view-models/viewer.ts';
import { alice, sampleNow } from './endpoint-for-person.ts';

/** A page for somebody in Tokyo. */
export function frameInput(
  principal: Viewer['principal'] = alice,
  language: Language = 'en',
): FrameInput {
  return {
    viewer: { principal, language, timeZone: 'Asia/Tokyo' },
    pause: null,
    path: '/',
    assetUrl: (name) => `/assets/${name}`,
    requestId: 'request-1',
    now: sampleNow,
  };
}
