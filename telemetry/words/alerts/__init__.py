"""What alerts say: sentences from the figures of the rule that opened them."""
