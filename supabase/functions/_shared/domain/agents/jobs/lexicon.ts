import type { Lexicon } from "../../intent/lexicon.ts";

/** Work that is looked for, offered and applied to. */
export const jobsLexicon: Lexicon = {
  en: {
    sure: `
      job, jobs, vacancy, vacancies, hiring, we are hiring, are you hiring, recruit, recruiting,
      recruitment, employment, unemployed, jobless, internship, intern position, looking for work,
      need work, find work, work opportunity, job post, post a job, job application, apply for
      position, apply for the job, cover letter, casual work, part time work, full time work, part
      time job, house help, housemaid, house girl, househelp, job seeker, resume cv, job opening,
      openings for, earn a living, make a living, source of income, looking to hire, to hire, need
      to earn, find a worker, applied for, who applied, do you have work, got work, work for me,
      needs work, wants work, can work as, hustle,
      (engineer|nurse|teacher|driver|cook|chef|welder|cashier|secretary|developer|accountant|cleaner|guard|waiter|waitress|barista|mason|electrician|carpenter|tailor|salesman|receptionist|intern)
      (job|jobs|work|position|vacancy|needed|wanted), got fired, lost my job, laid off, looking
      for a gig, data entry, looking for waiters, (looking for|need|hire|hiring|recruit)
      (waiters|waitresses|cooks|guards|drivers|cleaners|workers|staff|teachers|masons|an
      accountant|a nanny|a cleaner|a maid|employees), side hustle, extra income`,
    likely: `
      cv, resume, salary, apply, applicants, applicant, applied, candidate, candidates, employer,
      employee, employ, employ full time, part time, full time, work as, nanny, waitress, waiter,
      cashier, security guard, security guards, accountant, cleaner, receptionist, interview,
      position, positions, workers, worker, staff, career, gig, freelance, experience as, work
      from home, hire, openings, income, opening, welder, gardener, housekeeper, babysitter,
      tailor experience, live in, wages, payslip, shift, night shift, interview tomorrow,
      graduate, employed, finished school, volunteer, apprentice, role, cooks, contract work, my
      applications, need work, fired, engineers, waiters, waitresses, barista, data entry clerk,
      developer, secretary, laborers, labourers, payroll, probation, promotion at work, referee
      letter, recommendation letter, workforce, talent, job board, shortlist, shortlisted`,
    hint: `
      driver, plumber, mason, teacher, cook, chef, nurse, work, skills, diploma, degree,
      experience, student, students, trainee, company hiring, salesperson, mechanic, electrician,
      application, years experience, weekends, welder, painter, finished, school, guard,
      carpenter, tailor, professional, manager position, nanny, apply`,
    never: `
      good job, great job, nice job, well done job, bad job, amazing job, excellent job, steve
      jobs, does not work, doesn t work, not working, how does this work, how does it work, hard
      work, thanks for your work, work well, good work, how work, subscription work, job well
      done, nose job, staff party, great work, nice work, homework, loan application, visa
      application, taxi driver, with driver`,
  },
  fr: {
    sure: `
      emploi, emplois, offre d'emploi, offres d'emploi, recherche d'emploi, cherche du travail,
      cherche travail, trouver du travail, demande d'emploi, embauche, embauchez, embaucher,
      recrute, recrutons, recruter, recrutez, recrutement, postuler, poste vacant, candidature,
      candidatures, chômage, chômeur, boulot, cherche un stage, stage en, stage, stagiaire, lettre
      de motivation, femme de ménage, bonne à tout faire, temps partiel, temps plein, job, jobs,
      job étudiant, besoin de travail, veux travailler, gagner ma vie, gagner sa vie, gagner de
      l'argent, engager, je peux travailler, ai besoin de travailler, petit boulot, petits
      boulots, poste de serveur, ouverture de poste, qui a postulé, ont postulé, avez-vous du
      travail, poste disponible, sans emploi, prenez des stagiaires, entretien, recrutent,
      licencié, licenciée, perdu mon emploi, perdu mon travail, garde des enfants, garde
      d'enfants, (cherche|besoin|recrute|cherchons)
      (serveurs|serveuses|cuisiniers|gardiens|chauffeurs|ouvriers|comptable|nounou|femme de
      ménage|maçons|vendeuse|vendeur|secrétaire), complément de revenu`,
    likely: `
      cv, curriculum, salaire, poste, candidat, candidats, employeur, employé, entretien
      d'embauche, travailler comme, travail, caissière, serveuse, gardien, veilleur, agent de
      sécurité, agents de sécurité, nounou, comptable, réceptionniste, ouvrier, main d'oeuvre,
      travaille comme, soudeur, jardinier, ménagère, domestique, serveur, sentinelle, années
      d'expérience, ans d'expérience, revenu, apprenti, apprentissage, gardiennage, vigile,
      bénévole, cuisinière expérimentée, postes, métier, carrière, journalier, engager un, engager
      une, ingénieurs, ingénieur, serveurs, secrétaire de direction, vendeuse, développeur,
      caissier, contrat à durée, cdi, cdd, main-d'oeuvre, annonceur d'emploi, retenu pour`,
    hint: `
      chauffeur, maçon, plombier, professeur, enseignant, cuisinier, infirmier, diplôme,
      expérience, étudiant, comptabilité, secrétaire, mécanicien, frère, école, disponible
      immédiatement, travailler, compétences`,
    never: `
      bon travail, beau travail, bon boulot, super boulot, beau boulot, bravo pour le travail,
      excellent travail, bon job, poste de police, chauffeur pour, avec chauffeur`,
  },
  sw: {
    sure: `
      natafuta kazi, tafuta kazi, kutafuta kazi, nahitaji kazi, nataka kazi, naomba kazi, nafasi
      ya kazi, nafasi za kazi, ajira, ~ajiri, mnaajiri, maombi ya kazi, ombi la kazi, sina kazi,
      kazi ya muda, tangaza kazi, kibarua, vibarua, mafunzo kazini, internship, msichana wa kazi,
      dada wa kazi, mfanyakazi wa ndani, barua ya maombi, kuomba kazi, walioomba kazi, walioomba
      nafasi, mtu wa kunipa kazi, kunipa kazi, kupata kazi, nipate kazi, natafuta mfanyakazi,
      nahitaji mfanyakazi, kipato, kujikimu, mnahitaji wafanyakazi, kazi yoyote, nafasi ya ajira,
      ninaomba kazi, wanaotafuta kazi, nimefukuzwa kazi, nimefukuzwa kazini, nimeachishwa kazi,
      nimepoteza kazi, kazi ya uhandisi, (natafuta|nahitaji|tunahitaji|naajiri)
      (wahudumu|wafanyakazi|walinzi|madereva|wapishi|vibarua|mlinzi|mpishi|yaya|dereva wa
      kuajiri|mhasibu|mwalimu), kupata ajira`,
    likely: `
      kazi, mfanyakazi, wafanyakazi, mshahara, cv, wasifu, mwajiri, mlinzi, yaya, udereva,
      uhasibu, mhasibu, ualimu, usaili, mwombaji, waombaji, mhudumu wa mgahawa, mpishi, fundi
      ujenzi, kuomba nafasi, walimu, fundi rangi, mkulima wa bustani, mlezi wa watoto, kujitolea,
      walioomba, msaidizi, wasaidizi, kibarua cha, bawabu, mfanya usafi, karani, mhudumu, kazini,
      nimefukuzwa, uhandisi, mhandisi, wahandisi, wahudumu, katibu, muuzaji wa duka, mkataba wa
      kazi, vibali vya kazi`,
    hint: `dereva, mwalimu, muuguzi, uzoefu, cheti, wanafunzi, nafasi, mwanafunzi, vijana`,
    never: `
      kazi nzuri, kazi njema, kazi safi, hongera kwa kazi, haifanyi kazi, inafanya kazi,
      inafanyaje kazi, yafanya kazi, hufanyaje kazi, siku ya kazi, nafasi ya meza, weka nafasi`,
  },
  rw: {
    sure: `
      akazi, ndashaka akazi, gushaka akazi, gusaba akazi, nasaba akazi, imyanya y'akazi, umwanya
      w'akazi, gutanga akazi, mutanga akazi, umushomeri, abashomeri, ubushomeri, stage,
      kwimenyereza, umwimenyerezo, umukozi wo mu rugo, abakozi bo mu rugo, gukoresha umukozi,
      dushaka abakozi, turashaka abakozi, nshaka akazi, nkeneye umukozi, nkeneye abakozi, ndashaka
      umukozi, ibaruwa isaba, ikiraka, ibiraka, umuyaya, yaya, job, nta kazi mfite, nta kazi,
      mutanga kazi, abasabye akazi, akazi natanze, kwaka akazi, aho nakora, nakora he, icyo
      nakora, nkabona amafaranga, gukorera amafaranga, akazi k, abakandida, uwo nkoresha, umukozi
      ukora, uwita ku mwana, wita ku mwana, ukora mu rugo, nirukanywe ku kazi, nirukanywe, nabuze
      akazi, natakaje akazi, ku kazi nshaka, (nkeneye|ndashaka|dushaka|turashaka|nshaka)
      (abaseriveri|abakarani|abazamu|abashoferi|abatetsi|abayede|abafundi|umuserveri|umuzamu|umukarani|umutetsi|umwarimu|umubaruramari)`,
    likely: `
      umukozi, abakozi, umushahara, umuzamu, cv, ubusabe bw'akazi, umukoresha, ubukanishi,
      ubwubatsi, umufundi, umuyede, kwakira abantu, ikizamini cy'akazi, uburambe mu kazi,
      abasabye, uwasabye, kazi, gukora muri, umusuderi, umukarani, umuzamu wa nijoro, abarimu,
      umuforomo, gukora isuku, umutekano, uwita ku bana, uwiga umwuga, abakorerabushake, umwuga,
      abaseriveri, abenjeniyeri, injeniyeri, umuseriveri, umunyamabanga, abayede, akandi kazi,
      amasezerano y'akazi, ku kazi, kampani zishaka`,
    hint: `
      umushoferi, gutwara imodoka, umwarimu, umutetsi, umubaruramari, uburambe, impamyabumenyi,
      abanyeshuri, umunyeshuri, umucungamutungo, umusekirite, gusaba`,
    never: `
      akazi keza, akazi kanyu ni keza, mukora akazi keza, wakoze akazi keza, umukozi wanyu,
      umukozi wa banki, akazi gakomeye`,
  },
};
