"""What an org's administrators have set up: rules that refuse, reassign and rewrite records."""
