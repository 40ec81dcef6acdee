"""Read and understood: who has, who has not, and who may therefore run an account."""
