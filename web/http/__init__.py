"""What every answer needs: who asks, where from, ETags, errors, files, events."""
