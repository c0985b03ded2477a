import { z } from 'zod';

/**
 * Reads a stored item, or what a condition returned of it.
 *
 * @throws {Error} naming the item and what is wrong with it; an item is never guessed at
 */
export function readItem<Form extends z.ZodType>(form: Form, item: unknown): z.output<Form> {
  const parsed = form.safeParse(item);
  if (parsed.success) return parsed.data;
  throw new Error(`reading the stored item ${sortKeyOf(item)}: ${z.prettifyError(parsed.error)}`);
}

/** The item's sort key; empty for what is no item. */
export function sortKeyOf(item: unknown): string {
  const form = z.object({ sk: z.string() }).safeParse(item);
  return form.success ? form.data.sk : '';
}
