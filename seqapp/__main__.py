"""The command `seqapp` as a module: python -m seqapp."""

from seqapp.command_line.seqapp_command import main

if __name__ == "__main__":
    main()
