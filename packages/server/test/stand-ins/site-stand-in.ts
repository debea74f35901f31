import { HttpStandIn, type PlainAnswer, type ReceivedRequest } from './http-stand-in.ts'

/** Any site: takes everything, and says how much it read. */
export class SiteStandIn extends HttpStandIn {
  static listen(): Promise<SiteStandIn> {
    return new SiteStandIn().listen()
  }

  private constructor() {
    super()
  }

  protected accept({ path, body }: ReceivedRequest): PlainAnswer {
    return { status: 200, headers: { 'x-path': path }, body: `read ${body.length}` }
  }
}
