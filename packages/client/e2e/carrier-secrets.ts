/** What the server of the journeys is started with, so that they can report to it as a mail carrier does. */
export const webhookCredentials = 'postmark:of-the-journeys'
export const secretKey = 'a-key-of-the-journeys-that-is-long-enough-for-anybody'
