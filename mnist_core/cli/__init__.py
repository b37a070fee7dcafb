"""The command line, a file for each command; `parser` names the options and calls the command."""
