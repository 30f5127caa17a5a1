"""Lab personas: one protocol, an Anthropic adapter and a scripted guide."""
