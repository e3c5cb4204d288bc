"""Fetches the page at a web address, for the corpus; safe against addresses inside the network.

The address is chosen by a user, but the request comes from this server. So the server connects only
to public addresses, and to networks that the setting `link_networks` names.
"""
