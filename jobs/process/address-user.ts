/** Whether Node can send the user and the password of an address: it throws where a `%` begins no byte of a character. */
export function hasReadableUser({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}:${password}`);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
