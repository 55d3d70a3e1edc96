"""The words that the checks go by: one file a language, and those of dates, money and carriers. Tables, and no reasoning."""
