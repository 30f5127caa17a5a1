"""The course as data, and the pure rules of a learner's way through it. No clock, no network, no vendor."""
