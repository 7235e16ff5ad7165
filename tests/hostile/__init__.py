"""Files that mean harm, made by code: nothing of them lies in the repository as it is."""
