"""An island day without a line (島の日): sealed, carried, brought home."""
