"""What a row of indicators says, and what was reached of it by a scoring profile."""
