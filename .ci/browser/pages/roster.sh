# The pages of the demo's roster: teams, agents, the wall, and its one page.
"$kcc" --db "$db" --now 2026-11-22T12:00:00+01:00 --quiet roster export 1 --what pages,wall --dir roster
