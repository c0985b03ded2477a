import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'no-implicit-button-type': 'off',
    // A row that a phone shows as a block is a row to every screen reader only where it says so.
    'no-redundant-role': 'off',
  },
});

/** What is wrong with a page's markup; empty where it is sound, and accessible as far as markup tells. */
export async function htmlFaultsOf(page: string): Promise<readonly string[]> {
  const { results } = await validator.validateString(page);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, message, ruleId }) => `${line.toString()} ${ruleId}: ${message}`),
  );
}
