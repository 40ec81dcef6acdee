"""What time does to assurance: each sweep may run twice, and costs what is due."""
