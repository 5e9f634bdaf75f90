"""What residents go through, drawn from what happened (ジャーニーマップ). See README.md."""
