"""Rules of 支援措置 and 抑止: values in, decisions out; no database, no clock."""
