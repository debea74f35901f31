import { type CityResponse, open, type Reader } from 'maxmind'

import { Language } from '../language.ts'

/** Tells roughly where a network address is, from a file on this machine: nobody is asked. */
export class Places {
  readonly #reader: Reader<CityResponse> | null

  private constructor(reader: Reader<CityResponse> | null) {
    this.#reader = reader
  }

  /**
   * @param file a database in MaxMind's format (MMDB) with cities or countries; null = no place is known
   * @throws Error when it cannot be read as one
   */
  static async open(file: string | null): Promise<Places> {
    return new Places(file === null ? null : await open<CityResponse>(file))
  }

  /** As 'Boston, United States' in the language, or in English where the file lacks it; null for what is not in the file. */
  placeOf(address: string, language: Language): string | null {
    const found = this.#read(address)
    if (!found) return null
    const nameOf = (place: { names: object } | undefined): string | undefined => {
      const names: Readonly<Record<string, string | undefined>> = { ...place?.names }
      return names[language.toLowerCase()] ?? names[Language.EN.toLowerCase()]
    }
    const parts = [nameOf(found.city), nameOf(found.country)].filter((name) => name !== undefined)
    return parts.length === 0 ? null : parts.join(', ').slice(0, placeLength)
  }

  #read(address: string): CityResponse | null {
    try {
      return this.#reader?.get(address) ?? null
    } catch {
      // What a proxy wrote down may be no address at all.
      return null
    }
  }
}

/** What the table takes. */
const placeLength = 200
