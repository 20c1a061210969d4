"""What a graph of industrial chains and alliances is; imports nothing else of this project."""
