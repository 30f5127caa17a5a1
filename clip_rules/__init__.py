"""Rules about clips that the bot and the worker share. Pure: no network, no database."""
