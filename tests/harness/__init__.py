"""Black-box tests of the server: it is started as a program and spoken to over HTTP."""
