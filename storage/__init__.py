"""The database behind plain classes. The bot and the worker meet only here."""
