"""Speed measured on generated provinces."""
