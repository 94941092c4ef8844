/** `dvm token new`: a shared secret. */

import { ROLES, type Role, Token } from '../../src/actors/node/link/token.ts';
import { UsageError } from '../../src/errors.ts';
import { print } from '../console.ts';
import { EXIT } from '../exit-codes.ts';

export function token(action: string, { role }: { readonly role: Role }): number {
  if (action !== 'new') throw new UsageError(`dvm token ${action}: there is only dvm token new`);
  if (!ROLES.includes(role))
    throw new UsageError(`--role ${role}: there is no such role`, `roles: ${ROLES.join(' ')}`);
  print(`${Token.draw(role).text}\n`);
  return EXIT.ok;
}
