"""What time does to training: each sweep may run twice, and costs what is due."""
