"""What time does to education: each sweep may run twice, and costs what is due."""
