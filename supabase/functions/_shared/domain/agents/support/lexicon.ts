import type { Lexicon } from "../../intent/lexicon.ts";

/** Help with this service itself: people, problems, complaints, questions about us. */
export const supportLexicon: Lexicon = {
  en: {
    sure: `
      talk to a human, talk to human, speak to a human, talk to a person, speak to a person, speak
      to someone, talk to someone, real person, a human, human agent, connect me to agent,
      customer care, customer service, customer support, support team, help desk, complaint,
      complain, problem with account, problem with, forgot password, reset password, password,
      login, log in, payment failed, money was deducted, money back, refund, refunded, ticket, not
      working, doesn t work, does not work, what can you do, how does this work, how does it work,
      who are you, are you a robot, are you a bot, opening hours, open hours, business hours, what
      time do you open, what time do you close, where are you located, office located, your
      office, your address, delete my data, wrong answer, scam, fraud, report a problem, technical
      issue, escalate, manager, main menu, don t understand, talk to agent, speak to an agent,
      live agent, operator, paid twice, charged twice, double charged, delete my information,
      delete account, delete my account, change language, change my language, nothing works, your
      bot, bot is useless, useless, since the update, open on sunday, are you open, open today,
      update my details, privacy, unsubscribe me, not received, never arrived, never received, no
      answer, nobody answers, slow response, give me a human, real human, can t log in, cannot log
      in, cant log in, why was i charged, languages do you speak, language do you speak, do you
      speak, account blocked, still waiting for reply, no reply`,
    likely: `
      problem, issue, error, human, agent, account, deducted, bug, assist me, assistance, support,
      failed, stuck, how to use, blocked, robot, services menu, can t access, by mistake, charged,
      delete, update, app crashes, wrong, mistake, cancel payment, receipt, verification code,
      phone number change, sunday, need help, i need help, help me please, my account, my ticket,
      languages, speak, deduct, overcharged, pin code, otp, reply`,
    hint: `
      help, question, located, address, hours, answered, manager, contact, information, work,
      person, representative, understand`,
    never: `
      real estate agent, travel agent, bank account manager, help me find, no problem, security
      agent, insurance agent, sales agent, house help`,
  },
  fr: {
    sure: `
      parler à une personne, parler à quelqu'un, parler à un humain, parler à un conseiller,
      parler à un agent, un conseiller, passez-moi, vraie personne, service client, service
      après-vente, réclamation, plainte, problème avec, mot de passe, oublié mot de passe,
      connexion impossible, paiement a échoué, paiement échoué, argent parti, remboursement,
      rembourser, remboursé, remboursée, ne marche pas, ne fonctionne pas, que pouvez-vous faire,
      que peux-tu faire, comment ça marche, comment ça fonctionne, qui êtes-vous, qui es-tu, vos
      horaires, horaires d'ouverture, heures d'ouverture, où êtes-vous, se trouve votre bureau,
      votre bureau, votre adresse, êtes-vous un robot, arnaque, ticket de support, signaler un
      problème, je ne comprends pas, menu principal, payé deux fois, débité deux fois, supprimer
      mes données, supprimer mon compte, changer de langue, changer la langue, rien ne marche,
      votre robot, ouverts le dimanche, vous êtes ouverts, êtes-vous ouvert, un humain, pas reçu,
      jamais reçu, personne ne répond, par erreur, code de vérification, modifier mes
      informations, me connecter, n'arrive pas à me connecter, prélevé, pourquoi on m'a prélevé,
      quelles langues, parlez-vous français, parlez-vous, compte bloqué, pas de réponse`,
    likely: `
      problème, erreur, conseiller, compte, échoué, humain, assistance, bloqué, horaires, robot,
      support, bug, données, supprimer, reçu de paiement, débité, nul, dimanche, faux, erreur de,
      aidez-moi, aide-moi, besoin d'aide, j'ai besoin d'aide, mon compte, mon ticket, un
      responsable, connecter, prélevé, débit, langues, langue, réponse`,
    hint: `
      aide, aider, question, adresse, personne, comprends, contacter, information, renseignement,
      responsable, svp`,
    never: `
      agent immobilier, agent de sécurité, pas de problème, aide ménagère, compte rendu, aide à
      domicile`,
  },
  sw: {
    sure: `
      kuongea na mtu, ~ongea na mtu, kuzungumza na mtu, ~zungumza na mtu, mtu halisi, niunganishe,
      niunganishe na, mhudumu, wakala wenu, huduma kwa wateja, malalamiko, lalamiko, ~lalamika,
      tatizo na akaunti, nina tatizo, shida na akaunti, nina shida, akaunti yangu, nenosiri, neno
      la siri, nimesahau, malipo yamekataa, malipo yameshindikana, pesa imekatwa, pesa zimekatwa,
      kurudishiwa pesa, kurudishiwa, rudisha pesa, nirudishieni pesa, haifanyi kazi, unaweza
      kufanya nini, mnafanya nini, hii inafanyaje kazi, inafanyaje kazi, wewe ni nani, nyinyi ni
      nani, ni roboti, mnafungua saa, mnafunga saa, saa za kazi, ofisi yenu, mko wapi, mnapatikana
      wapi, anwani yenu, tapeli, sielewi, tiketi yangu ya msaada, nimelipa mara mbili, mara mbili
      kwa makosa, kwa makosa, mko wazi, mnafungua lini, kufuta taarifa, ~futa taarifa, futa
      akaunti, badilisha lugha, kubadilisha lugha, mtu wa kweli, sijapokea, sikupokea, hakuna
      anayejibu, roboti yenu, msaada wa haraka, siwezi kuingia, kuingia kwenye akaunti, nimekatwa,
      kwa nini nimekatwa, mnazungumza lugha, lugha gani, akaunti imefungwa, sijajibiwa`,
    likely: `
      msaada, tatizo, shida, akaunti, kosa, roboti, meneja, imekwama, hitilafu, malipo, makosa,
      nimelipa, taarifa, kufuta, lugha, jumapili, wazi, naomba msaada, nahitaji msaada, nisaidie,
      nisaidieni, unisaidie, taarifa zangu, nimekatwa pesa, makato, kuingia`,
    hint: `saidia, swali, anwani, mtu, kuongea, sifahamu, maelezo, kufungua`,
    never: `hakuna shida, hamna shida, hakuna tatizo, mhudumu wa mgahawa, mtu wa mauzo`,
  },
  rw: {
    sure: `
      kuvugana n'umuntu, ~vugana n'umuntu, kuvugisha umuntu, ~vugisha umuntu, umuntu nyawe,
      mumpuze, mpuza, mumpuze n'umukozi, umukozi wanyu, umukozi wa kiliya, ndabinginze, ikirego,
      gutanga ikirego, ~rega, kujuririra, mfite ikibazo, ikibazo kuri konti, konti yanjye, ijambo
      ry'ibanga, ijambobanga, nibagiwe, nishyuye biranga, kwishyura byanze, amafaranga yavuyeho,
      bankase amafaranga, gusubizwa amafaranga, ~subizwa amafaranga, munsubize amafaranga, mukora
      iki, ukora iki, bikora gute, ibi bikora gute, bikora bite, uri nde, muri bande, uri robo,
      mufungura saa, mufunga saa, mufungura, amasaha mukora, ibiro byanyu, muherereye he, mukorera
      he, aderesi yanyu, simbyumva, sinumva, ntibikora, uburiganya, abatekamutwe, serivisi
      z'abakiriya, nishyuye kabiri, kabiri nibeshye, nibeshye, mukora ku cyumweru, murakora,
      mukora ryari, nasiba nte, gusiba konti, gusiba amakuru, guhindura ururimi, hindura ururimi,
      umuntu nyakuri, mumpe umuntu, ntabwo byageze, sinabonye, nta wunsubiza, ntawansubije, robo
      yanyu, nta kintu gikora, byishyuwe kabiri, sinshobora kwinjira, kwinjira muri konti,
      mwankase, kuki mwankase, bankase, muvuga izihe ndimi, ururimi, konti yafunzwe, sindasubizwa`,
    likely: `
      ikibazo, konti, biranga, byanze, gusubizwa, robo, umuyobozi, kwinjira muri konti, ikosa,
      umuntu mvugana, nishyuye, gusiba, ururimi, nyakuri, bidakora, mumfashe, mfasha, mwamfasha,
      ubufasha, nkeneye ubufasha, kwinjira, bankata, indimi`,
    hint: `gufasha, kumfasha, umuntu, ibibazo, aderesi, kuvugana, sobanukirwa, kubaza`,
    never: `nta kibazo, ntakibazo, mushobora kumfasha kubona`,
  },
};
