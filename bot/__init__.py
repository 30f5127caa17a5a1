"""The Slack process: what people see and press. The only package that knows Slack."""
