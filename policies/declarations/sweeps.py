"""What time does to declarations: each sweep may run twice, and costs what is due."""
