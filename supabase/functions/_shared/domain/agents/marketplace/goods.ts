import type { Option } from "../../flows/fields.ts";
import { foldText } from "../../fold_text.ts";
import { texts } from "../shared_texts.ts";

const kind = (
  value: string,
  en: string,
  fr: string,
  sw: string,
  rw: string,
  words: string,
): Option => ({
  value,
  title: texts(en, fr, sw, rw),
  words,
});

/** Kinds of goods and services, by what people call them. */
export const GOODS: readonly Option[] = [
  kind(
    "phones",
    "Phones",
    "Téléphones",
    "Simu",
    "Telefoni",
    "phone,phones,smartphone,iphone,samsung,tecno,telephone,telephones,portable,simu,telefoni,telefone",
  ),
  kind(
    "computers",
    "Computers",
    "Ordinateurs",
    "Kompyuta",
    "Mudasobwa",
    "laptop,laptops,computer,printer,ordinateur,ordi,pc,imprimante,kompyuta,mudasobwa",
  ),
  kind(
    "appliances",
    "Appliances",
    "Électroménager",
    "Vifaa vya nyumbani",
    "Ibikoresho byo mu rugo",
    "fridge,freezer,tv,television,cooker,washing machine,generator,frigo,refrigerateur,televiseur,cuisiniere,machine a laver,groupe electrogene,friji,televisheni,jiko,jenereta,firigo,tereviziyo,televiziyo",
  ),
  kind(
    "furniture",
    "Furniture",
    "Meubles",
    "Samani",
    "Ibikoresho by'inzu",
    "sofa,sofas,table,chair,chairs,bed,mattress,cupboard,canape,lit,chaise,chaises,matelas,armoire,meubles,kochi,meza,viti,kitanda,godoro,kabati,intebe,ameza,igitanda,matela,akabati",
  ),
  kind(
    "vehicles",
    "Vehicles",
    "Véhicules",
    "Magari",
    "Ibinyabiziga",
    "car,cars,motorcycle,motorbike,bicycle,bike,truck,voiture,moto,velo,camion,gari,pikipiki,baiskeli,lori,imodoka,pikipiki,igare,ikamyo",
  ),
  kind(
    "clothes",
    "Clothes",
    "Vêtements",
    "Nguo",
    "Imyenda",
    "clothes,dress,shoes,shirt,suit,jacket,bag,vetements,robe,chaussures,chemise,costume,veste,sac,nguo,gauni,viatu,shati,mkoba,imyenda,ikanzu,inkweto,ishati,isakoshi",
  ),
  kind(
    "building",
    "Building",
    "Construction",
    "Ujenzi",
    "Ubwubatsi",
    "cement,bricks,iron sheets,timber,ciment,briques,toles,bois,saruji,matofali,mabati,mbao,sima,amatafari,amabati,imbaho",
  ),
  kind(
    "services",
    "Services",
    "Services",
    "Huduma",
    "Serivisi",
    "repair,repairs,tailor,hairdresser,photographer,cleaning service,reparation,couturier,coiffeur,photographe,ufundi,fundi,mshonaji,msusi,mpiga picha,gusana,umudozi,umufotozi",
  ),
];

/** What stands around the name of a thing that somebody sells or looks for; folded. */
const AROUND = new RegExp(
  "^(?:hello|hi|hey|bonjour|habari|muraho|please|svp)?\\s*(?:" +
    [
      "i (?:want|would like|need|have|am) (?:to )?(?:sell|selling|buy|buying|get|find|for sale)?(?: my| an?| some| the)?(?: old| new| used| second hand)?",
      "(?:i m )?(?:selling|buying|looking for|searching for)(?: my| an?| some| the)?(?: old| new| used| second hand)?",
      "(?:want to |where can i )?(?:sell|buy|find)(?: my| an?| some| the)?(?: old| new| used| second hand)?",
      "(?:je (?:veux|voudrais|souhaite|vends|cherche)|j aimerais|vendre|acheter|a vendre)(?: vendre| acheter| trouver)?(?: mon| ma| mes| un| une| des| du| le| la)?",
      "(?:nataka|ninataka|natafuta|nahitaji|ninauza|nauza|kuuza|kununua)(?: kuuza| kununua)?",
      "(?:ndashaka|nshaka|ndagurisha|nkeneye|ngurisha|kugurisha|kugura)(?: kugurisha| kugura)?",
    ].join("|") + ")\\s+(.+)$",
  "i",
);
/** Where the thing's name ends: what it costs, where it is. */
const AFTER =
  /\s+(?:for|at|in|near|around|under|below|pour|a|à|au|en|pres|près|moins|kwa|katika|huko|chini|ku|kuri|mu|i|hafi)\s+.*$|\s+\d.*$/i;
const NOT_A_THING = new Set(
  "something,anything,things,goods,items,item,it,this,that,here,quelque chose,ca,kitu,vitu,hapa,ikintu,ibintu,hano"
    .split(","),
);

/** "I want to sell my old fridge for 80k" → "fridge"; undefined where no thing is named. */
export function findThing(text: string): string | undefined {
  const first = text.trim().split("\n")[0]!;
  const words = first.replace(/['’]/g, " ").replace(/[,;.!?].*$/, "").trim();
  const thing = AROUND.exec(words)?.[1]?.replace(AFTER, "").trim();
  if (thing === undefined || thing.length < 2 || thing.length > 60) return undefined;
  return NOT_A_THING.has(foldText(thing)) ? undefined : thing.toWellFormed();
}
