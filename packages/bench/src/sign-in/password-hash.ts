/** What everybody who signs in here has, made with the server's own parameters: 19 MiB, two passes, one lane. */
export const passwordHash = {
  password: 'correct horse battery staple',
  hash: '$argon2id$v=19$m=19456,t=2,p=1$oIYy+nUxN3Ci1ofp191GiQ$hVyJatR0B2GZ+9tiFroOBEe0YmmGIpqP1BlxDnXVna8',
} as const
