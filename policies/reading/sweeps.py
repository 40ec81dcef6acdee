"""What time does to reading: each sweep may run twice, and costs what is due."""
