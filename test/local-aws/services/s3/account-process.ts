/** An account in a process of its own, so that a test can see what S3's memory does. Speaks with its parent by messages. */
import { openAccount } from '../account.ts';

const account = await openAccount();
process.on('message', (message) => {
  if (message === 'stop') void account.close().then(() => process.disconnect());
  // Kibibytes: the most that was ever resident.
  else process.send?.({ maxRSS: process.resourceUsage().maxRSS });
});
process.send?.({ client: account.client });
