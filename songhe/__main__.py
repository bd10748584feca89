"""`python -m songhe` is the command `songhe`."""

from songhe.cli.main import main

if __name__ == "__main__":
    main()
