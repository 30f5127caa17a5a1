"""A Slack-compatible workspace in one process, for the demo and the tests. It imports nothing else of this project."""
