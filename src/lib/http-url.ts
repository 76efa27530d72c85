/** An http or https URL, without the user name and the password that fetch refuses; null for other text. */
export const parseHttpUrl = (text: string): URL | null => {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : null;
};

export const httpUrlProblem = 'expected a URL with https:// or http://, and without a user name or password';
