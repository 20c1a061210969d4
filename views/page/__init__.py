"""Parts, layout and assets of the network page; `views.network` puts them together."""
