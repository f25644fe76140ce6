"""Pictures of a telephone's screen: what stands where, and what the letters say. Imported by `screenshots` alone, and only for a picture."""
