/**
 * Names of places, by what they are. Two of a kind in one text are a way from one to the other;
 * a quarter and its town are an address.
 */
export const PLACES = {
  town: `
      kigali, huye, butare, musanze, ruhengeri, rubavu, gisenyi, rusizi, cyangugu, muhanga,
      gitarama, kayonza, rwamagana, nyagatare, bugesera, nyamata, karongi, kibuye, gicumbi,
      byumba, nyanza, ruhango, kirehe, ngoma, kibungo, gatsibo, rulindo, gakenke, burera, rutsiro,
      nyabihu, ngororero, kamonyi, nyamasheke, gisagara, nyaruguru, kampala, nairobi, goma,
      bukavu, bujumbura, mombasa, arusha, mwanza, kabale, entebbe, dar es salaam, dodoma, gatuna,
      uganda, burundi, tanzania, kenya, congo, rwanda`,
  quarter: `
      remera, kimironko, kacyiru, gisozi, nyarutarama, kicukiro, nyamirambo, nyabugogo, kanombe,
      gikondo, kibagabaga, kagugu, gacuriro, kiyovu, kimihurura, muhima, batsinda, rusororo,
      masaka, kisimenti, kabeza, rebero, gatenga, zindiro, kabuga, bumbogo, giporoso, sonatubes,
      biryogo, kigali heights, convention center, airport, aeroport, stadium, stade, town, mujyi,
      mjini, centre ville, downtown, gare`,
} as const;

export type PlaceKind = keyof typeof PLACES;
