import type { Chance } from './chance.ts'
import { addressPart } from './definitions.ts'

/** Who a lead is about. The members that a form may leave out are null now and then. */
interface Contact {
  readonly company_name: string | null
  readonly email: string | null
  readonly phone_number: string | null
  readonly first_name: string | null
  readonly last_name: string | null
}

/** @param whole set when no member may be missing */
export type DrawContact = (chance: Chance, whole: boolean) => Contact

type Names = readonly [string, ...string[]]

/** Names of one country. A company is named by a stem, a trade and a form, in this order. */
interface Region {
  readonly stems: Names
  readonly trades: Names
  readonly forms: Names
  readonly firstNames: Names
  readonly lastNames: Names
  /** With `#` for digits; in ranges kept for fiction, or in ones that no subscriber has. */
  readonly phone: string
}

/** `'Anna | Bo'` → `['Anna', 'Bo']`. */
const names = (text: string): Names => {
  const [first = '', ...others] = text.split('|').map((name) => name.trim())
  return [first, ...others]
}

const regions: readonly [Region, ...Region[]] = [
  {
    stems: names('Alder Point | Copper Creek | Lakeshore | Redwood Gate | Summit Ridge | Prairie Wind'),
    trades: names('Logistics | Analytics | Medical Devices | Foods | Robotics | Insurance'),
    forms: names('Inc. | LLC | Corp.'),
    firstNames: names('Ava | Marcus | Jasmine | Tyler | Elena | Jordan | Priscilla | Wes'),
    lastNames: names('Whitaker | Delgado | Nguyen | Brooks | Castellano | Freeman | Yoon | Harper'),
    phone: '+1-206-555-01##',
  },
  {
    stems: names('Ashdown | Kingsmead | Thornbury | Fairhaven | Larkfield | Stonegate'),
    trades: names('Engineering | Retail | Publishing | Energy | Consulting | Freight'),
    forms: names('Ltd | Ltd | plc'),
    firstNames: names('Oliver | Amelia | Imran | Freya | Callum | Zainab | Rhys | Beatrice'),
    lastNames: names('Hargreaves | Patel | McAllister | Osei | Pemberton | Lloyd | Choudhury | Marsh'),
    phone: '+44 20 7946 0###',
  },
  {
    stems: names('Nordlicht | Isartal | Hansekontor | Rheinblick | Sonnenhof | Falkenstein'),
    trades: names('Logistik | Maschinenbau | Medizintechnik | Energie | Software | Handel'),
    forms: names('GmbH | GmbH | AG | GmbH & Co. KG'),
    firstNames: names('Jürgen | Katharina | Lukas | Sabine | Emre | Annika | Matthias | Leonie'),
    lastNames: names('Schäfer | Vogt | Yılmaz | Baumgartner | König | Reinhardt | Brandt | Hoffmann'),
    phone: '+49 30 23125 ###',
  },
  {
    stems: names('Clairefontaine | Montferrand | Soleil Levant | Valmont | Beaurivage | Grand Chêne'),
    trades: names('Conseil | Logistique | Santé | Énergie | Numérique | Agroalimentaire'),
    forms: names('SAS | SARL | SA'),
    firstNames: names('Camille | Théo | Aïcha | Benoît | Margaux | Hugo | Inès | Étienne'),
    lastNames: names('Lefèvre | Moreau | Benali | Garnier | Rousseau | Dubois | Chevalier | Marchand'),
    phone: '+33 1 99 00 ## ##',
  },
  {
    stems: names('Björkhaga | Norrsken | Sjöstad | Älvdal | Granlund | Tallkrok'),
    trades: names('Teknik | Bygg | Data | Skog | Livs | Design'),
    forms: names('AB'),
    firstNames: names('Linnéa | Gustav | Saga | Johan | Amina | Björn | Åsa | Viktor'),
    lastNames: names('Bergström | Sandberg | Åkesson | Haddad | Nyström | Holmqvist | Ek | Wallin'),
    phone: '+46 8 465 004 ##',
  },
  {
    stems: names('Biały Dąb | Złoty Kłos | Jasny Brzeg | Sokół | Mazur | Wiślanka'),
    trades: names('Transport | Systemy | Budownictwo | Farmacja | Meble | Energia'),
    forms: names('Sp. z o.o. | S.A.'),
    firstNames: names('Agnieszka | Paweł | Zofia | Krzysztof | Magdalena | Łukasz | Ewa | Michał'),
    lastNames: names('Zając | Nowak | Wójcik | Sikora | Lis | Kaczmarek | Dudek | Mazurek'),
    phone: '+48 22 000 ## ##',
  },
  {
    stems: names('Río Claro | Monteverde | Costa Brisa | Almendro | Sierra Alta | Peñalba'),
    trades: names('Logística | Alimentación | Ingeniería | Energía | Turismo | Textil'),
    forms: names('S.L. | S.A.'),
    firstNames: names('Lucía | Álvaro | Carmen | Íñigo | Marta | Rubén | Nuria | Joaquín'),
    lastNames: names('García | Echeverría | Muñoz | Serrano | Ibáñez | Vidal | Ortega | Núñez'),
    phone: '+34 910 000 ###',
  },
  {
    stems: names('Molenwijk | Duinrand | Zilvermeer | Oosterhaven | Lindeboom | Waterkant'),
    trades: names('Techniek | Logistiek | Zorg | Bouw | Media | Agro'),
    forms: names('B.V. | N.V.'),
    firstNames: names('Sanne | Daan | Fleur | Bram | Yasmina | Joris | Lotte | Sem'),
    lastNames: names('de Vries | van den Berg | Bakker | El Amrani | Visser | Kuipers | Dijkstra | Mulder'),
    phone: '+31 20 000 ####',
  },
  {
    stems: names('Aozora | Hikarigaoka | Minatomachi | Yamanami | Tsubame | Wakaba'),
    trades: names('Denki | Shoji | Systems | Kogyo | Foods | Design'),
    forms: names('K.K. | Co., Ltd.'),
    firstNames: names('Yuki | Kenta | Aiko | Daichi | Misaki | Ren | Naomi | Takashi'),
    lastNames: names('Tanaka | Kobayashi | Fujimoto | Ishikawa | Nakamura | Shimizu | Okada | Hayashi'),
    phone: '+81 3-0000-####',
  },
  {
    stems: names('Serra Azul | Ipê Amarelo | Rio Manso | Jacarandá | Pedra Branca | Vale Verde'),
    trades: names('Agronegócio | Tecnologia | Logística | Saúde | Energia | Alimentos'),
    forms: names('Ltda. | S.A.'),
    firstNames: names('Beatriz | Thiago | Larissa | João | Conceição | Rafael | Luana | Caio'),
    lastNames: names('Almeida | Gonçalves | Nogueira | Araújo | Teixeira | Barros | Simões | Pacheco'),
    phone: '+55 11 0000-####',
  },
  {
    stems: names('Deccan Gate | Lotus Court | Konark | Sahyadri | Neem Tree | Blue Monsoon'),
    trades: names('Infotech | Textiles | Pharma | Motors | Exports | Foods'),
    forms: names('Pvt. Ltd. | Ltd.'),
    firstNames: names('Ananya | Rohan | Kavya | Vikram | Meera | Aditya | Farah | Siddharth'),
    lastNames: names('Iyer | Kulkarni | Sharma | Bose | Reddy | Fernandes | Qureshi | Nair'),
    phone: '+91 22 0000 ####',
  },
  {
    stems: names('Banksia | Wattle Creek | Coral Reach | Jarrah | Saltbush | Ironbark'),
    trades: names('Mining Services | Wines | Health | Solar | Freight | Education'),
    forms: names('Pty Ltd'),
    firstNames: names('Mia | Lachlan | Tahlia | Cooper | Grace | Hamish | Matilda | Kai'),
    lastNames: names("O'Connor | Papadopoulos | Walsh | Tran | Fitzgerald | Sutherland | Nikolić | Reid"),
    phone: '+61 2 5550 ####',
  },
]

/**
 * Draws people of companies that have not been drawn before.
 *
 * Names repeat over the companies as they do in life; a company comes once.
 */
export function contactBook(): DrawContact {
  const drawn = new Set<string>()
  const drawCompany = (region: Region, chance: Chance): string => {
    // Half of a region's names are never needed; the bound is there for the day when they are.
    for (let tries = 0; tries < 1_000; tries += 1) {
      const name = `${chance.pick(region.stems)} ${chance.pick(region.trades)}`
      if (drawn.has(name)) continue
      drawn.add(name)
      return name
    }
    throw new Error('The names of companies are used up')
  }
  return (chance, whole) => {
    const mayLack = (share: number): boolean => chance.happens(share) && !whole
    const region = chance.pick(regions)
    const company = drawCompany(region, chance)
    const first = chance.pick(region.firstNames)
    const last = chance.pick(region.lastNames)
    const address = `${addressPart(first)}.${addressPart(last)}@${addressPart(company)}.example`
    const phone = chance.digits(region.phone)
    const form = chance.pick(region.forms)
    return {
      company_name: mayLack(0.03) ? null : `${company} ${form}`,
      email: mayLack(0.04) ? null : address,
      phone_number: mayLack(0.1) ? null : phone,
      first_name: first,
      last_name: mayLack(0.04) ? null : last,
    }
  }
}
