"""What people type on the pages of aptitude, one file for each subject."""
