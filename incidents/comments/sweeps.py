"""What time does to comments: each sweep may run twice, and costs what is due."""
