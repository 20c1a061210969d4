"""Write the sample city of Chenglan (澄澜市): invented, reproducible, about 400 enterprises.

`python -m loaders.samples.build_chenglan [-o FOLDER]` rewrites the CSV files of the sample. Every
name and number is invented; names carry （虚构） and every row says so in 来源.
"""

import argparse
from pathlib import Path

from loaders.samples.chenglan_book import Book
from loaders.samples.chenglan_events import write_events
from loaders.samples.chenglan_figures import write_figures, write_scope
from loaders.samples.chenglan_firms import found_firms, write_firms, write_goods, write_places
from loaders.samples.chenglan_institutions import write_institutions
from loaders.samples.chenglan_leagues import write_leagues, write_posts
from loaders.samples.chenglan_orders import write_orders, write_projects
from loaders.samples.chenglan_party import organize, write_pairings
from loaders.samples.chenglan_services import (
    write_actions,
    write_claims,
    write_finance,
    write_needs,
    write_resources,
    write_visits,
)
from loaders.samples.chenglan_trade import trade, write_chains, write_cooperation, write_market

FOLDER = Path(__file__).parent / "chenglan"


def build() -> Book:
    """Return every sheet of the city; the same sheets every time."""
    book = Book()
    firms = found_firms()
    write_scope(book)
    write_institutions(book)
    write_chains(book, firms)
    write_goods(book)
    own = organize(book, firms)
    write_firms(book, firms)
    write_places(book, firms)
    market = trade(firms)
    write_market(book, market)
    write_cooperation(book, firms, market)
    write_leagues(book, firms, own)
    write_posts(book, firms)
    write_pairings(book, own)
    write_needs(book, firms)
    write_resources(book)
    write_actions(book)
    write_claims(book, firms)
    write_finance(book, firms)
    write_visits(book, firms)
    write_orders(book, firms)
    write_projects(book)
    write_events(book, firms)
    write_figures(book, firms)
    return book


def main() -> None:
    """Write the sheets into the folder that the command line names."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("-o", "--output", type=Path, default=FOLDER, help="folder to write into")
    build().write(parser.parse_args().output)


if __name__ == "__main__":
    main()
