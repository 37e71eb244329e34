# Reports, the monthly pack, the dashboard, and the pages of causes and channels.
k() { "$kcc" --db "$db" --now 2026-11-22T12:00:00+01:00 --quiet "$@"; }
k report kpi --month 2026-10 -o kpi.html
k report leadtime --from 2026-10-01 -o leadtime.html
k report subject --month 2026-10 --lang nl -o onderwerp.html
k report dashboard -o dashboard.html
k report pack --month 2026-10 -o pack
k inform department permits -o department.html
k channel mix -o channels.html
printf '{"kpi.html": 4, "leadtime.html": 1, "department.html": 1}\n' > expect.json
