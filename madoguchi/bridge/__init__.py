"""The small agent beside the browser that speaks to the card reader (カード読取りの仲立ち)."""
