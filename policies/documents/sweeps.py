"""What time does to documents: each sweep may run twice, and costs what is due."""
