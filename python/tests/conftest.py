import signal

# A shell that starts the tests in the background tells them to ignore Ctrl-C, and so their children, whose interruption is tested.
signal.signal(signal.SIGINT, signal.default_int_handler)
