"""Questions the register answers: a month, the desk, an agenda, a list; each as frozen figures."""
