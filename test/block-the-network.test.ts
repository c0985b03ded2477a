import { expect, test } from '@jest/globals';

test('a test cannot reach anything outside this machine', async () => {
  await expect(fetch('http://192.0.2.1/')).rejects.toMatchObject({
    cause: { message: expect.stringContaining('only the loopback is allowed') },
  });
});
