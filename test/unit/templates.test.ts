import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { compileTemplates } from '../../src/web/templates.ts';
import type { Render } from '../../src/web/templates.ts';

let folder = '';
let render: Render;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'templates-'));
  writeFileSync(path.join(folder, 'row.ejs'), '<li title="<%= view.name %>"><%= view.name %></li>');
  render = compileTemplates(folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const shown = (name: unknown): string => render('row', { name });

describe('a value in a template', () => {
  it('is no markup', () => {
    expect(shown('"><b>&')).toBe(
      '<li title="&#34;&gt;&lt;b&gt;&amp;">&#34;&gt;&lt;b&gt;&amp;</li>',
    );
  });

  it.each([0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2069])(
    'does not turn the text after it around: %d',
    (code) => {
      const turned = `${String.fromCharCode(code)}admin`;
      expect(shown(turned)).toBe('<li title="admin">admin</li>');
    },
  );

  it('is written as it is in every script, and empty where there is none', () => {
    expect(shown('山田 太郎, דנה 5')).toContain('>山田 太郎, דנה 5<');
    expect(shown(undefined)).toBe('<li title=""></li>');
    expect(shown(7)).toContain('>7<');
  });
});
