"""What comes in: reports of inappropriate content, and attempts to get round the firewall."""
