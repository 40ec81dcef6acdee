"""What time does to reviews: each sweep may run twice, and costs what is due."""
