"""Tests of what is decided and kept about the network."""
