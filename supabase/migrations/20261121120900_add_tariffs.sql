-- What quotes and fares are computed from, and where places are. Prices are in the currency named with
-- them, coordinates in degrees.

do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into public.app_config (key, value) values
    ('insurance_tariffs', '{
      "currency": "RWF", "yearly": {"car": 50000, "motorcycle": 25000, "truck": 100000},
      "covers": {"third_party": 1, "comprehensive": 2}
    }'),
    ('ride_tariffs', '{"currency": "RWF", "base": 500, "per_km": 200}'),
    ('known_places', '{
      "Kigali": {"latitude": -1.9441, "longitude": 30.0619, "aliases": ["kgl", "kigali city", "umujyi wa kigali"]},
      "Gasabo": {"latitude": -1.8833, "longitude": 30.1167, "aliases": []},
      "Kicukiro": {"latitude": -1.9986, "longitude": 30.1131, "aliases": []},
      "Nyarugenge": {"latitude": -1.9706, "longitude": 30.0444, "aliases": ["downtown", "town", "mu mujyi", "centre ville"]},
      "Kimironko": {"latitude": -1.9497, "longitude": 30.1261, "aliases": ["kimironko market"]},
      "Remera": {"latitude": -1.9581, "longitude": 30.1119, "aliases": ["giporoso"]},
      "Kacyiru": {"latitude": -1.9356, "longitude": 30.0842, "aliases": []},
      "Nyamirambo": {"latitude": -1.9847, "longitude": 30.0394, "aliases": ["biryogo"]},
      "Gikondo": {"latitude": -1.9767, "longitude": 30.0747, "aliases": []},
      "Nyabugogo": {"latitude": -1.9400, "longitude": 30.0447, "aliases": ["nyabugogo bus park", "gare de nyabugogo"]},
      "Kanombe": {"latitude": -1.9686, "longitude": 30.1394, "aliases": ["airport", "kigali airport", "aeroport", "ikibuga cy indege"]},
      "Gisozi": {"latitude": -1.9206, "longitude": 30.0608, "aliases": []},
      "Kibagabaga": {"latitude": -1.9308, "longitude": 30.1158, "aliases": []},
      "Nyarutarama": {"latitude": -1.9297, "longitude": 30.1025, "aliases": []},
      "Kabuga": {"latitude": -1.9764, "longitude": 30.2247, "aliases": []},
      "Musanze": {"latitude": -1.4998, "longitude": 29.6347, "aliases": ["ruhengeri"]},
      "Rubavu": {"latitude": -1.7028, "longitude": 29.2569, "aliases": ["gisenyi"]},
      "Huye": {"latitude": -2.5967, "longitude": 29.7394, "aliases": ["butare"]},
      "Muhanga": {"latitude": -2.0845, "longitude": 29.7566, "aliases": ["gitarama"]},
      "Rusizi": {"latitude": -2.4846, "longitude": 28.9075, "aliases": ["cyangugu", "kamembe"]},
      "Karongi": {"latitude": -2.0603, "longitude": 29.3478, "aliases": ["kibuye"]},
      "Nyagatare": {"latitude": -1.2978, "longitude": 30.3275, "aliases": []},
      "Rwamagana": {"latitude": -1.9487, "longitude": 30.4347, "aliases": []},
      "Kayonza": {"latitude": -1.8814, "longitude": 30.6514, "aliases": []},
      "Ngoma": {"latitude": -2.1597, "longitude": 30.5427, "aliases": ["kibungo"]},
      "Kirehe": {"latitude": -2.2667, "longitude": 30.6500, "aliases": ["nyakarambi"]},
      "Bugesera": {"latitude": -2.1400, "longitude": 30.0872, "aliases": ["nyamata"]},
      "Nyanza": {"latitude": -2.3519, "longitude": 29.7509, "aliases": ["nyabisindu"]},
      "Ruhango": {"latitude": -2.2325, "longitude": 29.7806, "aliases": []},
      "Kamonyi": {"latitude": -2.0050, "longitude": 29.9058, "aliases": ["ruyenzi"]},
      "Nyamagabe": {"latitude": -2.4786, "longitude": 29.5656, "aliases": ["gikongoro"]},
      "Nyaruguru": {"latitude": -2.7000, "longitude": 29.5400, "aliases": ["kibeho"]},
      "Gisagara": {"latitude": -2.6089, "longitude": 29.8383, "aliases": ["ndora"]},
      "Rulindo": {"latitude": -1.7292, "longitude": 29.9944, "aliases": ["base"]},
      "Gakenke": {"latitude": -1.6892, "longitude": 29.7847, "aliases": []},
      "Burera": {"latitude": -1.4681, "longitude": 29.8439, "aliases": ["cyanika"]},
      "Gicumbi": {"latitude": -1.5763, "longitude": 30.0675, "aliases": ["byumba"]},
      "Gatsibo": {"latitude": -1.5917, "longitude": 30.4500, "aliases": ["kabarore"]},
      "Ngororero": {"latitude": -1.8647, "longitude": 29.6281, "aliases": []},
      "Nyabihu": {"latitude": -1.6528, "longitude": 29.5069, "aliases": ["mukamira"]},
      "Rutsiro": {"latitude": -1.9386, "longitude": 29.3261, "aliases": ["gihango"]},
      "Nyamasheke": {"latitude": -2.3486, "longitude": 29.0892, "aliases": ["kagano"]}
    }')
  on conflict (key) do nothing;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;
