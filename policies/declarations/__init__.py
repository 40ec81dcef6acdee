"""What staff declare: links with pupils and parents, departures from the policy, use of name and logo."""
