"""What people and machines say about a recording: segments, turns, words, and how far two accounts agree."""
