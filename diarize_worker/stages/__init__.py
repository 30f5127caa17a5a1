"""The stages of a clip, one callable and one frozen config each."""
