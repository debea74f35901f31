/** What a page needs before it can be drawn did not come; the cause is why, as the request failed. */
export class PageNotLoaded extends Error {
  constructor(cause: unknown) {
    super('The data of the page did not come.', { cause })
  }
}
