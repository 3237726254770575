"""Vietnamese values, one small file for each kind of value, each with the clause its rule comes from."""
