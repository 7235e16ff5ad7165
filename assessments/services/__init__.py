"""What may be done: handing out and in, evidence, assessments, marks, the form."""
