"""What is typed and chosen on the pages of the figures (入力)."""
