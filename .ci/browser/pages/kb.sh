# The web site of the knowledge base.
"$kcc" --db "$db" kb export site --as html --title "Questions and answers" --quiet
