"""What is decided and kept about the school's network: blocked sites, openings, measures, the yearly statement."""
