"""The stageovereenkomst: its text, who fills what, what the law says, and who signs."""
