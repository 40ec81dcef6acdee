"""The pages of this room: all of them end an idle session sooner, and keep nothing aside."""
