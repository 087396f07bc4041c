"""One pull: cursor minus overlap, fetch, translate, write, recompute; resumable and idempotent."""
