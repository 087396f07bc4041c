"""What the demo's bot said: its chat, and a mailbox beside it."""
