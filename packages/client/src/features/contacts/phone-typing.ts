import {
  AsYouType,
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min'

/** ISO 3166-1 alpha-2 of every country that has numbers. */
export const countries: readonly string[] = getCountries()

/** As "49"; undefined for a country without numbers. */
export function callingCodeOf(country: string): string | undefined {
  return isSupportedCountry(country) ? getCountryCallingCode(country) : undefined
}

/** What was typed so far, grouped as people of the country write it. */
export function groupDigits(typed: string, country: string): string {
  return new AsYouType(knownCountry(country)).input(typed)
}

/** The country that a number with "+" is of; undefined while that is open. */
export function countryOfInternational(typed: string): string | undefined {
  if (!typed.trim().startsWith('+')) return undefined
  const typing = new AsYouType()
  typing.input(typed)
  return typing.getCountry()
}

/**
 * The number as the server takes it. What is no number is handed on as it is: the server says what is wrong with it.
 */
export function internationalNumber(typed: string, country: string): string {
  return parsePhoneNumberFromString(typed, knownCountry(country))?.number ?? typed.trim()
}

function knownCountry(country: string): CountryCode | undefined {
  return isSupportedCountry(country) ? country : undefined
}
