/** Words that say nothing about what a text is about, in English and French, folded. */
const STOP_WORDS = new Set(
  ("a an the and or of to in on at for from by with is are be been was were it its this that these " +
    "those i you we they he she my your our their me us do does did can could may will would should " +
    "have has had what when where which who how many much not no if as any all more most there " +
    "un une le la les l de des du d et ou a au aux en dans sur pour par avec est sont etre ce cet " +
    "cette ces c je j tu il elle on nous vous ils elles mon ma mes votre vos notre nos leur leurs se " +
    "s y ne n pas que qu qui quoi quel quelle quels quelles quand comment combien puis peut peux " +
    "faut si plus tout tous toute toutes ai as avez avons ont est t me m").split(" "),
);

const ENDINGS = [
  ["ements", "ement", "ations", "ation", "ments", "ment", "ings", "ing", "tions", "tion", "euses"],
  [
    "euse",
    "ives",
    "ive",
    "ies",
    "iers",
    "ier",
    "eurs",
    "eur",
    "ers",
    "er",
    "ees",
    "ee",
    "ed",
    "ez",
  ],
  ["ent", "ons", "ais", "ait", "ly", "es", "e", "s", "x", "y"],
].flat();

/** Words of one meaning, English and French. The first names it. */
const CONCEPTS = [
  "price cost fee tarif prix cout couter rate charge expensive cher montant",
  "open opening hours schedule ouvert ouverture ouvre horaire heures closing close ferme fermeture",
  "doctor physician medecin docteur nurse infirmier infirmiere midwife sage-femme",
  "child children kid baby enfant bebe nourrisson infant newborn",
  "pregnant pregnancy prenatal enceinte grossesse maternity maternite expecting",
  "appointment booking book rendez vous rdv reserver reservation visit visite consultation",
  "vaccine vaccination immunization vaccin vacciner injection shot jab",
  "delivery deliver shipping ship livraison livrer envoi",
  "pay payment paid payer paiement regler reglement versement momo money argent cash",
  "return refund rembourser remboursement retour exchange echange",
  "coffee cafe cherry cerise bean grain",
  "member membership membre adherent adhesion join adherer",
  "seed semence graine seedling plant plantule",
  "fertilizer engrais manure fumier compost",
  "loan credit pret emprunt borrow emprunter",
  "insurance assurance mutuelle insured assure cover couvert couvre",
  "emergency urgent urgence night nuit",
  "medicine drug medicament pharmacy pharmacie prescription ordonnance",
  "test laboratory lab analyse laboratoire examen exam result resultat blood sang",
  "phone telephone call appeler appel numero number contact",
  "address location where adresse lieu situe located find trouver",
  "warranty guarantee garantie repair reparation reparer broken casse panne",
  "order commande commander purchase buy achat acheter",
  "discount promotion reduction remise sale solde cheap",
  "meeting reunion assembly assemblee",
  "harvest recolte recolter crop season saison campagne",
  "rain pluie weather meteo water eau irrigation arroser",
  "pest disease ravageur maladie insect insecte parasite",
  "milk lait dairy laiterie cow vache cattle betail",
  "tooth dental dentist dent dentiste dentaire",
  "eye glasses oeil yeux lunettes vision ophtalmologie",
  "size taille fit pointure measure mesure",
  "shoe chaussure dress robe clothes vetement clothing",
  "gift cadeau voucher bon card carte",
  "job work emploi travail hiring recrutement recruit",
  "complaint complain plainte reclamation problem probleme",
  "training formation course cours learn apprendre teach",
  "transport truck camion bus vehicle vehicule",
  "share dividend part dividende profit benefice bonus prime",
  "phone mobile portable smartphone",
  "solar solaire panel panneau lamp lampe battery batterie light",
  "quality qualite grade grading sorting tri",
  "privacy confidentiality confidentialite data donnees secret record dossier",
  "test hiv vih aids sida",
  "malaria paludisme fever fievre mosquito moustique",
  "account compte password passe login connexion",
  "parking park stationnement",
  "monday tuesday wednesday thursday friday lundi mardi mercredi jeudi vendredi weekday semaine week",
  "saturday sunday samedi dimanche weekend",
  "holiday public ferie conge vacances",
].map((group) => group.split(" "));

const CONCEPT_OF_STEM = new Map(
  CONCEPTS.toReversed().flatMap((group) => group.map((word) => [stemWord(word), `=${group[0]}`])),
);

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}

/** A folded word without its ending: rough, and the same for all its forms. */
export function stemWord(word: string): string {
  let stem = word;
  for (let round = 0; round < 2; round++) {
    const ending = ENDINGS.find((one) => stem.endsWith(one) && stem.length - one.length >= 3);
    if (ending === undefined) break;
    stem = stem.slice(0, -ending.length);
  }
  return stem;
}

/** The concept that a stem stands for, or the stem. */
export function conceptOf(stem: string): string {
  return CONCEPT_OF_STEM.get(stem) ?? stem;
}
