"""What travels and what is stored: records, table schemas, reject reasons."""
