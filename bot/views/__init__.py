"""What people see: pure builders, data in, messages and blocks out."""
