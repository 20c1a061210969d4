"""The few numeric cores that need compiled loops: arrays in, arrays out, no kinds and no files."""
