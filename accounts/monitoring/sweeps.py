"""What time does to monitoring: each sweep may run twice, and costs what is due."""
