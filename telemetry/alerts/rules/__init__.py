"""The alert rules: each looks at a team's facts and answers, without a clock or a store."""
