import type { Language } from "../session/service_menu.ts";

/**
 * Words that say nothing of a service: they tell the language, and are no sign that a text is about
 * something else. Folded.
 */
export const EVERYDAY_WORDS: { [L in Language]: string } = {
  en: `
      a an the i you he she it we they me my your his her our their this that these those is are
      was were be been am do does did don have has had can could will would should may might must
      to of in on at for from by with without about into over under near around and or but if then
      so because not no yes as than too also very just only still again now today tomorrow tonight
      yesterday week month day morning afternoon evening what which who whom whose when where why
      how much many some any all each every one two three four five new old good best big small
      nice here there someone anyone somebody something anything everything people pls plz please
      ok okay im ill ive u ur r n dont cant first next last more less other same thing things time
      up out off down back`,
  fr: `
      je tu il elle on nous vous ils elles me te se le la les un une des du de d l j m t s n c qu
      mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces est sont
      suis es sommes etes etait ai as a avons avez ont avais fait faire peux peut pouvez pouvons
      dois doit au aux en dans sur sous pour par avec sans chez entre vers depuis pendant et ou
      mais si donc car parce que qui quoi dont quand comment pourquoi combien quel quelle quels
      quelles ne pas plus moins tres trop bien bon bonne aussi encore deja jamais toujours oui non
      svp stp plait s'il aujourd hui demain hier soir matin midi semaine mois jour ici la-bas y
      deux trois quatre cinq faites allez viens vient tout tous toute toutes autre meme quelqu
      quelque quelques rien personne chose ca cela celui etre avoir aller petit grand nouveau
      nouvelle vieux beau jveux chui jai lundi mardi mercredi jeudi vendredi samedi dimanche
      week-end an ans annee apres avant prochain`,
  sw: `
      mimi wewe yeye sisi nyinyi ninyi wao ni si na ya wa za la cha vya kwa katika kwenye kutoka
      hadi mpaka kama lakini au kwamba ili kwani hii hiyo huyu huyo hizi hizo hapa hapo huko kuna
      hakuna iko yako yangu yetu yenu yao wangu wako wetu wenu zangu zako zetu zenu langu lako
      changu chako vyangu gani nani nini wapi lini vipi ngapi je sana tu pia bado tena sasa leo
      kesho jana asubuhi mchana jioni usiku wiki mwezi siku moja mbili tatu nne tano mia elfu laki
      ndiyo ndio hapana sawa tafadhali naomba nataka ninataka nahitaji ninahitaji natafuta
      ninatafuta nina una ana tuna mna wana ninaweza naweza unaweza mnaweza niko uko yuko tuko mko
      karibu mtu watu kitu vitu kila yote zote wote nzuri mzuri vizuri kubwa ndogo mpya kidogo
      ambayo ambaye mbona ila basi kwanza jumatatu jumanne jumatano alhamisi ijumaa jumamosi
      jumapili mwaka miaka ijayo kabla baada`,
  rw: `
      jye njye njyewe wowe we twe mwe bo ni si na n y w cy bw z k rw by ya wa cya bwa za ka rwa
      bya mu ku i kuri muri kwa kugira ngo cyangwa ariko kandi kubera niba uyu uwo iyi iyo iki
      icyo ibi ibyo aha aho hano hariya hari nta ese se ki nde ninde he hehe ryari gute nte angahe
      kangahe bangahe zingahe ko no nka cyane gusa nanone ubu none munsi ejo mugitondo gitondo
      nimugoroba nijoro icyumweru ukwezi umunsi rimwe kabiri gatatu kane gatanu babiri batatu bane
      batanu ebyiri eshatu enye eshanu yego oya ndashaka nshaka turashaka dushaka arashaka nkeneye
      dukeneye mfite dufite ufite mufite afite bafite nifuza turifuza ndifuza ndi turi uri ari
      bari nasaba ndasaba mwaba mushobora nshobora yanjye wanjye cyanjye bwanjye zanjye rwanjye
      byanjye banjye yawe wawe yacu wacu bacu yanyu wanyu byanyu zanyu cyanyu bose byose zose yose
      umuntu abantu ikintu ibintu neza nziza cyiza byiza kinini gito nto nini mbona nabona nonaha
      vuba buri undi ikindi abandi bite mbere gatandatu dimanche umwaka imyaka nyuma`,
};

/** Words by which people ask for something: with them a single telling word is enough. Folded. */
export const WISHES: { [L in Language]: string } = {
  en: `
      want wanna wan need needs needed looking look searching search find get getting where how
      much price cost costs buy buying sell selling any anyone who please pls plz help show send
      book order interested rent hire give tell available kindly urgent urgently cheap for`,
  fr: `
      veux voudrais voulons veut jveux cherche cherchons recherche besoin ou combien prix coute
      acheter achete vendre vends vend svp stp plait peux peut pouvez puis trouver trouve avez y
      montrez envoyez donnez disponible souhaite souhaiterais aimerais louer reserver commander
      urgent quel quelle quels qui pour demande il faut avoir`,
  sw: `
      nataka ninataka tunataka nahitaji ninahitaji tunahitaji natafuta ninatafuta tunatafuta
      naomba tunaomba wapi ngapi gani bei kununua nauza ninauza kuuza nunua tafadhali unaweza
      mnaweza naweza nisaidie kuna nani nipe nitumie nionyeshe mnauza mna ipo zipo gharama
      inapatikana hitaji weka agiza nina tuna nahitaj`,
  rw: `
      ndashaka nshaka turashaka dushaka nkeneye dukeneye nifuza turifuza ndifuza he angahe igiciro
      kugura kugurisha ndagura ndagurisha ngurisha nasaba ndasaba mwaba hari ese mushobora
      nshobora mwampa mumpe munyereke nyereka mfite dufite mufite ni nde ninde ugurisha igura
      gushaka mpa mwanyereka mwohereze biragura zigura nagura ngura`,
};
