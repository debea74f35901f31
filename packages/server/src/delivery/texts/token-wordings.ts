import { deed, deedFacts } from './deed.ts'
import { name, openTokens, pages, sayWhySecurity, whenFact, type Wordings } from './wording.ts'
import { say, sayWhen } from './words.ts'

/** What tells of access tokens. */
export const tokenWordings: Wordings<'TOKEN_CREATED' | 'TOKEN_ROTATED' | 'TOKEN_REVOKED' | 'TOKEN_LEAKED'> =
  {
    TOKEN_CREATED: ({ values }, telling) =>
      deed(telling, values, {
        title: /*i18n*/ { id: 'message.TOKEN_CREATED.title', message: 'Access token created' },
        sentence: /*i18n*/ {
          id: 'message.TOKEN_CREATED.sentence',
          message: 'The personal access token “{token}” was created for “{account}”. It acts in your name.',
        },
        names: { token: name(telling, values.tokenName), account: name(telling, values.accountName) },
        action: { label: say(telling, openTokens), path: pages.tokens },
      }),

    TOKEN_ROTATED: ({ values }, telling) =>
      deed(telling, values, {
        title: /*i18n*/ { id: 'message.TOKEN_ROTATED.title', message: 'Access token replaced' },
        sentence: /*i18n*/ {
          id: 'message.TOKEN_ROTATED.sentence',
          message:
            'The personal access token “{token}” of “{account}” was replaced by a new one, which acts in your name.',
        },
        names: { token: name(telling, values.tokenName), account: name(telling, values.accountName) },
        meaning: [
          values.oldWorksUntil
            ? say(
                telling,
                /*i18n*/ {
                  id: 'message.TOKEN_ROTATED.overlap',
                  message: 'The old one works until {when}.',
                },
                { when: sayWhen(telling, values.oldWorksUntil) },
              )
            : say(
                telling,
                /*i18n*/ {
                  id: 'message.TOKEN_ROTATED.ended',
                  message: 'The old one does not work any more.',
                },
              ),
        ],
        action: { label: say(telling, openTokens), path: pages.tokens },
      }),

    TOKEN_REVOKED: ({ values }, telling) => ({
      title: say(
        telling,
        /*i18n*/ { id: 'message.TOKEN_REVOKED.title', message: 'Access token revoked by an administrator' },
      ),
      sentences: [
        say(
          telling,
          /*i18n*/ {
            id: 'message.TOKEN_REVOKED.sentence',
            message:
              'The personal access token “{token}” of “{account}” was revoked by {actor}. Programs that use it need a new one.',
          },
          {
            token: name(telling, values.tokenName),
            account: name(telling, values.accountName),
            actor: name(telling, values.actorName),
          },
        ),
      ],
      facts: [whenFact(telling, values.at)],
      action: { label: say(telling, openTokens), path: pages.tokens },
      why: sayWhySecurity(telling),
    }),

    TOKEN_LEAKED: ({ values }, telling) => {
      const names = { token: name(telling, values.tokenName), account: name(telling, values.accountName) }
      return {
        title: say(telling, /*i18n*/ { id: 'message.TOKEN_LEAKED.title', message: 'Access token revoked' }),
        sentences: [
          say(
            telling,
            /*i18n*/ {
              id: 'message.TOKEN_LEAKED.sentence',
              message:
                'The personal access token “{token}” of “{account}” was found in a public place and was revoked. Programs that use it need a new one.',
            },
            names,
          ),
        ],
        facts: deedFacts(telling, values),
        short: say(
          telling,
          /*i18n*/ {
            id: 'message.TOKEN_LEAKED.short',
            message: 'The access token “{token}” was found in a public place and was revoked.',
          },
          names,
        ),
        action: { label: say(telling, openTokens), path: pages.tokens },
        why: sayWhySecurity(telling),
      }
    },
  }
