"""What the app can do for a person, as verbs without Slack's types."""
