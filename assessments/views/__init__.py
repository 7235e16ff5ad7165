"""Pages by use case: bank and reviewing (staff), student, company, marks, the form."""
