"""Writes the prices of 20 stocks, 1990 to 2022, that come with skfolio (pip install --no-deps skfolio) as prices.csv beside this
file. The quotes have no stated source, so Qupel does not hold them."""
import gzip
import importlib.util
import pathlib

package = pathlib.Path(importlib.util.find_spec("skfolio").origin).parent
text = gzip.open(package / "datasets" / "data" / "sp500_dataset.csv.gz", "rt").read()
(pathlib.Path(__file__).parent / "prices.csv").write_text(text)
